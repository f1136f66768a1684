"""The account's overview: what protects it, and what should be done next."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhiheng.faces.accounts.factor import COMPULSORY
from zhiheng.faces.accounts.signing import provider_title
from zhiheng.foundation.people.models import Account, RoleGrant

Type = Authenticator.Type


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that protects the account: how it stands (`look`: good, wait or none) and where it is changed."""

    title: str
    state: str
    look: str
    what: str
    url: str
    button: str


@dataclass(frozen=True, slots=True)
class Step:
    """What should be done first."""

    title: str
    why: str
    url: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What the account has: its addresses (confirmed first), factors by type, open sessions, and whether a factor is compulsory."""

    addresses: list[EmailAddress]
    factors: list[Authenticator]
    sessions: int
    must: bool
    password: bool

    @property
    def confirmed(self) -> EmailAddress | None:
        """The address that counts."""
        return next((a for a in self.addresses if a.verified), None)

    def of(self, kind: str) -> list[Authenticator]:
        """The factors of one type."""
        return [f for f in self.factors if f.type == kind]

    @property
    def protected(self) -> bool:
        """Whether there is a second factor."""
        return bool(self.of(Type.TOTP) or self.of(Type.WEBAUTHN))

    @property
    def codes_left(self) -> int:
        """Recovery codes not used yet."""
        return sum(len(f.wrap().get_unused_codes()) for f in self.of(Type.RECOVERY_CODES))


def overview(account: Account) -> Overview:
    """Read for the page: four queries."""
    must = (
        not settings.ZHIHENG_DEMO
        and RoleGrant.objects.filter(person=account.person, person__isnull=False, revoked_at=None, role__in=COMPULSORY).exists()
    )
    return Overview(
        list(EmailAddress.objects.filter(user_id=account.pk).order_by("-verified", "pk")),
        list(Authenticator.objects.filter(user_id=account.pk)),
        UserSession.objects.filter(user_id=account.pk).count(),
        must,
        account.has_usable_password(),
    )


def next_step(has: Overview) -> Step | None:
    """The most urgent thing, or nothing."""
    if has.must and not has.protected:
        return Step(_("启用二次验证"), _("您承担的角色须启用二次验证后方可办理业务。约需 2 分钟。"), reverse("mfa_activate_totp"))
    if not has.confirmed:
        why = _("邮箱确认后才能用于登录和找回密码。") if has.addresses else _("登记并确认邮箱后，忘记密码时可自行找回。")
        return Step(_("确认邮箱") if has.addresses else _("登记邮箱"), why, reverse("account_email"))
    if has.protected and has.codes_left < 3:
        return Step(
            _("重新生成备用码"), _("备用码所剩不多；手机或密钥不在身边时，只能用备用码登录。"), reverse("mfa_generate_recovery_codes")
        )
    return None


def rows(has: Overview) -> list[Row]:
    """The overview's lines."""
    listed = [
        _password(has),
        _email(has),
        _factor(has),
        Row(
            _("通行密钥"),
            _("%(n)s 个") % {"n": len(has.of(Type.WEBAUTHN))} if has.of(Type.WEBAUTHN) else _("未登记"),
            "good" if has.of(Type.WEBAUTHN) else "",
            _("用指纹、面容、PIN 或硬件密钥登录。"),
            reverse("mfa_list_webauthn"),
            _("管理"),
        ),
    ]
    if has.protected:
        state = _("剩 %(n)s 个") % {"n": has.codes_left}
        look = "good" if has.codes_left > 2 else "warn"
        listed.append(Row(_("备用码"), state, look, _("手机或密钥不在身边时使用。"), reverse("mfa_view_recovery_codes"), _("查看")))
    state = _("%(n)s 处") % {"n": has.sessions}
    listed.append(Row(_("登录设备"), state, "", _("查看正在登录的设备，让不认识的退出。"), reverse("usersessions_list"), _("查看")))
    if provider_title():
        what = _("用“%(name)s”登录本账号。") % {"name": provider_title()}
        listed.append(Row(_("统一身份"), _("可关联"), "", what, reverse("socialaccount_connections"), _("管理")))
    return listed


def _password(has: Overview) -> Row:
    if has.password:
        return Row(_("密码"), _("已设置"), "good", _("修改后，其他设备上的登录立即退出。"), reverse("account_change_password"), _("修改"))
    return Row(_("密码"), _("未设置"), "warn", _("经账号邮箱设置。"), reverse("account_set_password"), _("设置"))


def _email(has: Overview) -> Row:
    if has.confirmed:
        return Row(_("账号邮箱"), _("已确认"), "good", has.confirmed.email, reverse("account_email"), _("更换"))
    if has.addresses:
        return Row(_("账号邮箱"), _("待确认"), "warn", has.addresses[0].email, reverse("account_email"), _("确认"))
    return Row(_("账号邮箱"), _("未登记"), "warn", _("用于登录、找回密码和接收安全提醒。"), reverse("account_email"), _("登记"))


def _factor(has: Overview) -> Row:
    what = _("登录时除密码外再验证一次。")
    if has.protected:
        return Row(_("二次验证"), _("已启用"), "good", what, reverse("mfa_index"), _("管理"))
    state, look = (_("须启用"), "warn") if has.must else (_("未启用"), "")
    return Row(_("二次验证"), state, look, what, reverse("mfa_index"), _("启用"))


@require_safe
@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The page."""
    account = request.user
    assert isinstance(account, Account)
    has = overview(account)
    return render(request, "accounts/home.html", {"person": account.person, "rows": rows(has), "next_step": next_step(has)})
