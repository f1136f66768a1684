"""How allauth does things here: no sign-up of its own, mails with our address in our words, second factors encrypted at rest."""

from __future__ import annotations

import logging
from io import BytesIO
from smtplib import SMTPException
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.accounts.lockout import address_of
from zhiheng.faces.shared.context import FALLBACK, current_cycle
from zhiheng.foundation import clock
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.sealing import seal, unseal

logger = logging.getLogger(__name__)


def name_of(user: Any) -> str:
    """What a page calls the account's holder."""
    person = getattr(user, "person", None)
    return person.name if person else user.get_username()


def award_name() -> str:
    """Whose site this is, as mails and authenticator apps name it."""
    cycle = current_cycle()
    return rules_of(cycle).award_name if cycle else str(FALLBACK)


def absolute(path: str) -> str:
    """The path under the configured address: what a request says of its host never reaches a mail (T10)."""
    return f"{settings.ZHIHENG_SITE_URL}{path}"


def proved_lately(request: HttpRequest) -> bool:
    """Whether the holder has shown within the term, by signing in or by confirming, who they are."""
    records = get_authentication_records(request, request.user)
    proofs = [float(r["at"]) for r in records if r.get("method") in ("password", "mfa")]
    return bool(proofs) and clock.real().timestamp() - max(proofs) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


class AccountAdapter(DefaultAccountAdapter):
    """Passwords, e-mail, sessions."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("该账号已停用，请联系系统管理员。"),
        "duplicate_email": _("该邮箱已是您的账号邮箱。"),
        "enter_current_password": _("当前密码不正确。"),
        "incorrect_code": _("验证码不正确或已使用，请输入最新的验证码。"),
        "incorrect_password": _("密码不正确。"),
        "invalid_password_reset": _("重置链接无效或已使用。"),
        "too_many_login_attempts": _("尝试次数过多，请 15 分钟后再试。"),
        "username_password_mismatch": _("用户名（邮箱）或密码不正确。"),
        "email_password_mismatch": _("用户名（邮箱）或密码不正确。"),
        "username_taken": _("该用户名已被使用，请另选一个。"),
        "rate_limited": _("操作过于频繁，请稍后再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Never: accounts come by invitation or by the applicant's registration, both of them acts."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address, as the lock-out counts it."""
        return address_of(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:  # noqa: ARG002
        """By what was typed only: allauth would add the host, which the client writes."""
        return f"login:{credentials.get('username') or credentials.get('email') or ''}".lower()

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:  # noqa: ARG002
        """Not within the term after signing in: what was just proved is not asked again."""
        return not proved_lately(context.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to confirm who one is, in our words."""
        words = {
            "reauthenticate": gettext("用密码确认"),
            "mfa_reauthenticate": gettext("用动态验证码或备用码确认"),
            "mfa_reauthenticate:webauthn": gettext("用通行密钥确认"),
        }
        return [method | {"description": words[method["id"]]} for method in super().get_reauthentication_methods(user)]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """Back to the overview."""
        return reverse("accounts:home")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:  # noqa: ARG002
        """To the overview, by way of signing in where needed."""
        return reverse("accounts:home")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of a password reset, under our own address."""
        uid, _dash, token = key.partition("-")
        return absolute(reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token}))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:  # noqa: ARG002
        """The link that confirms an e-mail, under our own address."""
        return absolute(reverse("account_confirm_email", args=[emailconfirmation.key]))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """One plain text, without anything that the request says of its host. A mail that cannot leave stops no page (X10)."""
        words = {key: value for key, value in context.items() if key != "request"}
        words |= {"email": email, "award_name": award_name(), "site_url": settings.ZHIHENG_SITE_URL}
        post(template_prefix, email, words)


def post(template: str, to: str, words: dict[str, Any]) -> bool:
    """Send the mail of `<template>_subject.txt` and `<template>_message.txt`; False, and a line in the log, when it could not leave.

    In Chinese, whatever language the page is read in that causes it: its reader is somebody else.
    """
    with translation.override(settings.LANGUAGE_CODE):
        subject = " ".join(render_to_string(f"{template}_subject.txt", words).split())
        body = render_to_string(f"{template}_message.txt", words).strip() + "\n"
    try:
        EmailMessage(f"【{words['award_name']}】{subject}", body, settings.DEFAULT_FROM_EMAIL, [to]).send()
    except (OSError, SMTPException) as error:
        logger.error("mail not sent: %s: %s", template, type(error).__name__)  # never the address
        return False
    return True


class FactorAdapter(DefaultMFAAdapter):
    """Second factors."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("验证码不正确或已使用，请输入最新的验证码。"),
        "unverified_email": _("请先确认您的邮箱，再启用二次验证。"),
    }

    def get_totp_label(self, user: Any) -> str:
        """The account's name in an authenticator app."""
        return str(user.get_username())

    def get_totp_issuer(self) -> str:
        """Whose account it is in an authenticator app."""
        return award_name()

    def _get_site_name(self) -> str:
        return award_name()

    def build_totp_svg(self, url: str) -> str:
        """The QR code that an authenticator app scans."""
        drawn = BytesIO()
        segno.make(url, error="m").save(drawn, kind="svg", scale=5, border=4, light="#fff", xmldecl=False)
        return drawn.getvalue().decode()

    def encrypt(self, text: str) -> str:
        """Secrets of second factors lie encrypted in the database."""
        return seal("factor", text)

    def decrypt(self, encrypted_text: str) -> str:
        """The counterpart."""
        return unseal("factor", encrypted_text)

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's signature
        """A name to begin with."""
        return gettext("通行密钥 %(number)s") % {"number": Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Sign-in by an OpenID Connect provider: it opens accounts that exist, and makes none."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "connected_other": _("该统一身份已关联其他账号。"),
        "disconnect_last": _("不能取消最后一个关联。"),
        "no_password": _("账号尚未设置密码，不能取消关联。"),
        "no_verified_email": _("账号没有已确认的邮箱，不能取消关联。"),
    }

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 - allauth's signature
        """Never: an identity elsewhere gives no business here."""
        return False

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:  # noqa: ARG002
        """Only for an e-mail that its holder has confirmed here too; else whoever typed it first would be taken for them."""
        return EmailAddress.objects.filter(email=email.lower(), verified=True).exists()
