"""An application (entry) with its evidence, declarations and internal publicity (D1–D3, B1–B4)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.files.models import StoredFile
from zhiheng.foundation.parties.models import Party
from zhiheng.foundation.people.models import Person, Unit
from zhiheng.rules.lifecycle import STATUS_TITLES, EntryStatus


class Entry(models.Model):
    """One application of one party in one cycle. `form` holds the answers as `forms.py` defines them; `revision` counts its saves."""

    code = models.CharField("申报编号", max_length=30, unique=True)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="entries")
    party = models.ForeignKey(Party, models.PROTECT, related_name="entries")
    owner = models.ForeignKey(Person, models.PROTECT, related_name="entries")  # who fills it in
    recommender = models.ForeignKey(Unit, models.PROTECT, related_name="entries")
    award = models.CharField("奖项", max_length=40)
    category = models.CharField("类别", max_length=40)
    status = models.CharField(
        "状态", max_length=20, default=EntryStatus.DRAFT.value, choices=[(s.value, t) for s, t in STATUS_TITLES.items()]
    )
    name = models.CharField("申报名称", max_length=120)
    industry = models.CharField("行业大类", max_length=2, blank=True)
    form = models.JSONField("申报表", default=dict)
    revision = models.PositiveIntegerField("版次", default=0)
    declared = models.JSONField("声明符合的条件", default=list)
    no_state_secrets = models.BooleanField("不涉及国家秘密", default=False)
    signed_by = models.CharField("责任承诺签署人", max_length=60, blank=True)
    signed_at = models.DateTimeField("签署时间", null=True, blank=True)
    internal_from = models.DateField("内部公示开始", null=True, blank=True)
    internal_until = models.DateField("内部公示结束", null=True, blank=True)
    internal_objections = models.PositiveSmallIntegerField("内部公示异议数", default=0)
    internal_proof = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    warnings_answer = models.TextField("对提示事项的说明", blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=[s.value for s in EntryStatus]), name="known_status"),
            models.UniqueConstraint(
                fields=["cycle", "party", "award"], condition=~Q(status=EntryStatus.WITHDRAWN.value), name="one_entry_a_party"
            ),
        ]

    READ_WITH = ("cycle", "party")  # what an act on it reads besides

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Evidence(models.Model):
    """A piece of evidence: what it proves (a condition, a clause of the criteria, a bonus ground), and whether it is a trade secret."""

    READ_WITH = ("entry__cycle", "entry__owner", "file")  # what an act on it reads besides

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="evidence")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    title = models.CharField("材料名称", max_length=120)
    proves = models.CharField("证明事项", max_length=40)  # condition:…, clause:…, bonus:…
    secret = models.BooleanField("涉及商业秘密", default=False)
    removed_at = models.DateTimeField("撤下时间", null=True, blank=True)

    @property
    def cycle(self) -> Cycle:
        """The cycle of the entry."""
        return self.entry.cycle


class BonusClaim(models.Model):
    """A ground for the bonus that the applicant claims; staff verify it at nomination (H1, H2, Q9)."""

    READ_WITH = ("entry__cycle",)  # what an act on it reads besides

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="bonus_claims")
    kind = models.CharField("加分事由", max_length=40)
    granted_on = models.DateField("获得日期", null=True, blank=True)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")
    verified = models.BooleanField("核实结果", null=True, blank=True)
    note = models.TextField("核实说明", blank=True)

    @property
    def cycle(self) -> Cycle:
        """The cycle of the entry."""
        return self.entry.cycle
