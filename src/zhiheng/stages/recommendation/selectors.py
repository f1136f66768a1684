"""Reading recommendations."""

from __future__ import annotations

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.rules.lifecycle import EntryStatus
from zhiheng.stages.application.models import Entry
from zhiheng.stages.recommendation.models import Recommendation


def of(entry: Entry) -> Recommendation | None:
    """The entry's recommendation record, if the recommender has begun."""
    return Recommendation.objects.filter(entry=entry).select_related("notice").first()


def unfinished(cycle: Cycle) -> list[Entry]:
    """Submitted entries on which the recommender has not concluded."""
    return list(cycle.entries.filter(status=EntryStatus.SUBMITTED.value).order_by("code"))
