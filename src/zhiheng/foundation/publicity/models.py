"""Public notices with their working-day clock, and the objections to them (L2, Q14, Q15)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.files.models import StoredFile
from zhiheng.foundation.people.models import Unit

OBJECTION_STATUSES = [
    ("received", "已受理"),
    ("investigating", "调查中"),
    ("upheld", "属实"),
    ("dismissed", "不属实"),
    ("lead", "作为线索"),
]


class Notice(models.Model):
    """A public notice. `items` is what the public reads of each entry: code, name, unit, city, merits."""

    READ_WITH = ("cycle", "unit")  # what an act on it reads besides

    code = models.CharField("编号", max_length=40, unique=True)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="notices")
    kind = models.CharField("类别", max_length=40)
    title = models.CharField("标题", max_length=200)
    body = models.TextField("正文")
    items = models.JSONField("名单", default=list)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="notices")
    days = models.PositiveSmallIntegerField("公示工作日", default=0)  # 0: an announcement without a clock
    posted_at = models.DateTimeField("发布时间")
    ends_on = models.DateField("公示截止日", null=True, blank=True)
    closed_at = models.DateTimeField("公示结束时间", null=True, blank=True)
    digest = models.CharField("内容摘要", max_length=64)
    journal_head = models.CharField("发布时日志链头", max_length=90)  # chain, place and hash: the published head

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(days=0) | Q(ends_on__isnull=False), name="a_clock_has_an_end")]

    def __str__(self) -> str:
        return self.title


class Objection(models.Model):
    """An objection to a notice. Formal (real name, in time) ones hold the gate; all others are leads."""

    READ_WITH = ("notice__cycle", "notice__unit")  # what an act on it reads besides

    number = models.CharField("受理编号", max_length=40, unique=True)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections")
    entry = models.CharField("所涉申报编号", max_length=30, blank=True)
    name = models.CharField("异议人", max_length=60, blank=True)
    contact = models.CharField("联系方式", max_length=120, blank=True)
    content = models.TextField("异议内容")
    proof = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True)
    received_at = models.DateTimeField("收到时间")
    formal = models.BooleanField("正式异议")
    status = models.CharField("状态", max_length=20, choices=OBJECTION_STATUSES, default="received")
    investigation = models.TextField("调查情况", blank=True)
    answer = models.TextField("答复", blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(status__in=[s for s, _ in OBJECTION_STATUSES]), name="known_objection_status")]

    @property
    def cycle(self) -> Cycle:
        """The cycle of the notice."""
        return self.notice.cycle
