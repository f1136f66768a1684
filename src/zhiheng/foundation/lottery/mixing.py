"""Tickets where a total cannot be split: known panels in the whole numbers that come nearest to the probabilities."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from zhiheng.foundation.lottery.solver import Line, Unknown, whole
from zhiheng.rules.lottery import Panel, Pool
from zhiheng.rules.lottery_split import Bundle, expected

#: Less than one: then nobody's count is off by one.
_CLOSE = 0.999
#: How far from its weight a panel's number may be, and how many nodes are searched for numbers that keep every type close.
_TRIES = ((1, 200), (3, 200))
_NODES = 200
_GAP = 0.1


def mixed(exact: Sequence[Bundle], further: Sequence[Panel], tickets: int, pool: Pool) -> list[Bundle]:
    """Panels, as many as tickets. Where it can be found, each type is taken as often as it should be, up to one; else nearly so."""
    weight = sum(count for _, count in exact)
    ideal = {panel: Fraction(count * tickets, weight) for panel, count in exact}
    wanted = [float(share * tickets) for share in expected(exact)]
    panels = list(ideal)
    lines = [Line(dict.fromkeys(range(len(panels)), 1.0), tickets, tickets)]
    lines += [Line(_taken(panels, place), goal - _CLOSE, goal + _CLOSE) for place, goal in enumerate(wanted)]
    for reach, nodes in _TRIES:
        unknowns = [Unknown(max(0, math.floor(value) - reach + 1), math.ceil(value) + reach - 1) for value in ideal.values()]
        found = whole(unknowns, lines, nodes=nodes)
        if found is not None:
            return _bundles(panels, found)
    panels = list(dict.fromkeys([*panels, *further]))
    return _bundles(panels, _nearest(panels, wanted, tickets, pool))


def _taken(panels: Sequence[Panel], place: int) -> dict[int, float]:
    return {index: float(panel[place]) for index, panel in enumerate(panels) if panel[place]}


def _bundles(panels: Sequence[Panel], counts: Sequence[float]) -> list[Bundle]:
    return [(panel, int(count)) for panel, count in zip(panels, counts, strict=False) if count]


def _nearest(panels: Sequence[Panel], wanted: Sequence[float], tickets: int, pool: Pool) -> list[float]:
    """The numbers with the smallest deviation of any person's count that a short search finds, then of all together."""
    number, types = len(panels), len(wanted)
    unknowns = [Unknown(0, tickets) for _ in panels]
    unknowns += [Unknown(0, tickets, -1.0, whole=False) for _ in wanted]  # each type's deviation by person
    unknowns.append(Unknown(0, tickets, -float(types), whole=False))  # the largest of them
    lines = [Line(dict.fromkeys(range(number), 1.0), tickets, tickets)]
    for place, (goal, count) in enumerate(zip(wanted, pool.counts, strict=True)):
        entries, away = _taken(panels, place), number + place
        lines.append(Line({**entries, away: float(count)}, goal, math.inf))
        lines.append(Line({**entries, away: -float(count)}, -math.inf, goal))
        lines.append(Line({away: -1.0, number + types: 1.0}, 0, math.inf))
    found = whole(unknowns, lines, gap=_GAP, nodes=_NODES)
    if found is None:
        raise ArithmeticError("the solver lost its way")
    return found
