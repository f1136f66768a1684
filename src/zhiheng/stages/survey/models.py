"""The satisfaction survey: append-only answers, one a verified identity, and the result (F5, Q24, Q25, T12)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.exact import ExactOrNoneField
from zhiheng.stages.application.models import Entry

CHOICES = [("satisfied", "满意"), ("basically_satisfied", "基本满意"), ("dissatisfied", "不满意"), ("unknown", "不了解")]


class Poll(models.Model):
    """The survey on one published individual, open while the shortlist is published."""

    READ_WITH = ("cycle", "entry")  # what an act on it reads besides

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="poll")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="polls")
    opened_at = models.DateTimeField("开始时间")
    closes_at = models.DateTimeField("截止时间")
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    counts = models.JSONField("统计", null=True, blank=True)
    score = ExactOrNoneField("得分")
    decided_by_office = models.TextField("样本不足时的处理决定", blank=True)


class Answer(models.Model):
    """One answer. `voter` is a keyed digest of the verified identity, different in each poll; no time is kept."""

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="answers")
    voter = models.CharField(max_length=64)
    choice = models.CharField(max_length=24, choices=CHOICES)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "voter"], name="one_answer_an_identity"),
            models.CheckConstraint(condition=Q(choice__in=[c for c, _ in CHOICES]), name="known_answer"),
        ]
