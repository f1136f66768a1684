"""From proposed winners to certificates, money and promotion (J1–J6, K6, Q35)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.files.models import Letter, StoredFile
from zhiheng.stages.application.models import Entry

#: Prize money only, from the treasury to winners and back: nothing here can take a fee from an applicant (J5).
MOVEMENTS = [("awarded", "应发"), ("paid", "已发"), ("recall", "应追缴"), ("recovered", "已追缴")]


class Approval(models.Model):
    """The provincial government's approval of the winners."""

    cycle = models.OneToOneField(Cycle, models.PROTECT, related_name="government_approval")
    entries = models.JSONField("批准名单")
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, blank=True, related_name="+")
    approved_on = models.DateField("批准日期")


class Certificate(models.Model):
    """A certificate that anyone can check by its number (K6)."""

    number = models.CharField("证书编号", max_length=40, unique=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="certificate")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="certificates")
    issued_on = models.DateField("颁发日期")
    revoked_on = models.DateField("取消日期", null=True, blank=True)
    recovered_on = models.DateField("收回日期", null=True, blank=True)


class LedgerLine(models.Model):
    """A movement of prize money in yuan: awarded (owed), paid, to be recovered, recovered.

    Append-only by triggers of the database (Q35).
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="ledger")
    kind = models.CharField("类别", max_length=12, choices=MOVEMENTS)
    amount = models.PositiveIntegerField("金额（元）")
    on = models.DateField("日期")
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="money_moves"),
            models.CheckConstraint(condition=Q(kind__in=[kind for kind, _ in MOVEMENTS]), name="known_movement"),
        ]


class FeedbackRelease(models.Model):
    """That the applicants of a cycle may read their own feedback reports: after the award decision (Q32)."""

    cycle = models.OneToOneField(Cycle, models.PROTECT, related_name="feedback_release")
    released_at = models.DateTimeField("公布时间")


class UseReport(models.Model):
    """How a winning organization used its prize money (J4)."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="use_reports")
    purpose = models.CharField("用途", max_length=30)
    amount = models.PositiveIntegerField("金额（元）")
    text = models.TextField("使用情况")
    reported_at = models.DateTimeField("报告时间")


class Promotion(models.Model):
    """A winner shares its methods: an event, a visit, materials (J6)."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="promotions")
    kind = models.CharField("形式", max_length=20, choices=[("event", "宣讲交流"), ("visit", "观摩学习"), ("material", "经验材料")])
    text = models.TextField("内容")
    on = models.DateField("日期")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
