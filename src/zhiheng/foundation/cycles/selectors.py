"""Reading cycles."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle, DemoClock
from zhiheng.foundation.packs.selectors import pack_of
from zhiheng.rules.pack import Pack


def rules_of(cycle: Cycle) -> Pack:
    """The pack that governs the cycle."""
    return pack_of(cycle.pack_id)


def reference(cycle: Cycle) -> date:
    """The date on which "the last five years" and the like are counted: that of the deadline (Q10)."""
    assert cycle.deadline is not None  # set when the call was issued
    return cycle.deadline.astimezone(clock.SHANGHAI).date()


def demo_moment() -> datetime | None:
    """The time that the demo's clock shows; None outside demo mode, or when the clock was never set."""
    if not settings.ZHIHENG_DEMO:
        return None
    return DemoClock.objects.values_list("now", flat=True).order_by("pk").first()
