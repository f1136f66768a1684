"""From the scores to the site-visit list: opinion, approval, publicity, notification (F4–F6)."""

from __future__ import annotations

from django.db import models

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.files.models import Letter
from zhiheng.foundation.publicity.models import Notice


class Shortlist(models.Model):
    """The list proposed for site visits and what each authority said of it."""

    cycle = models.OneToOneField(Cycle, models.PROTECT, related_name="shortlist")
    proposed = models.JSONField("建议名单")  # entry codes
    authority_letter = models.ForeignKey(Letter, models.PROTECT, null=True, blank=True, related_name="+")
    authority_at = models.DateTimeField("征求意见时间", null=True, blank=True)
    authority_against = models.JSONField("不同意见", default=dict)
    approved_at = models.DateTimeField("主任审批时间", null=True, blank=True)
    approval = models.ForeignKey(Letter, models.PROTECT, null=True, blank=True, related_name="+")
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField("确定时间", null=True, blank=True)
    notified_at = models.DateTimeField("通知时间", null=True, blank=True)
