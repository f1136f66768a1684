"""The rows of the list of entries: read as plain values and written as they are drawn, since there may be five hundred."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from zhiheng.faces.shared.house import TONES
from zhiheng.faces.shared.official import day
from zhiheng.foundation import industries
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process.parts import Veil
from zhiheng.rules.lifecycle import STATUS_TITLES
from zhiheng.stages.application.models import Entry

FIELDS = (
    "code", "name", "party__employer__name", "award", "category", "recommender__city", "recommender__name", "industry", "status",
    "cycle_id", "submitted_at",
)  # fmt: skip
ANY = "-code-"  # stands for an entry's code in the one address that is made for all rows


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as the list shows it; employer: of a person; status: as the reader may know it."""

    code: str
    url: str
    name: str
    employer: str
    kind: str
    city: str
    industry: str
    tone: str
    status: str
    submitted: str


def rows(entries: QuerySet[Entry], cycles: Iterable[Cycle], veil: Veil) -> list[Row]:
    """The entries in their order. One query, however many."""
    kinds = {(cycle.pk, *key): title for cycle in cycles for key, title in _kinds(cycle)}
    return list(_rows(entries, kinds, veil))


def _rows(entries: QuerySet[Entry], kinds: dict[tuple[int, str, str], str], veil: Veil) -> Iterator[Row]:
    divisions, before, after = industries.divisions(), *reverse("desk:entry", args=[ANY]).split(ANY)
    days: dict[datetime, str] = {}
    for code, name, employer, award, category, city, unit, industry, status, cycle, at in entries.values_list(*FIELDS):
        shown = veil.shown(cycle, status)
        if at is not None and at not in days:
            days[at] = day(at)
        yield Row(
            code, f"{before}{code}{after}", name, employer or "", kinds.get((cycle, award, category), award), city or unit,
            divisions.get(industry, ""), TONES[shown.value], STATUS_TITLES[shown], days[at] if at else "",
        )  # fmt: skip


def _kinds(cycle: Cycle) -> Iterator[tuple[tuple[str, str], str]]:
    """Award and category → their title; the category only where the award has several."""
    for award in rules_of(cycle).awards:
        for category in award.categories:
            yield (award.code, category.code), f"{award.title} · {category.title}" if len(award.categories) > 1 else award.title
