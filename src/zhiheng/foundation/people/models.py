"""Units, persons, accounts and the roles granted to them (L1)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from zhiheng.foundation import entropy
from zhiheng.rules.lifecycle import Role


def new_code() -> str:
    """A pseudonymous code for a person: it appears in the journal in place of the name."""
    return "p-" + entropy.token(6)


def new_salt() -> str:
    """A salt for digests of personal data."""
    return entropy.token(16)


class Unit(models.Model):
    """A unit that acts: the office, a recommender, a department, the agency."""

    code = models.CharField("代码", max_length=40, unique=True)
    kind = models.CharField("类别", max_length=30, choices=[(r.value, r.value) for r in Role])
    name = models.CharField("名称", max_length=120)
    city = models.CharField("所在市", max_length=40, blank=True)
    contact = models.CharField("对外联系方式", max_length=200, blank=True)  # in notices: where objections go
    active = models.BooleanField("在用", default=True)

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """A natural person. Only a keyed digest of the ID number is kept; erasing name and salt leaves the journal intact."""

    code = models.CharField("代码", max_length=40, unique=True, default=new_code)
    name = models.CharField("姓名", max_length=60)
    id_digest = models.CharField("证件号摘要", max_length=64, blank=True, db_index=True)
    id_mask = models.CharField("证件号（掩码）", max_length=24, blank=True)
    employer = models.CharField("工作单位", max_length=120, blank=True)
    contact = models.CharField("联系方式", max_length=120, blank=True)
    salt = models.CharField(max_length=64, default=new_salt)

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    """Creates accounts."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> Account:
        """A new account with a hashed password; without one nobody can sign in by password."""
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A sign-in. It carries no rights: those are the role grants of its person."""

    username = models.CharField("用户名", max_length=60, unique=True)
    email = models.EmailField("邮箱", blank=True)
    person = models.OneToOneField(Person, models.CASCADE, null=True, blank=True, related_name="account")
    is_active = models.BooleanField("启用", default=True)

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"


class RoleGrant(models.Model):
    """A role held by a person, for a unit and a cycle (empty: every cycle), from an act until revoked by an act."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="grants")
    role = models.CharField("角色", max_length=30, choices=[(r.value, r.value) for r in Role])
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="grants")
    cycle = models.CharField("周期", max_length=40, blank=True)
    granted_at = models.DateTimeField("授予时间")
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "unit", "cycle"],
                condition=Q(revoked_at=None),
                nulls_distinct=False,
                name="one_open_grant",
            ),
            models.CheckConstraint(condition=Q(role__in=[r.value for r in Role]), name="known_role"),
        ]


def new_nonce() -> str:
    """Chance from which an invitation's link is made; useless without the server's key."""
    return entropy.token(16)


class Invitation(models.Model):
    """An account offered to a person together with a role: taken up once, by a link sent by mail, within a term.

    The link's token is made from `nonce` and the server's key and is kept nowhere; `digest` recognizes it.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="invitations")
    email = models.EmailField("邮箱")
    role = models.CharField("角色", max_length=30, choices=[(r.value, r.value) for r in Role])
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    cycle = models.CharField("周期", max_length=40, blank=True)
    nonce = models.CharField(max_length=64, default=new_nonce)
    digest = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("邀请时间")
    expires_at = models.DateTimeField("有效期至")
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    accepted_at = models.DateTimeField("接受时间", null=True, blank=True)
    revoked_at = models.DateTimeField("撤回时间", null=True, blank=True)
