"""Forms of the agency's steps in both rounds (F3, G3, G5) and of a voided sheet (K7)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.desk.forms.base import ActForm, Plain, form_for
from zhiheng.faces.desk.forms.fields import LONG, SHORT


@form_for("review.score")
class ScoreMaterials(Plain):
    """Scores of the material review."""

    lead = _("评分表、合议和评审报告齐备后，汇总各申报的材料评审得分。")
    effects = (_("以未经舍入的得分对照分数线"), _("重新汇总的另立新版，原得分保留"))


@form_for("sitevisit.score")
class ScoreVisits(Plain):
    """Scores of the site visits."""

    lead = _("各现场评审专家组合议评分和材料齐备后，汇总现场评审得分。")


@form_for("review.hand_over", "sitevisit.hand_over")
class HandOver(ActForm):
    """The agency hands a round's results to the office."""

    lead = _("将名单、评审报告和得分提交省质评办。")
    effects = (_("提交后本轮评分不再变更，回避成立的除外"),)
    summary = forms.CharField(label=_("汇总情况"), widget=LONG, max_length=10000)


@form_for("review.void_sheet")
class VoidSheet(ActForm):
    """A sheet voided."""

    lead = _("仅在专家回避成立后作废其评分表。原件留存，得分重新计算，两个结果均记录在案。")
    reason = forms.CharField(label=_("作废理由"), widget=SHORT, max_length=2000)
