"""A fair lottery over all panels of a round together, since they share experts: probabilities that are leximin-fair, then tickets.

1. The wanted kinds of experts that cannot be had are given up, as few by weight as possible; that is part of the lottery.
2. The expected seats of the experts are made leximin-fair: the least likely as likely as can be, then the next. This is asked of the
   program in fractions, which allows at least what seatings do; the tickets then show that it can be had.
3. Of all ways to have them, one far from every limit is taken, so that each panel can be of as many different people as possible.
4. It is rounded to whole numbers for all tickets together, and halved again and again, each half keeping every need, down to single
   seatings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from zhiheng.foundation.lottery import colliding
from zhiheng.foundation.lottery.grid import Grid
from zhiheng.foundation.lottery.halving import Halving
from zhiheng.foundation.lottery.levels import fair_shares
from zhiheng.foundation.lottery.solver import TOLERANCE, Box, inside
from zhiheng.rules.decision import Decision, decide, no
from zhiheng.rules.draw import CITED, Seating, candidates
from zhiheng.rules.draw_record import Frozen

#: Told how many tickets are ready, of how many.
Progress = Callable[[int, int], None]
#: With more columns the middle of all ways takes too long to find, and a corner is taken.
_LARGE = 40_000
_BILLION = 10**9
#: So little over or under a whole number of tickets is that number.
_SLIGHT = 1e-4


def unheard(_done: int, _of: int) -> None:
    """Progress that nobody follows."""


@dataclass(frozen=True, slots=True)
class Joint:
    """The lottery. expected: each candidate's seats on average before rounding, by code, to nine places; short: what it goes without."""

    expected: Mapping[str, Fraction]
    short: Mapping[tuple[str, str], int]
    tickets: tuple[Seating, ...]


def build(frozen: Frozen, tickets: int, progress: Progress = unheard) -> Decision[Joint]:
    """The lottery of a frozen draw; refused, with the needs that collide and what would do, when no seating is lawful.

    The same frozen draw gives the same lottery.
    """
    article, duty = CITED[frozen.round]
    known = candidates(frozen)
    if not known:
        return no("没有可以抽取的专家，请补充专家库", article=article, duty=duty, code="nobody")
    grid = Grid(known, frozen.panels)
    short = colliding.least_short(grid, frozen.weights)
    if short is None:
        return decide(colliding.reasons(grid, frozen, article, duty))
    grid.relax(short)
    shares = fair_shares(grid)
    expected = {
        one.code: Fraction(round(shares[kind] / len(members) * _BILLION), _BILLION)
        for kind, members in enumerate(grid.people)
        for one in members
    }
    total = _total(grid, shares, tickets)
    seatings = Halving(grid, tickets, progress).split(total)
    return decide((), Joint(dict(sorted(expected.items())), short, tuple(_named(grid, seatings))))


def _total(grid: Grid, shares: Any, tickets: int) -> Any:
    """How often each cell is taken over all tickets, in whole numbers."""
    np = grid.np
    every = np.arange(len(grid.cells))
    least, most = grid.least.astype("float64"), grid.most.astype("float64")
    least[grid.loads :] = shares - TOLERANCE
    most[grid.loads :] = np.minimum(most[grid.loads :], shares + TOLERANCE)
    box = Box(grid.matrix, every, np.zeros(len(every)), grid.caps, least, most, np.zeros(len(every)))
    exact = inside(box, whole=False, middle=len(every) <= _LARGE)
    if exact is None:
        raise ArithmeticError("the solver lost its way")
    share = shares * tickets
    floor = np.floor(exact * tickets + _SLIGHT).astype("int64")
    ceil = np.ceil(exact * tickets - _SLIGHT).astype("int64")
    for wider in (0, 1, tickets):
        lower, upper = np.maximum(floor - wider, 0), np.minimum(np.maximum(ceil, floor) + wider, grid.caps * tickets)
        least, most = grid.least * tickets, grid.most * tickets
        least[grid.loads :] = np.floor(share + _SLIGHT)
        most[grid.loads :] = np.minimum(most[grid.loads :], np.ceil(share - _SLIGHT))
        total = inside(Box(grid.matrix, every, lower, upper, least, most, np.zeros(len(every))), whole=True, gap=1.0)
        if total is not None:
            return total
    return None


def _named(grid: Grid, seatings: Sequence[Any]) -> list[Seating]:
    """The seatings with people: those of a type take turns, so that over all tickets none sits more than once oftener than another."""
    turn = [0] * len(grid.people)
    found: list[Seating] = []
    for columns, values in seatings:
        seating: dict[str, list[str]] = {spec.code: [] for spec in grid.panels}
        for column, count in zip(columns.tolist(), values.tolist(), strict=True):
            kind, place = grid.cells[column]
            members = grid.people[kind]
            seating[grid.panels[place].code] += [members[(turn[kind] + step) % len(members)].code for step in range(count)]
            turn[kind] = (turn[kind] + count) % len(members)
        found.append({code: tuple(sorted(codes)) for code, codes in seating.items()})
    return found
