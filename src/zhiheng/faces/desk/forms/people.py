"""Persons named in forms: known by their ID number, of which only a keyed digest is kept; forms of roles (L1)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ELSEWHERE, ActForm, form_for
from zhiheng.faces.desk.forms.fields import SHORT
from zhiheng.foundation import clock
from zhiheng.foundation.people.invitations import standing
from zhiheng.foundation.people.models import Invitation, Person, RoleGrant, Unit
from zhiheng.foundation.people.selectors import find_person as known_person
from zhiheng.foundation.people.selectors import id_digest, mask
from zhiheng.process.roles import ROLES
from zhiheng.rules.lifecycle import Role

# The public's own: done before there is a desk to do it at.
ELSEWHERE["people.register"] = lambda subject, **_: reverse("accounts:register")  # noqa: ARG005 - an address of every subject
ELSEWHERE["people.accept_invitation"] = lambda subject, **_: reverse("accounts:invited")  # noqa: ARG005


def find_person(name: str, id_number: str) -> Person:
    """The person with this ID number, made known under this name when new. The number itself is kept nowhere."""
    found = known_person(id_number)
    return found or Person.objects.create(name=name, id_digest=id_digest(id_number), id_mask=mask(id_number))


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


@form_for("people.grant_role")
class GrantRole(ActForm):
    """A role granted."""

    lead = _("为他人授予角色。授予和收回均记入日志；纪检监督、系统管理员不得与其他角色兼任。")
    person = PersonField(label=_("人员"), max_length=60, help_text=_("人员代码、专家编号或准确姓名"))
    role = forms.ChoiceField(label=_("角色"))
    unit = forms.ModelChoiceField(label=_("所属单位"), queryset=Unit.objects.none(), required=False)
    cycle = forms.CharField(label=_("评审周期"), max_length=40, required=False, help_text=_("留空即不限周期"))

    def build(self) -> None:
        """All roles but the public; the units in use."""
        self.fields["role"].choices = [(r.value, title) for r, title in ROLES.items() if r.value != "public"]  # type: ignore[attr-defined]
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
    """A role taken back; which one, the page's address says (?grant=)."""

    lead = _("收回角色后，该人员自下一次请求起即不能以该角色办理任何事项。")
    grant = forms.ModelChoiceField(label=_("角色"), queryset=RoleGrant.objects.none(), empty_label=None)
    reason = forms.CharField(label=_("理由"), widget=SHORT, max_length=2000)

    def build(self) -> None:
        """The grants that stand, by person and role."""
        field = self.fields["grant"]
        field.queryset = RoleGrant.objects.filter(revoked_at=None).select_related("person", "unit")  # type: ignore[attr-defined]
        field.label_from_instance = lambda g: f"{g.person.name} · {ROLES.get(g.role, g.role)}{' · ' + g.unit.name if g.unit else ''}"  # type: ignore[attr-defined]


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
    draft = False  # an ID number is kept nowhere

    def build(self) -> None:
        """All roles but the public; the units in use."""
        self.fields["role"].choices = [(r.value, title) for r, title in ROLES.items() if r.value != "public"]  # type: ignore[attr-defined]
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
    """An invitation taken back; which one, the page's address says (?invitation=)."""

    lead = _("撤回后，邮件中的链接立即失效。")
    invitation = forms.ModelChoiceField(label=_("邀请"), queryset=Invitation.objects.none(), empty_label=None)
    draft = False

    def build(self) -> None:
        """Those that can still be taken up."""
        field = self.fields["invitation"]
        field.queryset = standing(clock.now()).order_by("-pk")  # type: ignore[attr-defined]
        field.label_from_instance = lambda i: f"{i.person.name} · {ROLES.get(i.role, i.role)} · {i.email}"  # type: ignore[attr-defined]
