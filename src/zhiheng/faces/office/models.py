"""The private addresses at which people subscribe to their calendar."""

from __future__ import annotations

from django.db import models

from zhiheng.foundation.people.models import RoleGrant


class Feed(models.Model):
    """One person's calendar in one role. Its address is signed and names this row; once revoked, or once the role is taken back, the
    address leads nowhere."""

    grant = models.ForeignKey(RoleGrant, models.CASCADE, related_name="feeds")
    made_at = models.DateTimeField("建立时间")
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["grant"], condition=models.Q(revoked_at=None), name="one_open_feed")]
