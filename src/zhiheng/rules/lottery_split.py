"""Splitting a total into panels: the whole-number arithmetic that keeps every step repeatable and exact.

A total says how often each type is to be taken over a number of panels. It can be split only if it keeps the quotas as often as there are
panels. One panel after another is taken off, each as many times as what is left can still be split by that measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from zhiheng.rules.lottery import Panel, Pool

#: Panels, each with the number of times it is taken.
Bundle = tuple[Panel, int]


@dataclass(frozen=True, slots=True)
class Window:
    """Where the next panel may lie: least and most of each type, least and most of each bound."""

    types: tuple[tuple[int, int], ...]
    bounds: tuple[tuple[int, int], ...]


def is_splittable(total: Sequence[int], panels: int, pool: Pool) -> bool:
    """Whether a total keeps the quotas, the size and the numbers of people `panels` times over."""
    within = all(0 <= taken <= panels * there for taken, there in zip(total, pool.counts, strict=True))
    return within and all(panels * bound.least <= bound.count(total) <= panels * bound.most for bound in pool.bounds)


def window(total: Sequence[int], panels: int, pool: Pool) -> Window:
    """The lawful panels after which the rest of the total is that of `panels` - 1 panels."""
    rest = panels - 1
    types = tuple((max(0, taken - rest * there), min(there, taken)) for taken, there in zip(total, pool.counts, strict=True))
    bounds = []
    for bound in pool.bounds:
        count = bound.count(total)
        bounds.append((max(bound.least, count - rest * bound.most), min(bound.most, count - rest * bound.least)))
    return Window(types, tuple(bounds))


def times(total: Sequence[int], panels: int, panel: Panel, pool: Pool) -> int:
    """How many times a panel can be taken off before the rest keeps the quotas no more; 0 when not once."""
    most = panels
    for taken, there, one in zip(total, pool.counts, panel, strict=True):
        most = min(most, _steps(taken, one), _steps(panels * there - taken, there - one))
    for bound in pool.bounds:
        count, one = bound.count(total), bound.count(panel)
        most = min(most, _steps(count - panels * bound.least, one - bound.least), _steps(panels * bound.most - count, bound.most - one))
    return max(most, 0)


def _steps(room: int, each: int) -> int:
    """How often `each` fits into `room`; without bound when it takes nothing."""
    if each < 0 or room < 0:
        return 0
    return room // each if each else 1 << 62


def without(total: Sequence[int], panel: Panel, count: int) -> list[int]:
    """What is left of a total."""
    return [taken - count * one for taken, one in zip(total, panel, strict=True)]


def expected(bundles: Sequence[Bundle]) -> tuple[Fraction, ...]:
    """How many people of each type a panel drawn from the bundles has on average."""
    weight = sum(count for _, count in bundles)
    sums = [0] * len(bundles[0][0])
    for panel, count in bundles:
        for place, taken in enumerate(panel):
            sums[place] += taken * count
    return tuple(Fraction(value, weight) for value in sums)


def seat(bundles: Sequence[Bundle], pool: Pool) -> tuple[tuple[str, ...], ...]:
    """One ticket for each time a panel is taken, with people's codes in ascending order.

    The people of a type take turns, so that over all tickets none of them appears more than once oftener than another.
    """
    turn = [0] * len(pool.people)
    tickets = []
    for panel, count in bundles:
        for _ in range(count):
            ticket: list[str] = []
            for place, taken in enumerate(panel):
                codes, start = pool.people[place], turn[place]
                ticket += [codes[(start + step) % len(codes)] for step in range(taken)]
                turn[place] = (start + taken) % len(codes)
            tickets.append(tuple(sorted(ticket)))
    return tuple(tickets)
