"""allauth's forms in our words and our look."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as factor
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

STRENGTH = _("至少 10 个字符，不能全是数字，不能与用户名、邮箱相近，也不能是常见密码。")


class Plain:
    """A form whose fields carry our labels and helps and no placeholders.

    A field named in `words` gets that label, and in `helps` that help; any other keeps its own.
    """

    words: dict[str, Any] = {}
    helps: dict[str, Any] = {}
    theirs = True  # whether the form's own helps are allauth's, and dropped
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.words.get(name, field.label)
            field.help_text = self.helps.get(name, "" if self.theirs else field.help_text)
            field.widget.attrs.pop("placeholder", None)


class Login(Plain, account.LoginForm):
    """Signing in."""

    words = {"login": _("用户名或邮箱"), "password": _("密码")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}


class ChangePassword(Plain, account.ChangePasswordForm):
    """Another password; the one that held so far is asked."""

    words = {"oldpassword": _("当前密码"), "password1": _("新密码"), "password2": _("再次输入新密码")}
    helps = {"password1": STRENGTH}


class ResetPassword(Plain, account.ResetPasswordForm):
    """Asking for a link. Only a confirmed e-mail gets one: an address mistyped once must not open the account."""

    words = {"email": _("账号邮箱")}

    def clean_email(self) -> str:
        """The address; whose it is stays with us."""
        email: str = self.cleaned_data["email"].lower()
        rows = EmailAddress.objects.filter(email=email, verified=True, user__is_active=True).select_related("user__person")
        self.users = [row.user for row in rows]
        return email


class NewPassword(Plain, account.ResetPasswordKeyForm):
    """The new password after a reset."""

    words = {"password1": _("新密码"), "password2": _("再次输入新密码")}
    helps = {"password1": STRENGTH}


class Confirm(Plain, account.ReauthenticateForm):
    """The password once more, before a change of the account's security."""

    words = {"password": _("密码")}


class ChangeEmail(Plain, account.AddEmailForm):
    """Another e-mail, which counts once it is confirmed."""

    words = {"email": _("新邮箱")}


class OnceOnly:
    """A code of an authenticator app opens once, whichever of our processes it is sent to (T10)."""

    authenticator: Authenticator

    def clean_code(self) -> str:
        """The code, when it is right and was not used before."""
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP:
            bare = "".join(code.split())
            with transaction.atomic():
                row = Authenticator.objects.select_for_update().get(pk=self.authenticator.pk)
                used = row.data.get("used", [])
                if bare in used:
                    raise get_adapter().validation_error("incorrect_code")
                row.data["used"] = [*used, bare][-5:]
                row.save(update_fields=["data"])
        return code


_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "autocapitalize": "none"}


class Code(OnceOnly, Plain, factor.AuthenticateForm):
    """The second factor at sign-in."""

    words = {"code": _("验证码")}
    helps = {"code": _("输入身份验证器显示的 6 位数字；手机不在身边时，可输入一个未用过的备用码。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= _CODE


class ConfirmCode(OnceOnly, Plain, factor.ReauthenticateForm):
    """The second factor once more."""

    words = Code.words
    helps = Code.helps

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= _CODE


class ActivateCode(Plain, totp.ActivateTOTPForm):
    """The first code of a new authenticator app."""

    words = {"code": _("验证器显示的 6 位数字")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= _CODE
