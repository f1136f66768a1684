"""Reading final scores and candidate lists."""

from __future__ import annotations

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.rules.lifecycle import Stage, entering_status
from zhiheng.stages.application.models import Entry
from zhiheng.stages.nomination.models import CandidateList, Final


def incoming(cycle: Cycle) -> list[Entry]:
    """The entries that stand for nomination, in order of their codes."""
    status = entering_status(rules_of(cycle).line, Stage.NOMINATION)
    chosen = cycle.entries.filter(status=status.value)
    return list(chosen.select_related("party__employer", "owner", "recommender", "cycle").prefetch_related("bonus_claims").order_by("code"))


def finals(cycle: Cycle) -> dict[int, Final]:
    """Entry pk → the final score that counts."""
    rows = Final.objects.filter(entry__cycle=cycle).select_related("entry").order_by("version", "entry__code")
    return {row.entry_id: row for row in rows}


def candidates(cycle: Cycle) -> CandidateList | None:
    """The candidate list that counts."""
    return cycle.candidate_lists.order_by("-version").first()
