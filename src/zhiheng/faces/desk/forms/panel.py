"""Forms of the draw and of the seats of panels (F1, G1; Q16–Q18)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ActForm, form_for
from zhiheng.faces.desk.forms.fields import SHORT
from zhiheng.foundation.canonical import digest
from zhiheng.process.roles import ROLES
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.panel import selectors
from zhiheng.stages.panel.models import Expert, Panel


class SeatedExpert(forms.ModelChoiceField):
    """An expert of the panel, by code."""

    def label_from_instance(self, obj: Expert) -> str:
        """Code, and whether qualified to lead."""
        return f"{obj.code}{_now('（可任组长）') if obj.leader else ''}"


def seated_experts(panel: Panel) -> Any:
    """The experts who sit on the panel now."""
    return Expert.objects.filter(seats__panel=panel, seats__vacated_at=None).order_by("code")


@form_for("panel.replace")
class Replace(ActForm):
    """A seat vacated."""

    lead = _("退出的席位依本组抽签次序递补，递补人选不由人指定。")
    effects = (_("退出专家已提交的评分表在作废前有效"),)
    out = SeatedExpert(label=_("退出专家"), queryset=Expert.objects.none(), empty_label=None)
    reason = forms.CharField(label=_("事由"), widget=SHORT, max_length=2000)

    def build(self) -> None:
        """Who sits on the panel."""
        self.fields["out"].queryset = seated_experts(self.subject)  # type: ignore[attr-defined]


@form_for("panel.name_leader")
class NameLeader(ActForm):
    """The leader named."""

    lead = _("在本组具备组长资格的专家中确定组长。")
    expert = SeatedExpert(label=_("组长"), queryset=Expert.objects.none(), empty_label=None)

    def build(self) -> None:
        """Those qualified."""
        self.fields["expert"].queryset = seated_experts(self.subject).filter(leader=True)  # type: ignore[attr-defined]


@form_for("panel.freeze")
class Freeze(ActForm):
    """The freeze."""

    lead = _("将本轮评审对象分组，连同专家池一并冻结并公布摘要。此后各方提交种子承诺，再当场抽取。")
    cause = forms.CharField(label=_("重新冻结的事由"), widget=SHORT, max_length=2000)

    def build(self) -> None:
        """A cause is asked only where the round was frozen before."""
        name, _article, _duty = selectors.round_of(self.subject)
        if selectors.last_draw(self.subject, name) is None:
            del self.fields["cause"]


@form_for("panel.commit_seed")
class CommitSeed(ActForm):
    """A party's commitment to a number."""

    lead = _("请自行选定一个数（可掷骰子或取任意一串数字），由本页计算其摘要作为承诺。抽取时须揭示同一个数，请妥善记录并保密。")
    effects = (_("承诺提交后不得更改"), _("系统只保存摘要，不保存所选的数"))
    draft = False
    number = forms.CharField(
        label=_("所选的数"), min_length=6, max_length=64, widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=True)
    )
    again = forms.CharField(
        label=_("再次输入"), max_length=64, widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=True)
    )

    def clean(self) -> dict[str, Any]:
        """Both must agree."""
        data = super().clean() or self.cleaned_data
        if data.get("number") and data.get("again") and data["number"] != data["again"]:
            self.add_error("again", _("两次输入不一致"))
        return data

    def details(self) -> dict[str, Any]:
        """The digest alone."""
        return {"commitment": digest(self.cleaned_data["number"].encode())}

    def recap(self) -> list[tuple[str, str]]:
        """The digest that will be on record."""
        return [(str(_("承诺值（摘要）")), digest(self.cleaned_data["number"].encode()))]


@form_for("panel.draw")
class Draw(ActForm):
    """The reveal and the draw."""

    lead = _("由各承诺方当场揭示所选的数，系统核对承诺后抽取。抽取结果以冻结名单和种子可逐号复算。")
    effects = (_("当场产生各评审专家组，并通知受聘专家"), _("抽取记录存入卷宗，任何人可以重演"))
    draft = False

    def build(self) -> None:
        """One number a party that committed."""
        name, _article, _duty = selectors.round_of(self.subject)
        draft = selectors.last_draw(self.subject, name)
        for role in draft.seed_commitments if draft else {}:
            label = _now("%(party)s揭示的数") % {"party": ROLES[Role(role)]}
            self.fields[f"seed_{role}"] = forms.CharField(label=label, max_length=64, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def details(self) -> dict[str, Any]:
        """Role → number."""
        return {"seeds": {n.removeprefix("seed_"): v for n, v in self.cleaned_data.items() if n.startswith("seed_")}}
