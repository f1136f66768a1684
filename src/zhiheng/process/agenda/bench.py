"""A review round as it stands: who sits where, which sheets, agreements and reports there are, who is barred (F1–F3, G1–G4, K7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from zhiheng.foundation.question import Question
from zhiheng.process.agenda.scope import COLUMNS, Scope
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Conflict, Draw, Panel, Seat
from zhiheng.stages.panel.selectors import STAGE_OF
from zhiheng.stages.review.models import Consensus, Report, Sheet

#: In the order of the models, as `from_db` wants them.
PANEL = tuple(field.attname for field in Panel._meta.concrete_fields if field.name in ("id", "code", "cycle", "round"))
ENTRY = tuple(field.attname for field in Entry._meta.concrete_fields if field.name in ("id", *COLUMNS))
PLACE = ("panel", "pk", "leader", "succeeds", "vacated_at", "expert", "expert__person", "expert__status")


def _standing(round: str, statuses: Any, **where: Any) -> QuerySet[Any, Any]:  # noqa: A002
    """Panels with their entries of these statuses, by the entries' codes."""
    rows = Panel.entries.through._default_manager.filter(panel__round=round, entry__status__in=statuses).filter(**where)
    return rows.order_by("entry__code").values_list(*(f"panel__{name}" for name in PANEL), *(f"entry__{name}" for name in ENTRY))


def _sitting(round: str, statuses: Any, cycles: Any, person: Any) -> QuerySet[Any, Any]:  # noqa: A002
    mine = {"panel__seats__expert__person": person, "panel__seats__vacated_at": None}
    return _standing(round, statuses, panel__cycle__in=cycles, **mine)


def _barred(panels: Any) -> QuerySet[Any, Any]:
    return Conflict.objects.filter(status="standing", entry__panels__in=panels).values_list("person", "entry")


_seated = Question(_sitting)
_seated_for = Question(lambda *asked: _sitting(*asked[:-1]).filter(panel__entries=asked[-1]))
_drawn = Question(lambda stage, statuses, draws: _standing(stage, statuses, panel__draw__in=draws))
_drawn_for = Question(lambda stage, statuses, draws, entry: _standing(stage, statuses, panel__draw__in=draws).filter(panel__entries=entry))
_seats = Question(lambda panels: Seat.objects.filter(panel__in=panels).order_by("expert__code").values_list(*PLACE))
_sheets = Question(lambda panels: Sheet.objects.filter(panel__in=panels, voided_at=None).values_list("entry", "expert", "digest"))
_consensuses = Question(lambda panels: Consensus.objects.filter(panel__in=panels).order_by("version").values_list("entry", "sheets"))
_reports = Question(lambda panels: Report.objects.filter(panel__in=panels).values_list("entry", flat=True))
_bars = Question(_barred)
_bars_of = Question(lambda panels, person: _barred(panels).filter(person=person))


class Place(NamedTuple):
    """A seat with what matters of its expert."""

    panel: int
    pk: int
    leader: bool
    succeeds: int | None
    vacated: datetime | None
    expert: int
    person: int
    status: str


@dataclass(frozen=True, slots=True)
class Bench:
    """entries and panels by pk; panel_of: entry → panel; seats: panel → all its seats, vacated ones too; owing: entry → seats whose sheet
    is missing; done: entry → experts with a sheet that stands; digests: entry → of the sheets that stand; agreed: entry → digests that the
    last consensus rests on; reported: entries; barred: (person, entry).
    """

    entries: dict[int, Entry]
    panels: dict[int, Panel]
    panel_of: dict[int, int]
    seats: dict[int, list[Place]]
    owing: dict[int, list[Place]]
    done: dict[int, set[int]]
    digests: dict[int, frozenset[str]]
    agreed: dict[int, frozenset[str]]
    reported: frozenset[int]
    barred: frozenset[tuple[int, int]]

    def asked(self, scope: Scope) -> list[Entry]:
        """The entries that are asked about: all, or the one."""
        return [entry for entry in self.entries.values() if scope.entry is None or entry.pk == scope.entry.pk]

    def holders(self, panel: int) -> list[Place]:
        """The seats that are taken."""
        return [seat for seat in self.seats[panel] if seat.vacated is None]

    def may(self, seat: Place, entry: int) -> bool:
        """Whether who sits there may judge the entry: in the library and without a conflict."""
        return seat.status == "active" and (seat.person, entry) not in self.barred

    def tainted(self, entries: Iterable[Entry]) -> int:
        """How many sheets stand of experts who are barred from the entry."""
        persons = {seat.expert: seat.person for seats in self.seats.values() for seat in seats}
        return sum((persons[expert], entry.pk) in self.barred for entry in entries for expert in self.done.get(entry.pk, ()))

    def is_agreed(self, entry: int) -> bool:
        """Whether the panel has agreed on the sheets that stand now."""
        return entry in self.agreed and self.agreed[entry] == self.digests.get(entry)

    def is_outdated(self, entry: int) -> bool:
        """Whether the sheets have changed since the panel agreed."""
        return entry in self.agreed and not self.is_agreed(entry)


def counting(scope: Scope, round: str) -> list[int]:  # noqa: A002
    """The draws (pk) that count, one a cycle: of those drawn the highest version."""
    drawn = Draw.objects.filter(cycle__in=list(scope.cycles), round=round, drawn_at__isnull=False).order_by("version")
    return list(dict(drawn.values_list("cycle", "pk")).values())


def bench(scope: Scope, round: str) -> Bench:  # noqa: A002
    """Read the round in a fixed number of queries. Of an expert the panels where they sit (T1); what a panel owes as one is read only
    where some entry has all its sheets.
    """
    entries, panels, panel_of = _judged(scope, round)
    within = tuple(panels)
    seats: dict[int, list[Place]] = defaultdict(list)
    for row in _seats(within):
        seats[row[0]].append(Place(*row))
    done: dict[int, set[int]] = defaultdict(set)
    digests: dict[int, set[str]] = defaultdict(set)
    for entry, expert, digest in _sheets(within):
        done[entry].add(expert)
        digests[entry].add(digest)
    owing = _owing(panel_of, seats, done)
    barred = _bars_of(within, scope.person) if scope.role == Role.EXPERT and scope.person else _bars(within)
    agreed: dict[int, frozenset[str]] = {}
    reported: frozenset[int] = frozenset()
    if not all(owing.values()):
        agreed = {entry: frozenset(sheets) for entry, sheets in _consensuses(within)}
        reported = frozenset(_reports(within))
    return Bench(
        entries,
        panels,
        panel_of,
        seats,
        owing,
        done,
        {entry: frozenset(found) for entry, found in digests.items()},
        agreed,
        reported,
        frozenset(barred),
    )


def _judged(scope: Scope, round: str) -> tuple[dict[int, Entry], dict[int, Panel], dict[int, int]]:  # noqa: A002
    """The entries that are judged and their panels, and which is whose: in one query, each thing made once."""
    entering = tuple(scope.entering(STAGE_OF[round]))
    if scope.role == Role.EXPERT:
        assert scope.person is not None  # an expert is a person
        asked = (round, entering, tuple(scope.cycles), scope.person)
        # with the panel's other entries: it hands in for all of them
        rows = _seated(*asked) if scope.entry is None else _seated_for(*asked, scope.entry.pk)
    else:
        drawn = tuple(counting(scope, round))
        rows = _drawn(round, entering, drawn) if scope.entry is None else _drawn_for(round, entering, drawn, scope.entry.pk)
    entries: dict[int, Entry] = {}
    panels: dict[int, Panel] = {}
    panel_of: dict[int, int] = {}
    for row in rows:
        panel, entry = row[0], row[len(PANEL)]
        if panel not in panels:
            panels[panel] = Panel.from_db(DEFAULT_DB_ALIAS, PANEL, row[: len(PANEL)])
            panels[panel].cycle = scope.cycles[panels[panel].cycle_id]
        found = entries[entry] = Entry.from_db(DEFAULT_DB_ALIAS, ENTRY, row[len(PANEL) :])
        found.cycle = scope.cycles[found.cycle_id]
        panel_of[entry] = panel
    return entries, panels, panel_of


def _owing(panel_of: dict[int, int], seats: dict[int, list[Place]], done: dict[int, set[int]]) -> dict[int, list[Place]]:
    """Entry → the seats whose sheet for it is missing: none stands of who sits there or sat there before (Q18)."""
    lines = {panel: [(seat, _line(seat, found)) for seat in found if seat.vacated is None] for panel, found in seats.items()}
    none: set[int] = set()
    return {entry: [s for s, experts in lines[panel] if experts.isdisjoint(done.get(entry, none))] for entry, panel in panel_of.items()}


def _line(seat: Place, seats: list[Place]) -> set[int]:
    """Who sits there and who sat there before (experts)."""
    every = {one.pk: one for one in seats}
    found, at = {seat.expert}, seat
    while at.succeeds:
        at = every[at.succeeds]
        found.add(at.expert)
    return found
