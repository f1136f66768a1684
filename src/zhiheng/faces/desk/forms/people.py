"""Persons named in forms: known by their ID number, of which only a keyed digest is kept; forms of roles (L1)."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ELSEWHERE, ActForm, form_for
from zhiheng.faces.desk.forms.fields import SHORT
from zhiheng.foundation import clock
from zhiheng.foundation.people.invitations import standing
from zhiheng.foundation.people.models import Invitation, Person, RoleGrant, Unit
from zhiheng.process.roles import ROLES
from zhiheng.rules.lifecycle import Role

# The public's own: done before there is a desk to do it at.
ELSEWHERE["people.register"] = lambda subject, **_: reverse("accounts:register")  # noqa: ARG005 - an address of every subject
ELSEWHERE["people.accept_invitation"] = lambda subject, **_: reverse("accounts:invited")  # noqa: ARG005


class PersonField(forms.CharField):
    """A known person by code (p-…), expert code or exact name; cleans to the Person."""

    def clean(self, value: Any) -> Person | None:
        """The one person found; refused where there is none or more than one."""
        text = super().clean(value)
        if not text:
            return None
        found = list(self.candidates(text)[:2])
        if len(found) != 1:
            raise forms.ValidationError(_("未找到或有重名，请填写人员代码、专家编号或准确姓名"))
        return found[0]

    def candidates(self, text: str) -> QuerySet[Person]:
        """Who may be meant: by code first, then by name."""
        by_code = Person.objects.filter(code=text) | Person.objects.filter(expert__code=text)
        return by_code.distinct() if by_code.exists() else Person.objects.filter(name=text)


class OfPerson(ActForm):
    """Done on one person: named by the page's address, or typed. No draft: one begun on somebody else would come back."""

    given: ClassVar[tuple[str, ...]] = ("person",)
    draft = False
    said: Any = ""  # the sentence above the form once it is known who; %(name)s
    person = PersonField(label=_("人员"), max_length=60, help_text=_("人员代码、专家编号或准确姓名"))

    def build(self) -> None:
        """Who is named already need not be typed again."""
        if person := Person.objects.filter(code=self.named("person")).first():
            self.fields["person"].widget = forms.HiddenInput()
            self.lead = str(self.said) % {"name": f"{person.name}（{person.code}）"}

    def recap(self) -> list[tuple[str, str]]:
        """The person by name, in front."""
        person = self.cleaned_data["person"]
        rest = [(label, text) for label, text in super().recap() if label != str(self.fields["person"].label)]
        return [(str(_("人员")), f"{person.name}（{person.code}）"), *rest]


@form_for("people.grant_role")
class GrantRole(OfPerson):
    """A role granted."""

    lead = _("为他人授予角色。授予和收回均记入日志；纪检监督、系统管理员不得与其他角色兼任。")
    said = _("为%(name)s授予角色。授予和收回均记入日志；纪检监督、系统管理员不得与其他角色兼任。")
    given: ClassVar[tuple[str, ...]] = ("person", "role", "unit")
    role = forms.ChoiceField(label=_("角色"))
    unit = forms.ModelChoiceField(label=_("所属单位"), queryset=Unit.objects.none(), required=False)
    cycle = forms.CharField(label=_("评审周期"), max_length=40, required=False, help_text=_("留空即不限周期"))

    def build(self) -> None:
        """All roles but the public; the units in use."""
        super().build()
        self.fields["role"].choices = [("", _("请选择")), *((r.value, title) for r, title in ROLES.items() if r.value != "public")]  # type: ignore[attr-defined]
        self.fields["unit"].queryset = Unit.objects.filter(active=True).order_by("kind", "name")  # type: ignore[attr-defined]

    def details(self) -> dict[str, Any]:
        """The role as the register knows it."""
        return {**self.cleaned_data, "role": Role(self.cleaned_data["role"])}

    def recap(self) -> list[tuple[str, str]]:
        """Person and unit by name."""
        data = self.cleaned_data
        rows: list[tuple[Any, Any]] = [
            (_("人员"), f"{data['person'].name}（{data['person'].code}）"),
            (_("角色"), ROLES[self.details()["role"]]),
        ]
        rows += [(_("所属单位"), data["unit"].name)] if data["unit"] else []
        return [(str(label), str(text)) for label, text in [*rows, (_("评审周期"), data["cycle"] or _("不限"))]]


@form_for("people.revoke_role")
class RevokeRole(ActForm):
    """A role taken back; which one, the page's address says (?grant=), as the lists of roles lead to it."""

    lead: Any = _("请在“系统管理—角色授予”中选择要收回的角色。")
    given: ClassVar[tuple[str, ...]] = ("grant",)
    draft = False
    grant = forms.ModelChoiceField(label=_("角色"), queryset=RoleGrant.objects.filter(revoked_at=None), widget=forms.HiddenInput)
    reason = forms.CharField(label=_("理由"), widget=SHORT, max_length=2000)

    def build(self) -> None:
        """Say which."""
        pk = self.named("grant")
        held = RoleGrant.objects.filter(pk=pk).select_related("person", "unit").first() if pk.isascii() and pk.isdecimal() else None
        if held is not None:
            said = _("收回“%(what)s”。自下一次请求起，该人员即不能以该角色办理任何事项。")
            self.lead = str(said) % {"what": titled(held)}

    def recap(self) -> list[tuple[str, str]]:
        """Whose role."""
        return [(str(_("角色")), titled(self.cleaned_data["grant"])), *super().recap()]


def titled(held: RoleGrant | Invitation) -> str:
    """A role of a person in words: 张明 · 推荐单位 · 石家庄市市场监督管理局."""
    unit = f" · {held.unit.name}" if held.unit else ""
    return f"{held.person.name} · {ROLES[Role(held.role)]}{unit}"


@form_for("people.invite")
class Invite(ActForm):
    """An account offered with a role."""

    lead = _("受邀人按邮件中的链接自行设置用户名和密码，账号开通的同时授予角色。链接 7 天内有效，只能使用一次，可随时撤回。")
    person = PersonField(
        label=_("已登记人员"), max_length=60, required=False, help_text=_("人员代码、专家编号或准确姓名；尚未登记的，留空并填写以下三项")
    )
    name = forms.CharField(label=_("姓名"), max_length=60, required=False)
    id_number = forms.CharField(label=_("证件号码"), max_length=40, required=False, help_text=_("只保存不可还原的摘要"))
    employer = forms.CharField(label=_("工作单位"), max_length=120, required=False)
    email = forms.EmailField(label=_("邮箱"), max_length=254)
    role = forms.ChoiceField(label=_("角色"))
    unit = forms.ModelChoiceField(label=_("所属单位"), queryset=Unit.objects.none(), required=False)
    cycle = forms.CharField(label=_("评审周期"), max_length=40, required=False, help_text=_("留空即不限周期"))
    given: ClassVar[tuple[str, ...]] = ("person", "role", "unit")
    draft = False  # an ID number is kept nowhere

    def build(self) -> None:
        """All roles but the public; the units in use."""
        self.fields["role"].choices = [("", _("请选择")), *((r.value, title) for r, title in ROLES.items() if r.value != "public")]  # type: ignore[attr-defined]
        self.fields["unit"].queryset = Unit.objects.filter(active=True).order_by("kind", "name")  # type: ignore[attr-defined]
        self.fields["id_number"].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        """Somebody known, or the particulars of somebody new."""
        data = super().clean() or self.cleaned_data
        if not data.get("person") and "person" not in self.errors and not (data.get("name") and data.get("id_number")):
            self.add_error("person", _("请选择已登记人员，或填写姓名和证件号码"))
        return data

    def details(self) -> dict[str, Any]:
        """The role as the register knows it."""
        return {**self.cleaned_data, "role": Role(self.cleaned_data["role"])}


@form_for("people.revoke_invitation")
class RevokeInvitation(ActForm):
    """An invitation taken back; which one, the page's address says (?invitation=), as the list of invitations leads to it."""

    lead: Any = _("请在“系统管理—账号邀请”中选择要撤回的邀请。")
    given: ClassVar[tuple[str, ...]] = ("invitation",)
    draft = False
    invitation = forms.ModelChoiceField(label=_("邀请"), queryset=Invitation.objects.none(), widget=forms.HiddenInput)

    def build(self) -> None:
        """Those that can still be taken up; say which."""
        rows = standing(clock.now())
        self.fields["invitation"].queryset = rows  # type: ignore[attr-defined]
        pk = self.named("invitation")
        if (row := rows.filter(pk=pk).first() if pk.isascii() and pk.isdecimal() else None) is not None:
            said = _("撤回对“%(what)s”（%(email)s）的邀请，邮件中的链接立即失效。")
            self.lead = str(said) % {"what": titled(row), "email": row.email}

    def recap(self) -> list[tuple[str, str]]:
        """Whose invitation."""
        row = self.cleaned_data["invitation"]
        return [(str(_("邀请")), f"{titled(row)}（{row.email}）")]


@form_for("people.reset_factor")
class ResetFactor(ActForm):
    """The second factors of somebody who lost them, taken away."""

    lead = _("本人遗失手机或密钥、又没有备用码时办理。请先当面或以电话核实身份。密码不变，其所有登录立即退出，下次登录后须重新设置。")
    person = PersonField(label=_("人员"), max_length=60, help_text=_("人员代码、专家编号或准确姓名"))
    reason = forms.CharField(label=_("理由"), widget=SHORT, max_length=2000, help_text=_("写明核实身份的方式"))
