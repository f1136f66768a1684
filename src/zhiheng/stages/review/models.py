"""Score sheets, consensus, reports and results of both rounds; corrections stand beside what they correct (F2, F3, G3, Q2)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.exact import ExactField
from zhiheng.foundation.files.models import Letter
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import ROUNDS, Expert, Panel


class Sheet(models.Model):
    """One expert's independent sheet for one entry: item code → exact mark as text. Locked when submitted; voided, never changed."""

    READ_WITH = ("panel__cycle", "entry", "expert__person")  # what an act on it reads besides

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="sheets")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="sheets")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="sheets")
    round = models.CharField("轮次", max_length=10, choices=ROUNDS)
    marks = models.JSONField("评分")
    comments = models.JSONField("评语", default=dict)  # clause or item code → {strengths, improvements}
    total = ExactField("总分")
    digest = models.CharField("摘要", max_length=64)
    submitted_at = models.DateTimeField("提交时间")
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    void_reason = models.TextField("作废理由", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "expert", "round"], condition=Q(voided_at=None), name="one_sheet_an_expert")
        ]

    @property
    def cycle(self) -> Cycle:
        """The cycle of the panel."""
        return self.panel.cycle


class Consensus(models.Model):
    """The marks that a panel agreed for an entry, with the reasons; a later version stands beside the earlier."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="consensuses")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="consensuses")
    round = models.CharField("轮次", max_length=10, choices=ROUNDS)
    version = models.PositiveSmallIntegerField("版本")
    marks = models.JSONField("合议评分")
    sheets = models.JSONField("合议所依据的评分表", default=list)  # digests; with other sheets standing, the panel agrees anew
    reason = models.TextField("合议说明")
    agreed_at = models.DateTimeField("合议时间")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "round", "version"], name="one_consensus_a_version")]


class Report(models.Model):
    """The review report on an entry: strengths, opportunities for improvement, conclusion."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="reports")
    panel = models.ForeignKey(Panel, models.PROTECT, related_name="reports")
    round = models.CharField("轮次", max_length=10, choices=ROUNDS)
    strengths = models.TextField("主要优势")
    improvements = models.TextField("改进机会")
    conclusion = models.TextField("评审结论")
    submitted_at = models.DateTimeField("提交时间")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "round"], name="one_report_a_round")]


class Result(models.Model):
    """The score of an entry in a round, as computed; the highest version is the one that counts."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="results")
    round = models.CharField("轮次", max_length=10, choices=ROUNDS)
    version = models.PositiveSmallIntegerField("版本")
    marks = models.JSONField("合成评分")
    sections = models.JSONField("各章得分")
    total = ExactField("得分")
    sheets = models.JSONField("所依据的评分表")  # digests
    method = models.CharField("合成方法", max_length=20)
    passed = models.BooleanField("达标", null=True)
    computed_at = models.DateTimeField("计算时间")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "round", "version"], name="one_result_a_version")]


class Handover(models.Model):
    """The agency hands a round's list, reports and scores to the office (F3, G5)."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="handovers")
    round = models.CharField("轮次", max_length=10, choices=ROUNDS)
    summary = models.TextField("汇总情况")
    handed_at = models.DateTimeField("提交时间")
    due_on = models.DateField("应提交日期", null=True, blank=True)
    overdue = models.BooleanField("逾期", default=False)
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "round"], name="one_handover_a_round")]
