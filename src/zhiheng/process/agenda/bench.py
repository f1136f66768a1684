"""A review round as it stands: who sits where, which sheets, agreements and reports there are, who is barred (F1–F3, G1–G4, K7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from zhiheng.process.agenda.scope import Scope
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Conflict, Draw, Panel, Seat
from zhiheng.stages.panel.selectors import STAGE_OF
from zhiheng.stages.review.models import Consensus, Report, Sheet


@dataclass(frozen=True, slots=True)
class Bench:
    """entries and panels by pk; panel_of: entry → panel; seats: panel → all its seats, vacated ones too; done: entry → experts with a
    sheet that stands; digests: entry → of the sheets that stand; agreed: entry → digests that the last consensus rests on; reported:
    entries; barred: (person, entry).
    """

    entries: dict[int, Entry]
    panels: dict[int, Panel]
    panel_of: dict[int, int]
    seats: dict[int, list[Seat]]
    done: dict[int, set[int]]
    digests: dict[int, frozenset[str]]
    agreed: dict[int, frozenset[str]]
    reported: frozenset[int]
    barred: frozenset[tuple[int, int]]

    def holders(self, panel: int) -> list[Seat]:
        """The seats that are taken."""
        return [seat for seat in self.seats[panel] if seat.vacated_at is None]

    def owing(self, entry: int) -> list[Seat]:
        """The seats whose sheet for the entry is missing: none stands of who sits there or sat there before (Q18)."""
        done, panel = self.done.get(entry, set()), self.panel_of[entry]
        every = {seat.pk: seat for seat in self.seats[panel]}
        found = []
        for holder in self.holders(panel):
            seat: Seat | None = holder
            while seat is not None and seat.expert_id not in done:
                seat = every[seat.succeeds_id] if seat.succeeds_id else None
            if seat is None:
                found.append(holder)
        return found

    def may(self, seat: Seat, entry: int) -> bool:
        """Whether who sits there may judge the entry: in the library and without a conflict."""
        return seat.expert.status == "active" and (seat.expert.person_id, entry) not in self.barred

    def tainted(self, entries: Iterable[Entry]) -> int:
        """How many sheets stand of experts who are barred from the entry."""
        persons = {seat.expert_id: seat.expert.person_id for seats in self.seats.values() for seat in seats}
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


def panels_of(scope: Scope, round: str) -> QuerySet[Panel]:  # noqa: A002
    """The panels of the draws that count that the role reaches: an expert's are those where they sit (T1)."""
    rows = Panel.objects.filter(draw__in=counting(scope, round))
    if scope.role == Role.EXPERT:
        rows = rows.filter(pk__in=Seat.objects.filter(expert__person=scope.person, vacated_at=None).values("panel"))
    if scope.entry is not None:
        rows = rows.filter(entries=scope.entry)
    return rows


def bench(scope: Scope, round: str) -> Bench:  # noqa: A002
    """Read the round in a fixed number of queries."""
    rows = panels_of(scope, round)
    panels = {panel.pk: panel for panel in rows}
    within = list(panels)
    standing = scope.standing(STAGE_OF[round]).filter(panels__in=within)
    entries = {entry.pk: entry for entry in scope.read(standing)}
    pairs = Panel.entries.through.objects.filter(panel__in=within).values_list("entry", "panel")
    for panel in panels.values():
        panel.cycle = scope.cycles[panel.cycle_id]
    seats: dict[int, list[Seat]] = defaultdict(list)
    for seat in Seat.objects.filter(panel__in=within).select_related("expert").only(*_SEAT).order_by("expert__code"):
        seats[seat.panel_id].append(seat)
    done: dict[int, set[int]] = defaultdict(set)
    digests: dict[int, set[str]] = defaultdict(set)
    for entry, expert, digest in Sheet.objects.filter(panel__in=within, voided_at=None).values_list("entry", "expert", "digest"):
        done[entry].add(expert)
        digests[entry].add(digest)
    agreed = Consensus.objects.filter(panel__in=within).order_by("version").values_list("entry", "sheets")
    reported = Report.objects.filter(panel__in=within).values_list("entry", flat=True)
    barred = Conflict.objects.filter(status="standing", entry__in=standing.values("pk")).values_list("person", "entry")
    return Bench(
        entries,
        panels,
        {entry: panel for entry, panel in pairs if entry in entries},
        seats,
        done,
        {entry: frozenset(found) for entry, found in digests.items()},
        {entry: frozenset(found) for entry, found in agreed},
        frozenset(reported),
        frozenset(barred),
    )


_SEAT = ("panel", "leader", "succeeds", "vacated_at", "expert__code", "expert__person", "expert__status")
