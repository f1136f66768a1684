"""Reading the survey while it runs: which individuals, until when. Never how anybody answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.stages.survey.models import Poll


def last_day(closes_at: datetime) -> date:
    """The day with which a survey ends, at 24:00 (Q25)."""
    return clock.local(closes_at - timedelta(seconds=1)).date()


@dataclass(frozen=True, slots=True)
class Window:
    """The polls of a cycle, all opened and closed together: entry code → poll (pk)."""

    polls: dict[str, int]
    opened_at: datetime
    closes_at: datetime
    closed: bool

    def open(self, now: datetime) -> bool:
        """Whether answers are taken at this moment."""
        return not self.closed and self.opened_at <= now < self.closes_at


def window(cycle: Cycle) -> Window | None:
    """The survey of a cycle; None before it is opened. One query."""
    rows = list(
        Poll.objects.filter(cycle=cycle).order_by("entry__code").values_list("entry__code", "pk", "opened_at", "closes_at", "closed_at")
    )
    if not rows:
        return None
    polls = {code: pk for code, pk, *_ in rows}
    return Window(polls, min(row[2] for row in rows), max(row[3] for row in rows), any(row[4] for row in rows))
