"""Reading notices and objections."""

from __future__ import annotations

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.publicity.models import Notice, Objection


def upheld_entries(notice: Notice) -> dict[str, str]:
    """Entry code → number of the objection upheld against it in this notice."""
    rows = notice.objections.filter(status="upheld").exclude(entry="").order_by("pk")
    return {row.entry: row.number for row in rows}


def latest(cycle: Cycle, kind: str) -> Notice | None:
    """The last notice of a kind in a cycle."""
    return cycle.notices.filter(kind=kind).order_by("-pk").first()


def open_notices(cycle: Cycle) -> list[Notice]:
    """Notices whose clock still runs or has not been closed."""
    return list(cycle.notices.filter(days__gt=0, closed_at=None).defer("items", "body").order_by("pk"))


def waiting_objections(notice: Notice) -> int:
    """Formal objections not yet answered: they hold the gate (Q15)."""
    return Objection.objects.filter(notice=notice, formal=True, status__in=["received", "investigating"]).count()
