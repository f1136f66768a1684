"""The panels of a draw: as they would be frozen now, as they are frozen, and whom they got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process import reach
from zhiheng.process.agenda.panels import AT_WORK
from zhiheng.process.papers.frame import industry_title
from zhiheng.rules.compose import Group, panel_title
from zhiheng.rules.pack import Pack
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel import facts, selectors
from zhiheng.stages.panel.composing import frozen_groups, groups
from zhiheng.stages.panel.models import Draw, Grouping, Seat


@dataclass(frozen=True, slots=True)
class Member:
    """An entry before a panel: industry and city as people read them."""

    code: str
    name: str
    industry: str
    city: str


@dataclass(frozen=True, slots=True)
class Table:
    """A panel: its title, number of experts, entries, and what kinds of experts it needs (Chinese)."""

    code: str
    title: str
    size: int
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Chair:
    """A seat as the room shows it. chance: tickets that hold the expert; name, employer: "" for who may not see them; working: whether a
    sheet was handed in, which answers the invitation."""

    seat: Seat
    name: str
    employer: str
    chance: int | None
    working: bool


@dataclass(frozen=True, slots=True)
class Bench:
    """A drawn panel with everybody who sits or sat on it. entries: codes of what it judges."""

    title: str
    code: str
    pk: int
    entries: tuple[str, ...]
    chairs: tuple[Chair, ...]


def composed(cycle: Cycle, name: str) -> list[Table]:
    """As the round would be frozen now."""
    rows = selectors.round_entries(cycle, name)
    known = facts.entries(rows)
    return [_table(group, {e.code: e for e in known}, _names(rows), rules_of(cycle)) for group in groups(cycle, name, known)]


def changes(cycle: Cycle, name: str) -> list[dict[str, Any]]:
    """What was changed by hand: text, reason, by, at."""
    kept = Grouping.objects.filter(cycle=cycle, round=name).first()
    return kept.changes if kept else []


def frozen(draw: Draw) -> list[Table]:
    """As they are frozen. One query."""
    made = frozen_groups(draw.frozen)
    codes = [code for group in made for code in group.entries]
    names = dict(Entry.objects.filter(cycle=draw.cycle, code__in=codes).values_list("code", "name"))
    pack, found = rules_of(draw.cycle), []
    for group, spec in zip(made, draw.frozen["panels"], strict=True):
        known = {e["code"]: _Plain(e["industry"], e["city"]) for e in spec["entries"]}
        found.append(_table(group, known, names, pack))
    return found


@dataclass(frozen=True, slots=True)
class _Plain:
    industry: str
    city: str


def _table(group: Group, known: Mapping[str, Any], names: Mapping[str, str], pack: Pack) -> Table:
    members = tuple(Member(code, names.get(code, ""), industry_title(known[code].industry), known[code].city) for code in group.entries)
    return Table(group.code, panel_title(group, pack), group.size, members)


def _names(rows: Sequence[Entry]) -> dict[str, str]:
    return {row.code: row.name for row in rows}


def names_of(acting: Acting, codes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Expert → name and employer, of those whom the reader may see by name. One query."""
    rows = reach.experts(acting).filter(code__in=codes)
    return {code: (name, employer) for code, name, employer in rows.values_list("code", "person__name", "employer")}


def drawn(acting: Acting, draw: Draw, chances: Mapping[str, int]) -> list[Bench]:
    """The drawn panels, leaders first, then in the order of seating; who left stands where they sat. Few queries, however many."""
    pack, found = rules_of(draw.cycle), []
    rows = list(selectors.with_seats(draw.panels.order_by("code")))
    known = names_of(acting, [seat.expert.code for row in rows for seat in row.seats.all()])
    at_work = set(Seat.objects.filter(AT_WORK, panel__draw=draw).values_list("pk", flat=True))
    for row in rows:
        seats = sorted(row.seats.all(), key=lambda seat: (seat.vacated_at is not None, not seat.leader, seat.pk))
        chairs = tuple(
            Chair(seat, *known.get(seat.expert.code, ("", "")), chances.get(seat.expert.code), seat.pk in at_work) for seat in seats
        )
        found.append(Bench(panel_title(row, pack), row.code, row.pk, tuple(sorted(e.code for e in row.entries.all())), chairs))
    return found
