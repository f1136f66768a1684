"""Qualification review: five sides, consultation, accepted list, feedback (E1–E3)."""

from __future__ import annotations

from django.db import models

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.files.models import Letter
from zhiheng.foundation.people.models import Unit
from zhiheng.stages.application.models import Entry


class Commission(models.Model):
    """The agency that the office commissions for a cycle's reviews."""

    cycle = models.OneToOneField(Cycle, models.PROTECT, related_name="commission")
    agency = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    terms = models.TextField("委托事项")
    commissioned_at = models.DateTimeField("委托时间")


class Qualification(models.Model):
    """The agency's examination of one application on five sides, and the outcome."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="qualification")
    sides = models.JSONField("审查情况", default=list)
    checked_at = models.DateTimeField("审查时间")
    passed = models.BooleanField("审查通过")
    reasons = models.JSONField("不符合要求的情况", default=list)
    improvement = models.TextField("较上次申报提高情况的审查意见", blank=True)
    fed_back_at = models.DateTimeField("反馈时间", null=True, blank=True)


class Consultation(models.Model):
    """A provincial department's opinion on the list; `concerns` maps entry codes to what speaks against them."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="consultations")
    department = models.CharField("部门", max_length=120)
    concerns = models.JSONField("不同意见", default=dict)
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField("时间")
