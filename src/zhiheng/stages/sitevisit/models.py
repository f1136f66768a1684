"""Site visits: plan, steps, the papers handed in, evaluation of experts (G2–G4)."""

from __future__ import annotations

from django.db import models

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Expert, Panel


class Visit(models.Model):
    """One panel's visit to one entry, answered for by the leader."""

    READ_WITH = ("cycle", "panel", "entry__cycle")  # what an act on it reads besides

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="visit")
    panel = models.ForeignKey(Panel, models.PROTECT, related_name="visits")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="visits")
    plan = models.TextField("现场评审工作计划")
    planned_from = models.DateField("计划开始")
    planned_until = models.DateField("计划结束")
    planned_at = models.DateTimeField("编制时间")
    ended_on = models.DateField("末次会议日期", null=True, blank=True)


class VisitStep(models.Model):
    """One step done during a visit: opening meeting … closing meeting."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="steps")
    code = models.CharField("步骤", max_length=40)
    on = models.DateField("日期")
    note = models.TextField("记录")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "code"], name="one_step_a_visit")]


class Papers(models.Model):
    """What a panel hands in for its visits: opinion, and the record, ranking and evaluation sheets (G4)."""

    panel = models.OneToOneField(Panel, models.PROTECT, related_name="papers")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="papers")
    opinion = models.TextField("现场评审意见")
    record = models.JSONField("评审记录表")
    ranking = models.JSONField("评审得分排序表")
    handed_at = models.DateTimeField("提交时间")


class ExpertEvaluation(models.Model):
    """The evaluation of an expert's work on a panel (评审专家评价表)."""

    RATINGS = [("good", "优秀"), ("fair", "称职"), ("poor", "不称职")]

    papers = models.ForeignKey(Papers, models.PROTECT, related_name="evaluations")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="evaluations")
    rating = models.CharField("评价", max_length=10, choices=RATINGS)
    text = models.TextField("说明", blank=True)
