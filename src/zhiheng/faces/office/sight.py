"""A cycle's entries as one actor may know them: the rows within reach, and each where it may be said to stand (T1, T2).

A status that was decided and is not public yet is under the veil of `process.parts`: in the list, in each count, in filters, in the order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Case, CharField, Count, F, QuerySet, Value, When
from django.db.models.expressions import Combinable

from zhiheng.faces.office.figures import Cell, Figures
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.people.models import Unit
from zhiheng.process import reach
from zhiheng.process.parts import Veil, veil_of
from zhiheng.rules.lifecycle import EntryStatus
from zhiheng.stages.application.models import Entry

COUNTED = ("award", "category", "recommender__code", "industry", "status")


@dataclass(frozen=True)
class View:
    """The entries of a cycle for one actor; each part is asked for once."""

    acting: Acting
    cycle: Cycle

    @property
    def entries(self) -> QuerySet[Entry]:
        """The entries within reach."""
        return reach.entries(self.acting).filter(cycle=self.cycle)

    @cached_property
    def veil(self) -> Veil:
        """What of their statuses is not known to this role yet. One query at most."""
        return veil_of(self.acting.role, [self.cycle])

    def shown(self, status: str) -> EntryStatus:
        """A status as this role may know it."""
        return self.veil.shown(self.cycle.pk, status)

    @cached_property
    def shown_status(self) -> Combinable:
        """The same for the database, to put entries together by."""
        hidden = [(status.value, seen.value) for status in EntryStatus if (seen := self.shown(status.value)) != status]
        if not hidden:
            return F("status")
        return Case(*(When(status=status, then=Value(seen)) for status, seen in hidden), default=F("status"), output_field=CharField())

    @cached_property
    def figures(self) -> Figures:
        """The entries counted by all that the tables ask for. One query."""
        counts: Counter[tuple[str, str, str, str, EntryStatus]] = Counter()
        for *alike, status, count in self.entries.order_by().values_list(*COUNTED).annotate(count=Count("pk")):
            counts[*alike, self.shown(status)] += count
        return Figures(rules_of(self.cycle), self.acting.role, tuple(Cell(*alike, count) for alike, count in counts.items()))

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The recommenders of the entries, in the order in which they were set up. One query."""
        return tuple(Unit.objects.filter(code__in={cell.unit for cell in self.figures.cells}).order_by("pk"))
