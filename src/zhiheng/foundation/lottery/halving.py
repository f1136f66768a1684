"""Splitting the total of all tickets into seatings: halved again and again, each part keeping every need as often as it has tickets.

A total keeps each need so many times over as there are tickets. Halved in fractions it keeps them half as often; the halves are rounded
to whole numbers that still do, and no expert's number is off by more than one. Where a part cannot be split, those above it are split
in another way; where that does not help, the remaining seatings are sought singly, those first who have most to come.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zhiheng.foundation.lottery.grid import Grid
from zhiheng.foundation.lottery.solver import Box, inside

#: In how many ways a part is split before those above it are; from _WIDE on, cells may be off by one more.
_WAYS, _WIDE = 4, 2
#: Parts of more tickets are not split in another way: that would do everything again.
_SMALL = 40

#: The columns taken, ascending, and how often each.
Part = tuple[Any, Any]


class Halving:
    """One lottery's splitting."""

    def __init__(self, grid: Grid, tickets: int, progress: Callable[[int, int], None]) -> None:
        self._grid, self._tickets, self._progress = grid, tickets, progress
        self._ready = 0

    def split(self, total: Any | None) -> list[Part]:
        """One part a ticket: a lawful seating each. total: array of counts by column, None when there is none to start from."""
        np = self._grid.np
        if total is None:
            return self._singly(np.zeros(len(self._grid.cells), "int64"), self._tickets)
        columns = np.flatnonzero(total)
        return self._parts((columns, total[columns]), self._tickets) or self._given_up((columns, total[columns]), self._tickets)

    def _parts(self, part: Part, tickets: int) -> list[Part] | None:
        if tickets == 1:
            return [part]
        large = tickets > _SMALL
        for way in range(_WAYS):
            halves = self._halves(part, tickets, way)
            if halves is None:
                continue
            found: list[Part] = []
            for half, count in zip(halves, (tickets // 2, tickets - tickets // 2), strict=True):
                parts = self._parts(half, count)
                if parts is None and large:
                    parts = self._given_up(half, count)
                if parts is None:
                    break
                found += parts
            if len(found) == tickets:
                if large and tickets // 2 <= _SMALL:
                    self._ready += tickets
                    self._progress(min(self._ready, self._tickets), self._tickets)
                return found
        return None

    def _halves(self, part: Part, tickets: int, way: int) -> tuple[Part, Part] | None:
        """Two parts of half the tickets each. way: 0 takes the first that comes, others look elsewhere, at last wider."""
        np, grid = self._grid.np, self._grid
        columns, counts = part
        half = tickets // 2
        floor, rest = np.divmod(counts * half, tickets)
        total = grid.activity(columns, counts)
        least = np.maximum(np.maximum(grid.least * half, total - grid.most * (tickets - half)), total * half // tickets)
        most = np.minimum(np.minimum(grid.most * half, total - grid.least * (tickets - half)), -(-total * half // tickets))
        if way < _WIDE:
            lower, upper = floor, floor + (rest > 0)
        else:
            caps = grid.caps[columns]
            lower = np.maximum(np.maximum(floor - 1, 0), counts - caps * (tickets - half))
            upper = np.minimum(np.minimum(floor + 2, counts), caps * half)
        moving = np.flatnonzero(upper > lower)
        first = lower.copy()
        low = grid.activity(columns, lower)
        least, most = least - low, most - low
        if len(moving):
            worth = np.zeros(len(moving)) if way == 0 else ((columns[moving] * 7919 * (way + 1) + half * 104729) % 1009) / 1009.0
            step = inside(
                Box(grid.matrix, columns[moving], np.zeros(len(moving)), (upper - lower)[moving], least, most, worth), whole=True, gap=1.0
            )
            if step is None:
                return None
            first[moving] += step
        elif (least > 0).any() or (most < 0).any():
            return None
        second = counts - first
        return (columns[first > 0], first[first > 0]), (columns[second > 0], second[second > 0])

    def _given_up(self, part: Part, tickets: int) -> list[Part]:
        counts = self._grid.np.zeros(len(self._grid.cells), "int64")
        counts[part[0]] = part[1]
        return self._singly(counts, tickets)

    def _singly(self, counts: Any, tickets: int) -> list[Part]:
        """Lawful seatings one by one, each of those who have most still to come."""
        np, grid = self._grid.np, self._grid
        every = np.arange(len(grid.cells))
        kinds = np.array([kind for kind, _ in grid.cells])
        owed = np.bincount(kinds, counts, len(grid.people)) / np.array([len(members) for members in grid.people])
        found = []
        for left in range(tickets, 0, -1):
            worth = owed[kinds] / left
            seating = inside(Box(grid.matrix, every, np.zeros(len(every)), grid.caps, grid.least, grid.most, worth), whole=True)
            if seating is None:
                raise ArithmeticError("the solver lost its way")
            owed -= np.bincount(kinds, seating, len(grid.people)) / np.array([len(members) for members in grid.people])
            taken = np.flatnonzero(seating)
            found.append((taken, seating[taken]))
        return found
