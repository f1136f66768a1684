"""Final scores, candidate lists and the comprehensive report (H1–H3)."""

from __future__ import annotations

from django.db import models

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.exact import ExactField, ExactOrNoneField
from zhiheng.stages.application.models import Entry


class Final(models.Model):
    """An entry's final score with its parts, exact; the highest version counts."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="finals")
    version = models.PositiveSmallIntegerField("版本")
    material = ExactField("材料评审得分")
    site = ExactOrNoneField("现场评审得分")
    survey = ExactOrNoneField("公众满意度得分")
    bonus = ExactField("加分")
    total = ExactField("最终得分")
    computed_at = models.DateTimeField("计算时间")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "version"], name="one_final_a_version")]


class CandidateList(models.Model):
    """The list of candidates proposed to the committee; rank and reasons of every entry as the rule gave them."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="candidate_lists")
    version = models.PositiveSmallIntegerField("版本")
    chosen = models.JSONField("授奖候选名单")  # entry codes by place
    ranked = models.JSONField("排序")  # [{entry, award, place, tied, total}]
    left_out = models.JSONField("不再符合条件", default=dict)  # entry code → why it is not ranked at all (Q10)
    office_order = models.JSONField("并列裁定", default=list)
    office_reason = models.TextField("并列裁定理由", blank=True)
    report = models.TextField("综合评审工作报告", blank=True)
    settled_at = models.DateTimeField("确定时间")
    submitted_at = models.DateTimeField("提请审议时间", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "version"], name="one_list_a_version")]
