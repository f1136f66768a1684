"""Reading the site-visit list."""

from __future__ import annotations

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.rules.lifecycle import Stage, entering_status
from zhiheng.stages.application.models import Entry
from zhiheng.stages.shortlist.models import Shortlist


def incoming(cycle: Cycle) -> list[Entry]:
    """The entries that reached the material threshold, in order of their codes."""
    status = entering_status(rules_of(cycle).line, Stage.SHORTLIST)
    return list(
        cycle.entries.filter(status=status.value).select_related("party__employer", "recommender", "owner", "cycle").order_by("code")
    )


def of(cycle: Cycle) -> Shortlist | None:
    """The cycle's shortlist record."""
    return Shortlist.objects.filter(cycle=cycle).select_related("notice").first()
