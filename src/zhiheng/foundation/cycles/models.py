"""Award cycles, each bound at its call to the rules then in force (A1)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from zhiheng.foundation.packs.models import PackVersion
from zhiheng.rules.lifecycle import STAGE_TITLES, Stage


class Cycle(models.Model):
    """One round of the award. `pack` is proposed with the plan and pinned by `pinned_at` when the call is issued."""

    code = models.CharField("代码", max_length=20, unique=True)
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("名称", max_length=120)
    pack = models.ForeignKey(PackVersion, models.PROTECT, related_name="cycles")
    pinned_at = models.DateTimeField("规则锁定时间", null=True, blank=True)
    stage = models.CharField("阶段", max_length=30, default=Stage.CALL.value, choices=[(s.value, t) for s, t in STAGE_TITLES.items()])
    opens_on = models.DateField("申报开始日", null=True, blank=True)
    deadline = models.DateTimeField("申报截止时间", null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(stage__in=[s.value for s in Stage]), name="known_stage")]

    def __str__(self) -> str:
        return self.title

    @property
    def chain(self) -> str:
        """The name of this cycle's journal chain."""
        return f"cycle:{self.code}"


class DemoClock(models.Model):
    """The time that a demo shows; the only row, and only in demo mode."""

    now = models.DateTimeField("演示时间")
