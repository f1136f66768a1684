"""What a recommender does with an application (D4)."""

from __future__ import annotations

from django.db import models

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.files.models import Letter
from zhiheng.foundation.publicity.models import Notice
from zhiheng.stages.application.models import Entry


class Recommendation(models.Model):
    """The check on four sides, the publicity, the signed opinion, the coordination body's consent, the recommendation."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="recommendation")
    sides = models.JSONField("审核情况", default=list)  # [{code, passed, note}]
    checked_at = models.DateTimeField("审核时间", null=True, blank=True)
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, blank=True, related_name="+")
    opinion = models.TextField("审核意见", blank=True)
    signed_by = models.CharField("签署人", max_length=60, blank=True)
    signed_at = models.DateTimeField("签署时间", null=True, blank=True)
    consent = models.ForeignKey(Letter, models.PROTECT, null=True, blank=True, related_name="+")
    consented_at = models.DateTimeField("同意推荐时间", null=True, blank=True)
    concluded_at = models.DateTimeField("办结时间", null=True, blank=True)
    reason = models.TextField("未予推荐理由", blank=True)

    @property
    def cycle(self) -> Cycle:
        """The cycle of the entry."""
        return self.entry.cycle


class CityOpinion(models.Model):
    """The opinion of a same-level department on an application."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="city_opinions")
    department = models.CharField("部门", max_length=120)
    positive = models.BooleanField("无不良意见")
    text = models.TextField("意见", blank=True)
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField("时间")
