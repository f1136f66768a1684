"""The cycle's plan and its approval (C1)."""

from __future__ import annotations

from django.db import models

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.files.models import Letter


class Plan(models.Model):
    """The office's plan of a cycle. Approved by the coordination group's office before the call may be issued."""

    cycle = models.OneToOneField(Cycle, models.PROTECT, related_name="plan")
    text = models.TextField("评选方案")
    opens_on = models.DateField("申报开始日")
    deadline = models.DateTimeField("申报截止时间")
    drafted_at = models.DateTimeField("拟订时间")
    approved_at = models.DateTimeField("审核同意时间", null=True, blank=True)
    approval = models.ForeignKey(Letter, models.PROTECT, null=True, blank=True)
    issued_at = models.DateTimeField("印发时间", null=True, blank=True)
