"""The forms of passkeys and security keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.accounts.forms import Plain


class Answer(forms.JSONField):
    """What an authenticator answers. Whatever else is sent instead is no answer, and no error of ours."""

    def to_python(self, value: Any) -> Any:
        """The answer's parts; refused when it is none."""
        try:
            found = super().to_python(value) if len(value or "") <= 50_000 else None
        except (ValueError, RecursionError):
            found = None
        if value and not isinstance(found, dict):
            raise get_adapter().validation_error("incorrect_code")
        return found

    def bound_data(self, data: Any, initial: Any) -> Any:  # noqa: ARG002 - Django's signature
        """Nothing: an answer that was refused is not sent again."""
        return None

    def prepare_value(self, value: Any) -> str:  # noqa: ARG002
        """Nothing, likewise."""
        return ""


class Credential:
    """A form that takes an authenticator's answer, of any shape."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields: dict[str, forms.Field]
        self.fields["credential"] = Answer(widget=forms.HiddenInput)

    def clean_credential(self) -> Any:
        """The authenticator that answered."""
        with well_formed():
            return super().clean_credential()  # type: ignore[misc]


@contextmanager
def well_formed() -> Iterator[None]:
    """Within the block, what cannot be read as an answer is a wrong one."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class LoginKey(Credential, webauthn.LoginWebAuthnForm):
    """Signing in with a passkey."""


class FactorKey(Credential, webauthn.AuthenticateWebAuthnForm):
    """A key as the second factor."""


class ConfirmKey(Credential, webauthn.ReauthenticateWebAuthnForm):
    """A key once more."""


class AddKey(Plain, webauthn.AddWebAuthnForm):
    """A new passkey or security key."""

    words = {"name": _("名称"), "passwordless": _("可不输入密码直接登录")}
    helps = {
        "name": _("便于您辨认，例如“办公电脑”“手机”。"),
        "passwordless": _("密钥须能验证指纹、面容或 PIN。不勾选时，密钥只作为密码之后的二次验证。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = Answer(widget=forms.HiddenInput)
        self.fields["passwordless"].initial = True

    def clean(self) -> dict[str, Any]:
        """Checked against the challenge that was given."""
        with well_formed():
            return dict(super().clean())


class EditKey(Plain, webauthn.EditWebAuthnForm):
    """Another name for a key."""

    words = {"name": _("名称")}
