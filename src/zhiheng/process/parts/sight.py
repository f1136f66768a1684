"""An entry as one actor sees it: opened once, then asked part by part."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process import reach
from zhiheng.process.parts.audience import Part, admits
from zhiheng.process.parts.standing import veil_of
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage
from zhiheng.rules.pack import Pack
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Seat
from zhiheng.stages.panel.selectors import barred_by_conflict

#: What an entry's page reads with it.
WITH = ("cycle", "party__employer", "party__person", "recommender", "owner")


@dataclass(frozen=True)
class Sight:
    """Who looks at which entry. status: as they may know it; barred: they have a standing conflict and read nothing of its content."""

    acting: Acting
    entry: Entry
    status: EntryStatus
    barred: bool

    @property
    def pack(self) -> Pack:
        """The rules of the entry's cycle."""
        return rules_of(self.entry.cycle)

    @cached_property
    def seats(self) -> frozenset[int]:
        """The panels of the entry (pk) on which the acting person sits now, in whatever role they look. One query, once."""
        rows = Seat.objects.filter(expert__person=self.acting.person, panel__entries=self.entry, vacated_at=None)
        return frozenset(rows.values_list("panel", flat=True)) if self.acting.person else frozenset()

    def reached(self, stage: Stage) -> bool:
        """Whether the cycle has come to a stage, or lies behind one that its pack does not have."""
        order = list(Stage)
        return order.index(Stage(self.entry.cycle.stage)) >= order.index(stage)

    def admits(self, part: Part) -> bool:
        """Whether this part is theirs to read."""
        return admits(part, self.acting.role) and not self.barred


def look_at(acting: Acting, code: str) -> Sight:
    """Open an entry for an actor. Raises reach.Unreachable for one that is not there or not theirs."""
    entry = reach.entries(acting).select_related(*WITH).filter(code=code).first()
    if entry is None:
        raise reach.Unreachable(code)
    return sight_of(acting, entry)


def sight_of(acting: Acting, entry: Entry) -> Sight:
    """The sight of an entry that the actor is known to reach."""
    shown = veil_of(acting.role, [entry.cycle]).shown(entry.cycle_id, entry.status)
    person = acting.person
    barred = person is not None and acting.role != Role.APPLICANT and barred_by_conflict(person.pk, entry)
    return Sight(acting, entry, shown, barred)
