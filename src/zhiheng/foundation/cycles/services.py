"""Moving cycles (L1)."""

from __future__ import annotations

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.rules.lifecycle import Stage


def move(cycle: Cycle, stage: Stage) -> None:
    """Set the cycle's stage; the act that calls this has decided that it may."""
    cycle.stage = stage.value
    cycle.save(update_fields=["stage"])
