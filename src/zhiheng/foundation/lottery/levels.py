"""Leximin over the types of a joint lottery: the least likely expert first, then the next, by linear programs and their prices."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from zhiheng.foundation.lottery.grid import Grid
from zhiheng.foundation.lottery.solver import TOLERANCE, Linear

#: No share of a round has a larger denominator.
_LARGEST = 100_000


def fair_shares(grid: Grid) -> Any:
    """The expected seats of each type's people together (array).

    The level all can reach is raised as far as the needs allow; whoever has a price in that optimum can rise no further and keeps it.
    Where prices name nobody, each who is at the level is asked whether they alone could still rise.
    """
    kinds = len(grid.people)
    needs = [(float(low), float(high)) for low, high in zip(grid.least.tolist(), grid.most.tolist(), strict=True)]
    program = Linear([*needs, *[(0.0, math.inf)] * kinds])
    entries: list[dict[int, float]] = [{} for _ in grid.cells]
    for number, row in enumerate(grid.rows):
        for column in row.columns:
            entries[column][number] = 1.0
    for column, (kind, _place) in enumerate(grid.cells):
        program.column(0.0, float(grid.caps[column]), {**entries[column], len(needs) + kind: 1.0})
    sizes = [float(len(members)) for members in grid.people]
    level = program.column(0.0, math.inf, {len(needs) + kind: -sizes[kind] for kind in range(kinds)}, cost=1.0)
    shares = [0.0] * kinds
    rising = set(range(kinds))
    while rising:
        found = program.solve()
        if found is None:
            raise ArithmeticError("the solver lost its way")
        height = found.values[level]
        stuck = {kind for kind in rising if abs(found.duals[len(needs) + kind]) > TOLERANCE}
        if not stuck:
            stuck = _cannot_rise(program, grid, rising, height, sizes, len(needs), level) or set(rising)
        for kind in stuck:
            shares[kind] = exactly(height * sizes[kind])
            program.entry(len(needs) + kind, level, 0.0)
            program.row(len(needs) + kind, shares[kind] - TOLERANCE / 100, math.inf)
        rising -= stuck
    return grid.np.array(shares)


def exactly(value: float) -> float:
    """The fraction that the solver means, so that its rounding errors do not add up from level to level."""
    return float(Fraction(value).limit_denominator(_LARGEST)) if abs(value) > TOLERANCE else 0.0


def _cannot_rise(program: Linear, grid: Grid, rising: set[int], height: float, sizes: list[float], base: int, level: int) -> set[int]:
    """Of those at the level, who cannot have more while all others have the level."""
    columns: dict[int, list[int]] = {kind: [] for kind in rising}
    for column, (kind, _place) in enumerate(grid.cells):
        if kind in rising:
            columns[kind].append(column)
    program.limit(level, height - TOLERANCE, height + TOLERANCE)
    program.cost(level, 0.0)
    stuck = set()
    for kind in sorted(rising):
        for column in columns[kind]:
            program.cost(column, 1.0)
        found = program.solve()
        most = sum(found.values[column] for column in columns[kind]) if found else 0.0
        if most <= (height + TOLERANCE * 10) * sizes[kind]:
            stuck.add(kind)
        for column in columns[kind]:
            program.cost(column, 0.0)
    program.limit(level, 0.0, math.inf)
    program.cost(level, 1.0)
    return stuck
