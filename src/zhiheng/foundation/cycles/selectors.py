"""Reading cycles."""

from __future__ import annotations

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.packs.selectors import pack_of
from zhiheng.rules.pack import Pack


def rules_of(cycle: Cycle) -> Pack:
    """The pack that governs the cycle."""
    return pack_of(cycle.pack_id)
