"""The forms by which an account is opened."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.accounts.forms import STRENGTH, Plain
from zhiheng.foundation.administration import accounts, people

ID_HELP = _("居民身份证或其他有效证件。系统只保存不可还原的摘要，不保存号码本身。")
EMAIL_HELP = _("用于找回密码和接收办理提醒，须打开确认邮件后生效。")
NAME_HELP = _("2 至 40 个小写字母、数字、点、下划线或连字符，登录时使用。")
MUST_AGREE = _("请阅读个人信息处理说明并勾选同意。")
PLAIN_TEXT = {"autocapitalize": "none", "spellcheck": "false"}


def _text(**attributes: str) -> forms.TextInput:
    return forms.TextInput(attributes)


def _secret() -> forms.PasswordInput:
    return forms.PasswordInput({"autocomplete": "new-password"})


class Chosen(Plain, forms.Form):
    """User name and password, as somebody chooses them."""

    username = forms.CharField(label=_("用户名"), max_length=40, help_text=NAME_HELP, widget=_text(autocomplete="username", **PLAIN_TEXT))
    password1 = forms.CharField(label=_("密码"), max_length=128, strip=False, help_text=STRENGTH, widget=_secret())
    password2 = forms.CharField(label=_("再次输入密码"), max_length=128, strip=False, widget=_secret())
    once = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    theirs = False
    address = ""  # the e-mail that the password must not resemble

    def clean(self) -> dict[str, Any]:
        """Both passwords the same; name and password such as the act will take, so that the reason stands at its field."""
        data = super().clean() or self.cleaned_data
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", gettext("两次输入的密码不一致。"))
        if data.get("username") and (wrong := accounts.username_fault(data["username"])):
            self.add_error("username", wrong)
        if first and (wrong := accounts.password_fault(data.get("username", ""), first, data.get("email", self.address))):
            self.add_error("password1", wrong)
        return data


class Registration(Chosen):
    """An applicant's particulars and account."""

    field_order = ("name", "id_number", "employer", "contact", "email", "username", "password1", "password2", "agreed", "once")
    name = forms.CharField(label=_("姓名"), max_length=60, widget=_text(autocomplete="name"))
    id_number = forms.CharField(
        label=_("证件号码"), max_length=40, help_text=ID_HELP, widget=_text(autocomplete="off", autocapitalize="characters")
    )
    employer = forms.CharField(label=_("工作单位"), max_length=120, required=False, widget=_text(autocomplete="organization"))
    contact = forms.CharField(label=_("联系电话"), max_length=120, widget=_text(autocomplete="tel", inputmode="tel"))
    email = forms.EmailField(label=_("邮箱"), max_length=254, help_text=EMAIL_HELP, widget=forms.EmailInput({"autocomplete": "email"}))
    agreed = forms.BooleanField(label=_("我已阅读并同意个人信息处理说明"), error_messages={"required": MUST_AGREE})

    def clean_id_number(self) -> str:
        """Its check digits, where it has any."""
        number: str = self.cleaned_data["id_number"]
        if wrong := people.identity_fault("—", number):
            raise forms.ValidationError(wrong)
        return number
