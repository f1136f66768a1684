"""After the award and beside it: misuse, findings, revocations, changes, follow-up visits, abuse of office (J6, K1–K7)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.files.models import Letter
from zhiheng.foundation.people.models import Person, Unit
from zhiheng.stages.application.models import Entry


class OfEntry(models.Model):
    """Base of records about one entry."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True

    @property
    def cycle(self) -> Cycle:
        """The cycle of the entry."""
        return self.entry.cycle


class MisuseReport(OfEntry):
    """A report that the award is used in advertising, or a certificate sold, rented or forged, and how it was handled."""

    number = models.CharField("编号", max_length=40, unique=True)
    content = models.TextField("反映内容")
    reporter = models.CharField("反映人", max_length=60, blank=True)
    received_at = models.DateTimeField("收到时间")
    handled_at = models.DateTimeField("办结时间", null=True, blank=True)
    outcome = models.TextField("处理结果", blank=True)


class Finding(OfEntry):
    """A finding against an application: false materials (K1)."""

    text = models.TextField("查实情况")
    found_on = models.DateField("认定日期")


class Revocation(OfEntry):
    """An award taken back: for deceit (K2), or for an event within the window (K3)."""

    ground = models.CharField("事由", max_length=10, choices=[("deceit", "以不正当手段获奖"), ("event", "获奖后发生重大问题")])
    text = models.TextField("情况")
    event_on = models.DateField("发生日期", null=True, blank=True)
    verified_at = models.DateTimeField("部门核实时间", null=True, blank=True)
    verification = models.ForeignKey(Letter, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField("省质评委同意时间", null=True, blank=True)
    agreement = models.ForeignKey(Letter, models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = models.DateField("取消决定日期", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry"], condition=Q(decided_on__isnull=False), name="revoked_once")]


class ChangeReport(OfEntry):
    """A winner's written report of a major change to its city regulator (K4)."""

    kind = models.CharField(
        "变更类别", max_length=20, choices=[("structure", "组织架构"), ("quality_model", "质量管理模式"), ("other", "其他重大变更")]
    )
    text = models.TextField("变更情况")
    reported_at = models.DateTimeField("告知时间")


class Revisit(OfEntry):
    """A city regulator's follow-up visit to a winner (K5)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    on = models.DateField("回访日期")
    departments = models.CharField("会同部门", max_length=200)
    text = models.TextField("回访情况")
    advice = models.TextField("改进建议", blank=True)


class AbuseRecord(models.Model):
    """An abuse of office by staff or an expert, and what was done about it (K7)."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="abuse_records")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = models.TextField("情况")
    handling = models.TextField("处理意见")
    recorded_at = models.DateTimeField("记录时间")
