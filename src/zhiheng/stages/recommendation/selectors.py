"""Reading recommendations."""

from __future__ import annotations

from django.db.models import QuerySet

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.publicity.models import Objection
from zhiheng.rules.lifecycle import EntryStatus
from zhiheng.stages.application.models import Entry
from zhiheng.stages.recommendation.models import CityOpinion, Recommendation


def of(entry: Entry) -> Recommendation | None:
    """The entry's recommendation record, if the recommender has begun."""
    return Recommendation.objects.filter(entry=entry).select_related("notice").first()


def unfinished(cycle: Cycle) -> list[Entry]:
    """Submitted entries on which the recommender has not concluded."""
    return list(cycle.entries.filter(status=EntryStatus.SUBMITTED.value).order_by("code"))


def opinions(entry: Entry) -> QuerySet[CityOpinion]:
    """Departments' opinions on the application as it was last submitted: one returned and changed is a new one to ask about."""
    return entry.city_opinions.filter(given_at__gte=entry.submitted_at).order_by("pk")


def adverse(entry: Entry) -> list[CityOpinion]:
    """Departments whose last word on the application is against it."""
    last = {opinion.department: opinion for opinion in opinions(entry)}
    return [opinion for opinion in last.values() if not opinion.positive]


def objections(entry: Entry) -> list[str]:
    """Numbers of the formal objections against the application that are open or were upheld."""
    rows = Objection.objects.filter(notice__cycle=entry.cycle, entry=entry.code, formal=True).exclude(status="dismissed")
    return list(rows.order_by("pk").values_list("number", flat=True))
