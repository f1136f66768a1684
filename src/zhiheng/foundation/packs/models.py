"""Rule packs as pinned, and the calendar years known (A1, L2)."""

from __future__ import annotations

from django.db import models


class PackVersion(models.Model):
    """The whole content of a pack as canonical JSON, under its digest. Once stored it is never changed: a cycle is read under its own."""

    pack_id = models.CharField("规则包", max_length=60)
    version = models.CharField("版本", max_length=30)
    digest = models.CharField("摘要", max_length=64, primary_key=True)
    content = models.TextField("内容")
    stored_at = models.DateTimeField("存入时间")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack_id", "version"], name="one_content_a_version")]

    def __str__(self) -> str:
        return f"{self.pack_id} {self.version}"


class CalendarYear(models.Model):
    """Days off and make-up workdays of one year, as published by the State Council."""

    year = models.PositiveSmallIntegerField("年份", unique=True)
    holidays = models.JSONField("放假日")
    workdays = models.JSONField("调休上班日")
    source = models.CharField("依据", max_length=200)
    digest = models.CharField("摘要", max_length=64)

    def __str__(self) -> str:
        return str(self.year)
