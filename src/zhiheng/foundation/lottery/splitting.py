"""From expected panels to whole ones: rounding a total, and splitting it into panels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from zhiheng.foundation.lottery.solver import TOLERANCE, Line, Linear, Unknown, whole
from zhiheng.rules.lottery import Panel, Pool, is_lawful
from zhiheng.rules.lottery_split import Bundle, Window, is_splittable, times, window, without

_WIDER = ((0, 1), (-1, 2), (-3, 4))
#: How far from the best panel the next one may be. Any that fits will do; a good one makes the splitting shorter.
_GAP = 0.5
_NEARBY = (1, 3, 8)


def rounded(shares: Sequence[Fraction], panels: int, pool: Pool) -> list[int] | None:
    """The splittable total of `panels` panels next to the expected counts; None when there is none near."""
    exact = [share * panels for share in shares]
    base = [min(max(math.floor(value), 0), panels * count) for value, count in zip(exact, pool.counts, strict=True)]
    lines = [Line(dict.fromkeys(b.members, 1.0), panels * b.least - b.count(base), panels * b.most - b.count(base)) for b in pool.bounds]
    for lower, upper in _WIDER:
        unknowns = [
            Unknown(max(lower, -floor), min(upper, panels * count - floor), float(2 * (value - floor) - 1))
            for value, floor, count in zip(exact, base, pool.counts, strict=True)
        ]
        step = whole(unknowns, lines)
        if step is not None:
            total = [floor + int(one) for floor, one in zip(base, step, strict=True)]
            return total if is_splittable(total, panels, pool) else None
    return None


def split(total: Sequence[int], panels: int, pool: Pool) -> tuple[list[Bundle], int]:
    """Panels that make up the total, and how many panels could not be found because the rest cannot be split."""
    finder = _Finder(pool)
    bundles: list[Bundle] = []
    left, rest = list(total), panels
    while rest:
        panel = finder.next(window(left, rest, pool), [taken / rest / count for taken, count in zip(left, pool.counts, strict=True)])
        # The solver reckons with rounding errors; what it answers counts only if it holds in whole numbers.
        count = times(left, rest, panel, pool) if panel and is_lawful(panel, pool) else 0
        if panel is None or count == 0:
            break
        bundles.append((panel, count))
        left, rest = without(left, panel, count), rest - count
    return bundles, rest


class _Finder:
    """Finds a panel in a window that takes most of those types of which most is left."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._program = Linear([(bound.least, bound.most) for bound in pool.bounds])
        for place in range(len(pool.counts)):
            self._program.column(0, 1, {row: 1.0 for row, bound in enumerate(pool.bounds) if place in bound.members})

    def next(self, where: Window, worth: Sequence[float]) -> Panel | None:
        """The panel; None when the window holds none."""
        for place, (lower, upper) in enumerate(where.types):
            self._program.limit(place, lower, upper)
            self._program.cost(place, worth[place])
        for row, (lower, upper) in enumerate(where.bounds):
            self._program.row(row, lower, upper)
        found = self._program.solve()
        if found is None:
            return None
        broken = {place for place, value in enumerate(found.values) if abs(value - round(value)) > TOLERANCE * 10}
        if not broken:
            return tuple(round(value) for value in found.values)
        # The optimum has a few broken counts. Mend them together with those whose change costs least; at last look everywhere.
        near = [place for place, (lower, upper) in enumerate(where.types) if lower < upper and place not in broken]
        near.sort(key=lambda place: (abs(found.reduced[place]), place))
        for factor in _NEARBY:
            if len(broken) * factor < len(near):
                panel = self._mend(where, worth, found.values, broken, near[: len(broken) * factor])
                if panel is not None:
                    return panel
        return self._mend(where, worth, [lower for lower, _ in where.types], set(range(len(worth))), [])

    def _mend(self, where: Window, worth: Sequence[float], values: Sequence[float], broken: set[int], near: Sequence[int]) -> Panel | None:
        """A whole panel near the values: only the broken counts and, by one, those near by may change."""
        full = len(broken) == len(values)
        moving = sorted({*broken, *near})
        unknowns = []
        for place in moving:
            lower, upper = where.types[place]
            reach = 0 if place in broken else 1
            if not full:
                lower, upper = max(lower, math.floor(values[place]) - reach), min(upper, math.ceil(values[place]) + reach)
            unknowns.append(Unknown(lower, upper, worth[place]))
        number = {place: index for index, place in enumerate(moving)}
        still = [0 if place in number else round(value) for place, value in enumerate(values)]
        lines = []
        for bound, (lower, upper) in zip(self._pool.bounds, where.bounds, strict=True):
            fixed = bound.count(still)
            lines.append(Line({number[place]: 1.0 for place in bound.members if place in number}, lower - fixed, upper - fixed))
        step = whole(unknowns, lines, gap=_GAP)
        if step is None:
            return None
        for place, index in number.items():
            still[place] = int(step[index])
        return tuple(still)
