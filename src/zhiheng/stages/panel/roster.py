"""What the expert library keeps beside an expert: absences, changes that wait, bank data, appraisals (F1, G4, K7).

Tables of their own, so that what every list reads of an expert stays small and bank data are joined to nothing.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhiheng.foundation.people.models import Person

#: As the evaluation sheets of site visits have them (G4).
RATINGS = [("good", "优秀"), ("fair", "称职"), ("poor", "不称职")]


class Absence(models.Model):
    """Days, both included, on which an expert cannot take part."""

    expert = models.ForeignKey("panel.Expert", models.CASCADE, related_name="absences")
    from_on = models.DateField("起")
    until_on = models.DateField("止")
    note = models.CharField("说明", max_length=120, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="absence_runs_forward")]


class Revision(models.Model):
    """A change of what the draw rests on, as the expert asks for it. before, after: field → value; it counts once the office approves."""

    READ_WITH = ("expert__person",)  # what an act on it reads besides

    expert = models.ForeignKey("panel.Expert", models.PROTECT, related_name="revisions")
    before = models.JSONField("原内容")
    after = models.JSONField("拟改为")
    grounds = models.TextField("变更说明", blank=True)
    status = models.CharField(
        "状态",
        max_length=12,
        default="pending",
        choices=[("pending", "待审核"), ("approved", "已采用"), ("rejected", "未采用"), ("withdrawn", "已撤回")],
    )
    asked_at = models.DateTimeField("提出时间")
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    reason = models.TextField("审核意见", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["expert"], condition=Q(status="pending"), name="one_open_revision")]


class BankAccount(models.Model):
    """Where an expert's fee is paid. Bank, holder and number lie encrypted; `mask` is what may be shown."""

    expert = models.OneToOneField("panel.Expert", models.PROTECT, related_name="bank_account")
    sealed = models.TextField("密文")
    mask = models.CharField("账号（掩码）", max_length=24)
    changed_at = models.DateTimeField("更新时间")


class Appraisal(models.Model):
    """How an expert worked on a panel, as the office or the agency records it; a later version stands beside the earlier."""

    panel = models.ForeignKey("panel.Panel", models.PROTECT, related_name="appraisals")
    expert = models.ForeignKey("panel.Expert", models.PROTECT, related_name="appraisals")
    version = models.PositiveSmallIntegerField("版本", default=1)
    rating = models.CharField("评价", max_length=10, choices=RATINGS)
    text = models.TextField("说明", blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField("评价时间")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["panel", "expert", "version"], name="one_appraisal_a_version")]
