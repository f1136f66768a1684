"""The bodies that apply, over all cycles, with their bans and honours (B5, K1, K2; Q29)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from zhiheng.foundation.people.models import Person


class Party(models.Model):
    """An organization (by unified social credit code) or a person (by ID digest) that applies."""

    identity = models.CharField("身份标识", max_length=80, unique=True)  # "uscc:…" or "id:<digest>"
    kind = models.CharField("类别", max_length=20, choices=[("organization", "组织"), ("person", "个人")])
    name = models.CharField("名称", max_length=120, db_index=True)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="parties")
    employer = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="staff")
    group_code = models.CharField("所属集团信用代码", max_length=18, blank=True)
    region = models.CharField("行政区划", max_length=6, blank=True)
    city = models.CharField("所在市", max_length=40, blank=True)
    industry = models.CharField("行业大类", max_length=2, blank=True)  # GB/T 4754 division

    def __str__(self) -> str:
        return self.name


class Ban(models.Model):
    """No application is accepted from the party until the last day, that day included."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="bans")
    from_on = models.DateField("起始日")
    until = models.DateField("届满日")
    duty = models.CharField(max_length=4)
    article = models.CharField("条款", max_length=40)
    cause = models.TextField("事由")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until__gte=F("from_on")), name="ban_runs_forward")]


class Honour(models.Model):
    """An award that a party won; a revoked one stays on record."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="honours")
    award = models.CharField("奖项", max_length=40)
    cycle = models.CharField("周期", max_length=40)
    decided_on = models.DateField("获奖日期")
    revoked_on = models.DateField("取消日期", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "award", "cycle"], name="one_honour_a_cycle")]
