"""The fairest expected panel: the least likely person as likely as can be, then the next, and so on.

After B. Flanigan et al., Fair algorithms for selecting citizens' assemblies, Nature 596 (2021), carried over from people to types. Round by
round the least share that all open types can reach is maximized; then those types are closed that can reach no more. Whether a type can is
asked directly: raise the open types as far as they go; those that did not rise are asked again without the others, until nothing rises.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from zhiheng.foundation.lottery.solver import TOLERANCE, Line, Linear, Unknown, whole
from zhiheng.rules.lottery import Panel, Pool, is_lawful

#: Upper limit of a column, its shares by type, its entries in the rows of the set.
Column = tuple[float, Mapping[int, float], Mapping[int, float]]
#: How far below a maximum the search goes on from, so that rounding errors close no door.
_SLACK = 1e-10
#: How far a type rises at most when it is asked whether it can.
_RISE = 0.01


class Space(Protocol):
    """A convex set of expected panels, as columns of a linear program over the types' shares (count by people of the type)."""

    rows: list[tuple[float, float]]

    def columns(self) -> Iterable[Column]:
        """The columns known."""
        ...

    def price(self, duals: Sequence[float], own: Sequence[float]) -> Iterable[Column]:
        """Columns missing so far that would better an optimum with these dual values of the types and of the rows of the set."""
        ...


class Relaxed:
    """All expected panels that keep the quotas on average. The lawful ones are among them; mostly they are the same."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.rows = [(float(bound.least), float(bound.most)) for bound in pool.bounds]

    def columns(self) -> Iterable[Column]:
        """One for each type."""
        for place, count in enumerate(self._pool.counts):
            yield 1.0, {place: 1.0}, {row: float(count) for row, bound in enumerate(self._pool.bounds) if place in bound.members}

    def price(self, duals: Sequence[float], own: Sequence[float]) -> Iterable[Column]:  # noqa: ARG002
        """Nothing is missing."""
        return ()


class Hull:
    """All mixtures of lawful panels; panels join when they better something."""

    def __init__(self, pool: Pool, panels: Iterable[Panel]) -> None:
        self._pool = pool
        self.panels = list(dict.fromkeys(panels))
        self.rows = [(1.0, 1.0)]

    def columns(self) -> Iterable[Column]:
        """One for each panel known."""
        return [self._column(panel) for panel in self.panels]

    def price(self, duals: Sequence[float], own: Sequence[float]) -> Iterable[Column]:
        """The panel of greatest worth, if it is worth more than those in the mixture."""
        worth = [-dual / count for dual, count in zip(duals, self._pool.counts, strict=True)]
        panel = best_panel(self._pool, worth)
        gain = -own[0] + sum(one * taken for one, taken in zip(worth, panel, strict=True))
        if gain <= TOLERANCE / 100 or panel in self.panels:
            return ()
        self.panels.append(panel)
        return [self._column(panel)]

    def _column(self, panel: Panel) -> Column:
        shares = {place: taken / count for place, (taken, count) in enumerate(zip(panel, self._pool.counts, strict=True)) if taken}
        return math.inf, shares, {0: 1.0}


def best_panel(pool: Pool, worth: Sequence[float]) -> Panel:
    """The lawful panel of greatest worth. Raises LookupError when no panel is lawful."""
    unknowns = [Unknown(0, count, value) for count, value in zip(pool.counts, worth, strict=True)]
    lines = [Line(dict.fromkeys(bound.members, 1.0), bound.least, bound.most) for bound in pool.bounds]
    found = whole(unknowns, lines)
    if found is None:
        raise LookupError("no panel is lawful")
    panel = tuple(int(value) for value in found)
    if not is_lawful(panel, pool):
        raise ArithmeticError("the solver's panel is not lawful")
    return panel


class Ladder:
    """The program that is climbed: each type's share is at least its floor, plus the common level if open, plus its own rise."""

    def __init__(self, pool: Pool, space: Space) -> None:
        self._types = range(len(pool.counts))
        self._space = space
        self._program = Linear([(0.0, math.inf)] * len(self._types) + space.rows)
        self._level = self._program.column(0, 1, dict.fromkeys(self._types, -1.0))
        self._rises = [self._program.column(0, 0, {place: -1.0}) for place in self._types]
        self._first = self._program.columns
        self._add(space.columns())
        self.weights: list[float] = []

    def _add(self, columns: Iterable[Column]) -> bool:
        before = self._program.columns
        for upper, shares, own in columns:
            self._program.column(0, upper, {**shares, **{len(self._types) + row: value for row, value in own.items()}})
        return self._program.columns > before

    def _solve(self) -> list[float]:
        while True:
            found = self._program.solve()
            if found is None:
                raise ArithmeticError("the solver lost its way")
            types, own = found.duals[: len(self._types)], found.duals[len(self._types) :]
            if not self._add(self._space.price(types, own)):
                self.weights = found.values[self._first :]
                return found.values

    def climb(self) -> list[float]:
        """The leximin shares; `weights` then holds how much of each column the mixture takes."""
        shares = [0.0] * len(self._types)
        still = set(self._types)
        while still:
            level = self._highest()
            closed = self._closed(still, level)
            for place in closed:
                shares[place] = level
                self._program.entry(place, self._level, 0)
                self._program.row(place, level - _SLACK, math.inf)
            still -= closed
        return shares

    def _highest(self) -> float:
        for rise in self._rises:
            self._program.limit(rise, 0, 0)
            self._program.cost(rise, 0)
        self._program.limit(self._level, 0, 1)
        self._program.cost(self._level, 1)
        return self._solve()[self._level]

    def _closed(self, still: set[int], level: float) -> set[int]:
        """The open types that can rise no further than the level."""
        self._program.cost(self._level, 0)
        self._program.limit(self._level, max(level - _SLACK, 0), max(level - _SLACK, 0))
        asked = set(still)
        while True:
            for place in still:
                self._program.limit(self._rises[place], 0, _RISE if place in asked else 0)
                self._program.cost(self._rises[place], 1 if place in asked else 0)
            values = self._solve()
            risen = {place for place in asked if values[self._rises[place]] > TOLERANCE}
            if not risen:
                return asked
            if risen == asked:  # by rounding errors alone: something must be closed
                return {min(asked, key=lambda place: (values[self._rises[place]], place))}
            asked -= risen

    def reach(self, shares: Sequence[float]) -> float:
        """How far below the shares wanted the nearest mixture stays, at the worst type; 0 or less."""
        for place, share in enumerate(shares):
            self._program.row(place, share, math.inf)
        self._program.limit(self._level, -1, 0)
        self._program.cost(self._level, 1)
        return self._solve()[self._level]
