"""Granting and taking back roles, and registering to apply (L1)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from stdnum.cn import ric

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, act
from zhiheng.foundation.administration.accounts import account_fault, email_fault, open_account
from zhiheng.foundation.canonical import salted
from zhiheng.foundation.journal import services as journal
from zhiheng.foundation.people.models import Person, RoleGrant, Unit
from zhiheng.foundation.people.selectors import compact
from zhiheng.foundation.people.services import Newcomer, known
from zhiheng.rules.decision import Decision, no, yes
from zhiheng.rules.lifecycle import Role

#: Roles that stand for a unit: a grant of one names the unit.
OF_A_UNIT = frozenset({Role.OFFICE, Role.RECOMMENDER, Role.DEPARTMENT, Role.AGENCY})
#: Roles that may not be held together with any other by one person in one cycle.
APART = frozenset({Role.INSPECTOR, Role.ADMIN})


@transaction.atomic
def install(name: str) -> Acting:
    """Register the first system administrator of an empty installation. Raises ValueError when there is one already."""
    journal.lock(journal.PLATFORM)
    if RoleGrant.objects.filter(role=Role.ADMIN.value).exists():
        raise ValueError("系统管理员已存在，新的管理员须由现任管理员授权")
    person = Person.objects.create(name=name)
    RoleGrant.objects.create(person=person, role=Role.ADMIN.value, granted_at=clock.now())
    payload = {"person": person.code}
    journal.append(
        journal.Record(
            journal.PLATFORM,
            "act",
            "people.install",
            ("L1",),
            ("四",),
            "",
            Role.ADMIN.value,
            "",
            f"person:{person.code}",
            payload,
            clock.now(),
        )
    )
    return Acting(Role.ADMIN, person)


def grant_refusal(acting: Acting, person: Person, role: Role, unit: Unit | None) -> Decision[Any] | None:
    """Why the role may not be granted to the person; None when nothing stands against it.

    Nobody grants to themselves; a role of a unit names one of its kind; inspector and administrator stay apart from the rest.
    """
    if person == acting.person:
        return no("不得为本人授予角色，请由其他管理员办理", duty="L1")
    if role in OF_A_UNIT and unit is None:
        return no("该角色须对应具体单位，请选择单位", duty="L1")
    if role in OF_A_UNIT and unit is not None and unit.kind != role:
        return no(f"单位“{unit.name}”的类别与该角色不符，请重新选择单位", duty="L1")
    if unit is not None and not unit.active:
        return no(f"单位“{unit.name}”已停用，不能授予其人员角色", duty="L1")
    held = {Role(r) for r in person.grants.filter(revoked_at=None).values_list("role", flat=True)}
    if (held - {role}) and (role in APART or held & APART):
        return no("纪检监督、系统管理员与其他角色不得由同一人兼任", article="七(七)", duty="K7")
    return None


def give(person: Person, role: Role, unit: Unit | None, cycle: str) -> RoleGrant:
    """The grant, unless it stands already."""
    grant, _ = RoleGrant.objects.get_or_create(
        person=person, role=role.value, unit=unit, cycle=cycle, revoked_at=None, defaults={"granted_at": clock.now()}
    )
    return grant


@act("people.grant_role", "授予角色", duty=["L1"], article="四", roles=[Role.ADMIN])
def grant_role(acting: Acting, subject: None, *, person: Person, role: Role, unit: Unit | None = None, cycle: str = "") -> Outcome:
    """Grant a role to another person. Nobody grants to themselves; inspector and administrator stay apart from the rest."""
    if refusal := grant_refusal(acting, person, role, unit):
        return Outcome(refusal)
    grant = give(person, role, unit, cycle)
    payload = {"person": person.code, "role": role, "unit": unit.code if unit else "", "cycle": cycle}
    return Outcome(yes("角色已授予", duty="L1"), payload, subject=f"person:{person.code}", value=grant)


@act("people.revoke_role", "收回角色", duty=["L1"], article="四", roles=[Role.ADMIN])
def revoke_role(acting: Acting, subject: None, *, grant: RoleGrant, reason: str) -> Outcome:
    """Take a role back; it is refused from the next request on."""
    if not reason.strip():
        return Outcome(no("请填写收回角色的理由", duty="L1"))
    grant = RoleGrant.objects.select_for_update().get(pk=grant.pk)
    if grant.revoked_at:
        return Outcome(no("该角色此前已收回", duty="L1"))
    open_grants = RoleGrant.objects.filter(role=grant.role, revoked_at=None)
    if grant.role == Role.ADMIN and not open_grants.exclude(person=grant.person).exists():
        return Outcome(no("这是最后一名系统管理员，请先为他人授予该角色", duty="L1"))
    grant.revoked_at = clock.now()
    grant.save(update_fields=["revoked_at"])
    payload = {"person": grant.person.code, "role": grant.role, "reason": reason}
    return Outcome(yes("角色已收回", duty="L1"), payload, subject=f"person:{grant.person.code}")


@act("people.register", "申报用户注册", duty=["D1"], article="四(二)", roles=[Role.PUBLIC])
def register(
    acting: Acting,
    subject: None,
    *,
    name: str,
    id_number: str,
    employer: str = "",
    contact: str = "",
    username: str = "",
    password: str = "",
    email: str = "",
) -> Outcome:
    """Register a natural person who will apply or sign for an applicant; the ID number itself is not kept.

    With a user name an account is opened too, and then only for somebody not known yet: who knows an ID number must not thereby come
    into the roles of its owner. Refused for those, for who may not be an applicant beside their other role, and for whom the role was
    taken back; the text does not say which.
    """
    if wrong := identity_fault(name, id_number, employer, contact) or (username and _account_fault(username, password, email)):
        return Outcome(no(wrong, article="四(二)", duty="D1"))
    person, fresh = known(Newcomer(name, id_number, employer, contact))
    grants = person.grants.filter(revoked_at=None)
    turned_out = person.grants.filter(role=Role.APPLICANT.value).exists() and not grants.filter(role=Role.APPLICANT.value).exists()
    if turned_out or grants.filter(role__in=APART).exists() or (username and not fresh):
        return Outcome(no("暂不能以该证件号码注册，请联系省质评办", article="四(二)", duty="D1"))
    give(person, Role.APPLICANT, None, "")
    if username:
        open_account(person, username, password, email, proved=False)
    payload = {"person": person.code, "identity": salted(person.salt, person.id_digest), "fresh": fresh}
    return Outcome(yes("注册成功", duty="D1"), payload, subject=f"person:{person.code}", value=person)


def _account_fault(username: str, password: str, email: str) -> str:
    return email_fault(email) or account_fault(username, password, email)


def identity_fault(name: str, id_number: str, employer: str = "", contact: str = "") -> str:
    """What is wrong with a person's particulars, or nothing. Foreign papers have no check digit: of them only the length is known."""
    number = compact(id_number)
    if not name.strip():
        return "请填写姓名"
    if not number:
        return "请填写证件号码"
    if len(number) > 30:
        return "证件号码过长，请核对"
    if len(number) == 18 and number[:-1].isdecimal() and number[-1] != ric.calc_check_digit(number):
        return "身份证号码校验不通过，请核对"
    for title, text, most in (("姓名", name, 60), ("工作单位", employer, 120), ("联系方式", contact, 120)):
        if len(text) > most:
            return f"{title}请控制在 {most} 字以内"
    return ""
