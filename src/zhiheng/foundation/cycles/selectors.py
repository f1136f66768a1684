"""Reading cycles."""

from __future__ import annotations

from datetime import date

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.packs.selectors import pack_of
from zhiheng.rules.pack import Pack


def rules_of(cycle: Cycle) -> Pack:
    """The pack that governs the cycle."""
    return pack_of(cycle.pack_id)


def reference(cycle: Cycle) -> date:
    """The date on which "the last five years" and the like are counted: that of the deadline (Q10)."""
    assert cycle.deadline is not None  # set when the call was issued
    return cycle.deadline.astimezone(clock.SHANGHAI).date()
