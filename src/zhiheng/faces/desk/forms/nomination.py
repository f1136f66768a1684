"""Forms of the nomination (H1–H3; Q9, Q22)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ActForm, Plain, form_for
from zhiheng.faces.desk.forms.fields import LONG, SHORT, LinesField


@form_for("nomination.check_bonus")
class CheckBonus(ActForm):
    """A ground for the bonus verified on its evidence."""

    lead = _("由工作人员依据证明材料核实加分事由。与该申报有利害关系的人员不得核实。")
    verified = forms.TypedChoiceField(
        label=_("核实结论"),
        choices=[("yes", _("成立")), ("no", _("不成立"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("核实依据"), widget=SHORT, max_length=2000)


@form_for("nomination.compute_finals")
class ComputeFinals(Plain):
    """Final scores."""

    lead = _("按材料评审、现场评审、公众满意度和加分汇总最终得分。")
    effects = (_("汇总后加分核实结论不再变更"),)


@form_for("nomination.settle_candidates")
class SettleCandidates(ActForm):
    """The candidate list."""

    lead = _("达到分数线的，按最终得分由高到低列入授奖候选名单，组织和个人各不超过 10 名。")
    effects = (_("末位并列且依规则仍不能区分的，均不列入；省质评办裁定先后的须写明理由"),)
    office_order = LinesField(
        label=_("末位并列的裁定次序"), required=False, widget=SHORT, help_text=_("仅在末位并列时填写，每行一个申报编号，先列入的在前")
    )
    reason = forms.CharField(label=_("裁定理由"), widget=SHORT, required=False, max_length=2000)

    def clean(self) -> dict[str, Any]:
        """An order needs its reason."""
        data = super().clean() or self.cleaned_data
        if data.get("office_order") and not data.get("reason", "").strip():
            self.add_error("reason", _("裁定先后次序的，请写明理由"))
        return data


@form_for("nomination.submit_report")
class SubmitReport(ActForm):
    """The comprehensive report goes to the committee."""

    lead = _("将综合评审工作报告和授奖候选名单提请省质评委审议。")
    report = forms.CharField(label=_("综合评审工作报告"), widget=LONG, max_length=20000)
