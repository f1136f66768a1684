"""Forms of the committee outside its meeting (I1)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ActForm, form_for
from zhiheng.foundation.people.models import Person
from zhiheng.process.roles import ROLES
from zhiheng.rules.lifecycle import Role


class HolderField(forms.ModelChoiceField):
    """A person who holds a committee role."""

    def label_from_instance(self, obj: Person) -> str:
        """Name and employer."""
        return f"{obj.name}{'（' + obj.employer + '）' if obj.employer else ''}"


@form_for("committee.appoint")
class Appoint(ActForm):
    """A member entered in the cycle's committee."""

    lead = _("登记本周期省质评委组成人员。法定人数按登记的全体委员计算。")
    person = HolderField(label=_("委员"), queryset=Person.objects.none(), empty_label=None)
    chair = forms.BooleanField(label=_("担任主任"), required=False)

    def build(self) -> None:
        """Who holds the role of a member or chair and has not been entered yet."""
        holders = Person.objects.filter(grants__role__in=[Role.MEMBER.value, Role.CHAIR.value], grants__revoked_at=None)
        known = self.subject.members.values("person") if hasattr(self.subject, "members") else []
        self.fields["person"].queryset = holders.exclude(pk__in=known).distinct().order_by("name")  # type: ignore[attr-defined]

    def recap(self) -> list[tuple[str, str]]:
        """The person by name."""
        role = ROLES[Role.CHAIR if self.cleaned_data.get("chair") else Role.MEMBER]
        return [(str(_("委员")), self.cleaned_data["person"].name), (str(_("职务")), role)]

    def details(self) -> dict[str, Any]:
        """As the act takes it."""
        return dict(self.cleaned_data)
