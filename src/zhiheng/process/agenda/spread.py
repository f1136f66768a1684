"""Whether sheets lie so far apart that the panel must agree (Q2)."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping

from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process.agenda.bench import Bench
from zhiheng.rules import scoring
from zhiheng.stages.application.models import Entry
from zhiheng.stages.review import facts
from zhiheng.stages.review.models import Sheet

MOST = 4096
#: Digests of the sheets of an entry → whether they lie apart. A sheet never changes and its digest names entry, expert and marks, so what
#: the rule once said of them stands; least recently asked first, so that those go first.
_known: OrderedDict[frozenset[str], bool] = OrderedDict()


def must_agree(table: Bench, entries: Iterable[Entry], round: str) -> frozenset[int]:  # noqa: A002
    """Of these entries, all of whose sheets are in, those (pk) whose panel must agree on the marks. One query at most."""
    asked = [entry for entry in entries if entry.pk in table.digests]
    always = {e.pk for e in asked if rules_of(e.cycle).parameters.material_aggregation.value == "consensus"}
    judged = [entry for entry in asked if entry.pk not in always]
    _learn(table, [entry for entry in judged if table.digests[entry.pk] not in _known], round)
    return frozenset(always | {entry.pk for entry in judged if _recall(table.digests[entry.pk])})


def _recall(digests: frozenset[str]) -> bool:
    _known.move_to_end(digests)
    return _known[digests]


def _learn(table: Bench, entries: list[Entry], round: str) -> None:  # noqa: A002
    """Ask the rule about entries that it was not asked about before."""
    if not entries:
        return
    sheets: dict[int, list[Mapping[str, str]]] = defaultdict(list)
    rows = Sheet.objects.filter(entry__in=[entry.pk for entry in entries], round=round, voided_at=None)
    for pk, marks in rows.values_list("entry", "marks"):
        sheets[pk].append(marks)
    while len(_known) > MOST - len(entries) and _known:
        _known.popitem(last=False)
    for entry in entries:
        pack = rules_of(entry.cycle)
        scheme = pack.scheme(entry.award, entry.category)
        found = scoring.spread([facts.marks(marks) for marks in sheets[entry.pk]], scheme, pack.parameters)
        _known[table.digests[entry.pk]] = found.value is not None and scoring.needs_consensus(found.value)
