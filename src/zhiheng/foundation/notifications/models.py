"""Messages within the product, one row a recipient; gateways deliver them onward."""

from __future__ import annotations

from django.db import models


class Notification(models.Model):
    """A message to a person (`p-…`), a unit or a role of a cycle, saved in the act's own transaction."""

    to = models.CharField("收件", max_length=60, db_index=True)  # person:CODE, unit:CODE or role:ROLE
    cycle = models.CharField(max_length=20, blank=True)
    title = models.CharField("标题", max_length=200)
    text = models.TextField("内容")
    subject = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField("时间")
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
