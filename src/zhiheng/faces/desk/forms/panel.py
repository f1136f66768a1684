"""Forms of the expert library, recusal and the draw (F1, G1, K7; Q16–Q18)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ActForm, Plain, form_for
from zhiheng.faces.desk.forms.fields import SHORT, DayField, LinesField
from zhiheng.foundation.canonical import digest
from zhiheng.foundation.industries import divisions
from zhiheng.foundation.packs.models import PackVersion
from zhiheng.foundation.packs.selectors import pack_of
from zhiheng.foundation.people.models import Person
from zhiheng.foundation.people.services import Newcomer
from zhiheng.process.roles import ROLES
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.panel import selectors
from zhiheng.stages.panel.models import Expert, Panel


class TiesField(LinesField):
    """Former employers or clients, one a line: name, and after a comma the day it ended (none: still)."""

    def lines(self, typed: list[str]) -> list[Any]:
        """[{employer, until}] as the library keeps it."""
        day, found = DayField(), []
        for line in typed:
            name, _comma, until = line.replace("，", ",").partition(",")
            try:
                ended = day.clean(until.strip()).isoformat() if until.strip() else None
            except ValidationError:
                raise ValidationError(_("“%(line)s”中的日期有误，请按“单位名称，2024-06-30”的格式填写") % {"line": line[:40]}) from None
            found.append({"employer": name.strip(), "until": ended})
        return found


@form_for("panel.register_expert")
class RegisterExpert(ActForm):
    """A new expert for the library."""

    lead = _("登记拟入库的评审专家，经省质评办审核后方可抽取。证件号码只用于核对身份，不保存原文。")

    name = forms.CharField(label=_("姓名"), max_length=60)
    id_number = forms.CharField(label=_("证件号码"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    code = forms.CharField(label=_("专家编号"), max_length=20, help_text=_("例如 ZJ0121"))
    title = forms.CharField(label=_("职称"), max_length=60, required=False)
    employer = forms.CharField(label=_("现工作单位"), max_length=120)
    employers = TiesField(label=_("近年工作单位"), required=False, widget=SHORT, help_text=_("每行一个：单位名称，离任日期"))
    consulted = TiesField(
        label=_("有偿咨询服务单位"), required=False, widget=SHORT, help_text=_("每行一个：单位名称，终止日期；仍在服务的只写名称")
    )
    industries = forms.MultipleChoiceField(label=_("熟悉行业"), widget=forms.SelectMultiple(attrs={"size": 8}))
    categories = forms.MultipleChoiceField(label=_("可评类别"), widget=forms.CheckboxSelectMultiple)
    city = forms.CharField(label=_("所在市"), max_length=40, required=False)
    leader = forms.BooleanField(label=_("可任组长"), required=False)
    max_load = forms.IntegerField(label=_("工作量上限（组）"), min_value=1, max_value=20, initial=3)
    draft = False  # it would keep an ID number

    def build(self) -> None:
        """Industries of GB/T 4754; categories of the newest pack."""
        newest = PackVersion.objects.order_by("-stored_at").first()
        pack = pack_of(newest.digest) if newest else None
        kinds = [(c.code, f"{a.title} · {c.title}") for a in (pack.awards if pack else ()) for c in a.categories]
        self.fields["industries"].choices = [(code, f"{code} {name}") for code, name in divisions().items()]  # type: ignore[attr-defined]
        self.fields["categories"].choices = kinds  # type: ignore[attr-defined]

    def details(self) -> dict[str, Any]:
        """The person by name and number; the act makes them known when new."""
        data = dict(self.cleaned_data)
        return {"person": Newcomer(data.pop("name"), data.pop("id_number")), **data}

    def reasons_at(self) -> dict[str, str]:
        """Faults of the ID number at its field."""
        return {"identity": "id_number"}

    def recap(self) -> list[tuple[str, str]]:
        """Without the ID number, and with former employers in words."""
        hidden = {str(self.fields["id_number"].label)}
        rows = [row for row in super().recap() if row[0] not in hidden]
        ties = {str(self.fields[n].label): self.cleaned_data[n] for n in ("employers", "consulted")}
        return [(k, "\n".join(f"{t['employer']}（{t['until'] or _now('至今')}）" for t in ties[k]) if k in ties else v) for k, v in rows]


@form_for("panel.approve_expert")
class ApproveExpert(Plain):
    """Approval of an expert."""

    lead = _("审核通过后，该专家进入专家库，可以抽取。")


@form_for("panel.suspend_expert")
class SuspendExpert(ActForm):
    """Suspension or removal."""

    lead = _("暂停或移出的，立即不能以专家身份办理任何事项。")
    remove = forms.TypedChoiceField(
        label=_("处理"),
        choices=[("no", _("暂停")), ("yes", _("移出专家库"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("理由"), widget=SHORT, max_length=2000)


@form_for("panel.declare_conflict")
class DeclareConflict(ActForm):
    """Recusing oneself, or asking that another recuse themselves."""

    lead = _("本人申请回避的，提交后立即生效；请求他人回避的，由省质评办审定。")
    who = forms.ChoiceField(
        label=_("回避人员"), choices=[("self", _("本人")), ("other", _("其他人员"))], widget=forms.RadioSelect, initial="self"
    )
    expert = forms.CharField(label=_("专家编号或人员姓名"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("类别"), choices=[("declared", _("利害关系")), ("kin", _("亲属关系")), ("found", _("查实的其他情形"))])
    grounds = forms.CharField(label=_("事由"), widget=SHORT, max_length=2000)

    def build(self) -> None:
        """An applicant asks only about others; experts and members speak of themselves."""
        if self.acting.role == Role.APPLICANT:
            del self.fields["who"]
            self.fields["expert"].required = True
        elif self.acting.role in (Role.EXPERT, Role.MEMBER):
            del self.fields["who"], self.fields["expert"]

    def clean(self) -> dict[str, Any]:
        """The other person must be known; the answer is the same for unknown and for several."""
        data = super().clean() or self.cleaned_data
        if "expert" in self.fields and data.get("who", "other") == "other":
            typed = data.get("expert", "").strip()
            found = list(Person.objects.filter(expert__code=typed)[:2]) or list(Person.objects.filter(name=typed)[:2]) if typed else []
            if len(found) == 1:
                data["person"] = found[0]
            else:
                self.add_error("expert", _("未找到或有重名，请填写专家编号或准确姓名，或联系省质评办"))
        else:
            data["person"] = self.acting.person
        return data

    def details(self) -> dict[str, Any]:
        """Person, kind, grounds."""
        return {name: self.cleaned_data[name] for name in ("person", "kind", "grounds")}


@form_for("panel.rule_on_conflict")
class RuleOnConflict(ActForm):
    """The office's decision on a conflict."""

    lead = _("审定回避是否成立。成立的，该人员不得参与该申报的抽取、评分和表决。")
    effects = (_("已提交的评分表，在回避成立后应予作废并重新计算得分"),)
    stands = forms.TypedChoiceField(
        label=_("审定结论"),
        choices=[("yes", _("回避成立")), ("no", _("回避不成立"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("审定理由"), widget=SHORT, max_length=2000)


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
