"""Whether sheets lie so far apart that the panel must agree (Q2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import cast

from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.packs.selectors import pack_of
from zhiheng.rules import scoring
from zhiheng.stages.application.models import Entry
from zhiheng.stages.review import facts
from zhiheng.stages.review.models import Sheet

Marks = tuple[tuple[str, str], ...]


def must_agree(entries: Iterable[Entry], round: str) -> frozenset[int]:  # noqa: A002
    """Of these entries, all of whose sheets are in, those (pk) whose panel must agree on the marks. One query."""
    asked = {entry.pk: entry for entry in entries}
    if not asked:
        return frozenset()
    sheets: dict[int, list[Mapping[str, str]]] = defaultdict(list)
    rows = Sheet.objects.filter(entry__in=list(asked), round=round, voided_at=None).order_by("digest")
    for entry, marks in rows.values_list("entry", "marks"):
        sheets[entry].append(marks)
    return frozenset(pk for pk, found in sheets.items() if _must(asked[pk], found))


def _must(entry: Entry, sheets: list[Mapping[str, str]]) -> bool:
    if rules_of(entry.cycle).parameters.material_aggregation.value == "consensus":
        return True
    return _wide(entry.cycle.pack_id, entry.award, entry.category, tuple(tuple(marks.items()) for marks in sheets))


@lru_cache(maxsize=4096)
def _wide(pack: str, award: str, category: str, sheets: tuple[Marks, ...]) -> bool:
    """By the rule itself, remembered: a sheet that was handed in does not change."""
    rules = pack_of(pack)
    found = scoring.spread([facts.marks(dict(marks)) for marks in sheets], rules.scheme(award, category), rules.parameters)
    return scoring.needs_consensus(cast("scoring.Spread", found.value))
