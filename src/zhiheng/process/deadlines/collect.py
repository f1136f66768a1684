"""The deadlines of a cycle from all its stages, each read once; the number of queries does not grow with the entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.deadlines import periods, winners
from zhiheng.process.deadlines.model import PRESSING, Deadline, Kind, Undated
from zhiheng.process.deadlines.view import View
from zhiheng.rules.lifecycle import Role

SOURCES: dict[Kind, Callable[[View], Iterable[Deadline]]] = {
    Kind.APPLICATION: periods.application,
    Kind.PUBLICITY: periods.publicity,
    Kind.OBJECTION: periods.objections,
    Kind.SURVEY: periods.survey,
    Kind.VISIT: periods.visits,
    Kind.HANDOVER: periods.handover,
    Kind.MEETING: periods.meetings,
    Kind.WINDOW: winners.window,
    Kind.BAN: winners.bans,
}
#: The kinds that single entries wait for.
OF_ENTRIES = frozenset({Kind.PUBLICITY, Kind.OBJECTION, Kind.SURVEY, Kind.VISIT})
_PROCEDURE = frozenset({Kind.APPLICATION, Kind.PUBLICITY, Kind.SURVEY})
#: Which kinds a role sees; within a kind only what is within its reach. A role that is not named sees none.
KINDS: dict[Role, frozenset[Kind]] = {
    Role.OFFICE: frozenset(Kind),
    Role.INSPECTOR: frozenset(Kind),
    Role.CHAIR: _PROCEDURE | {Kind.HANDOVER, Kind.MEETING, Kind.WINDOW},
    Role.AGENCY: _PROCEDURE | {Kind.VISIT, Kind.HANDOVER},
    Role.RECOMMENDER: _PROCEDURE | {Kind.OBJECTION, Kind.WINDOW, Kind.BAN},
}
#: Who sees what is open after the award without a date.
_MONEY = frozenset({Role.OFFICE, Role.INSPECTOR})


def deadlines(acting: Acting, cycle: Cycle, kinds: frozenset[Kind] = frozenset(Kind)) -> list[Deadline]:
    """Every clock of the cycle that the role may see: late and due ones first, then by the last day; those without a day at the end.

    kinds: only these are asked for.
    """
    seen = KINDS.get(acting.role, frozenset()) & kinds
    view = View(acting, cycle)
    found = [one for kind, source in SOURCES.items() if kind in seen for one in source(view)]
    return sorted(found, key=_order)


def undated(acting: Acting, cycle: Cycle) -> list[Undated]:
    """What is open after the award though no rule says by when: prizes to pay or to take back, reports on their use (J3, J4, K2)."""
    return list(winners.open_matters(View(acting, cycle))) if acting.role in _MONEY else []


def by_day(found: Iterable[Deadline], first: date, last: date) -> dict[date, list[Deadline]]:
    """The days from `first` to `last` on which something begins or ends, with what, in the given order."""
    days: dict[date, list[Deadline]] = defaultdict(list)
    for one in found:
        for day in _days(one):
            if first <= day <= last:
                days[day].append(one)
    return days


def pressing(found: Iterable[Deadline]) -> list[Deadline]:
    """Those that stand in front."""
    return [one for one in found if one.pressing]


def _days(one: Deadline) -> Iterator[date]:
    """The days of a deadline that a month shows: its first and its last."""
    yield one.first
    if one.last is not None and one.last != one.first:
        yield one.last


def _order(one: Deadline) -> tuple[int, bool, date, str]:
    rank = PRESSING.index(one.state) if one.state in PRESSING else len(PRESSING)
    return rank, one.last is None, one.last or clock.today(), one.key
