"""Forms of recusal (K7, Q18)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ActForm, form_for
from zhiheng.faces.desk.forms.fields import SHORT, UploadField
from zhiheng.foundation.people.models import Person
from zhiheng.rules.lifecycle import Role

NOT_FOUND = _("未找到或有重名，请填写专家编号或准确姓名，或联系省质评办")


def one_person(typed: str) -> Person | None:
    """The person with this code of the library, or the only one of this name."""
    typed = typed.strip()
    found = list(Person.objects.filter(expert__code=typed)[:2]) or list(Person.objects.filter(name=typed)[:2]) if typed else []
    return found[0] if len(found) == 1 else None


@form_for("panel.declare_conflict")
class DeclareConflict(ActForm):
    """Recusing oneself, or asking that another recuse themselves."""

    lead = _("本人申请回避的，提交后立即生效；请求他人回避的，由省质评办审定。")
    who = forms.ChoiceField(
        label=_("回避人员"), choices=[("self", _("本人")), ("other", _("其他人员"))], widget=forms.RadioSelect, initial="self"
    )
    expert = forms.CharField(label=_("专家编号或人员姓名"), max_length=60, required=False)
    whom = forms.CharField(label=_("请求回避的人员姓名"), max_length=60)
    employer = forms.CharField(label=_("其所在单位"), max_length=120, required=False, help_text=_("便于核对同名人员"))
    kind = forms.ChoiceField(label=_("类别"), choices=[("declared", _("利害关系")), ("kin", _("亲属关系")), ("found", _("查实的其他情形"))])
    grounds = forms.CharField(label=_("事由"), widget=SHORT, max_length=2000)
    proof = UploadField(label=_("证明材料"), required=False, help_text=_("PDF、图片或文档"))
    unproved = forms.CharField(
        label=_("未附材料的说明"), widget=SHORT, max_length=1000, required=False, help_text=_("确无材料可附的，请说明情况和线索来源")
    )

    def build(self) -> None:
        """An applicant asks only about others, in its own words and with proof; experts and members speak of themselves."""
        drop = ["whom", "employer", "unproved"]
        if self.acting.role == Role.APPLICANT:
            drop = ["who", "expert"]
            self.lead = _("请写明请求回避的人员和事由，由省质评办审定。评审专家名单依规定不公开，是否采纳不另行告知人员身份。")
        elif self.acting.role in (Role.EXPERT, Role.MEMBER):
            drop += ["who", "expert", "proof"]
        for name in drop:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Whom staff means must be known; the answer is the same for unknown and for several. Of an applicant's words nothing is told."""
        data = super().clean() or self.cleaned_data
        if "whom" in self.fields:
            name, employer = data.get("whom", "").strip(), data.get("employer", "").strip()
            data["named"] = f"{name}（{employer}）" if employer else name
        elif "expert" in self.fields and data.get("who", "other") == "other":
            data["person"] = one_person(data.get("expert", ""))
            if data["person"] is None:
                self.add_error("expert", NOT_FOUND)
        else:
            data["person"] = self.acting.person
        return data

    def reasons_at(self) -> dict[str, str]:
        """What is wrong with the words, at their field."""
        return {"named": "whom"}

    def details(self) -> dict[str, Any]:
        """Person or words, kind, grounds, proof."""
        return {n: v for n, v in self.cleaned_data.items() if n in ("person", "named", "kind", "grounds", "proof", "unproved")}


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
    person = forms.CharField(
        label=_("核对后的人员"), max_length=60, required=False, help_text=_("申报方所指人员的专家编号或准确姓名；查无此人的，审定为不成立")
    )
    reason = forms.CharField(label=_("审定理由"), widget=SHORT, max_length=2000)

    def build(self) -> None:
        """Whom it is about is asked only where that is not known yet."""
        if self.subject.person_id is not None:
            del self.fields["person"]

    def facts(self) -> list[tuple[str, str]]:
        """What was asked, and on what it rests."""
        one = self.subject
        proof = one.proof.name if one.proof else one.unproved
        rows = [
            (_now("所指人员"), one.who),
            (_now("类别"), _now(one.get_kind_display())),
            (_now("事由"), one.grounds),
            (_now("证明材料"), proof),
        ]
        return [(label, text) for label, text in rows if text]

    def clean(self) -> dict[str, Any]:
        """The person named must be known."""
        data = super().clean() or self.cleaned_data
        if typed := data.get("person"):
            data["person"] = one_person(typed)
            if data["person"] is None:
                self.add_error("person", NOT_FOUND)
        elif "person" in data:
            data["person"] = None
        return data
