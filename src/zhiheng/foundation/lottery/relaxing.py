"""When no panel is lawful: which quotas collide, and the smallest changes that would do."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from zhiheng.foundation.lottery.solver import Line, Unknown, whole
from zhiheng.rules.decision import Reason
from zhiheng.rules.lottery import Pool, Quota

#: A quota's number, and whether its least (else its most) is meant.
Side = tuple[int, bool]


def reasons(pool: Pool, quotas: Sequence[Quota]) -> list[Reason]:
    """The collision, and the changes, in Chinese."""
    people = sum(pool.counts)
    if people < pool.size:
        return [Reason(False, f"名单仅有{people}人，不足{pool.size}人，请补充人员或减少每组人数", code="size")]
    clash = "；".join(_said(quotas[number], least=least) for number, least in collision(pool))
    found = [Reason(False, f"每组{pool.size}人时，以下要求不能同时满足：{clash}", code="collision")]
    return found + [Reason(False, _change(pool, quotas, side, by), code="relax") for side, by in relaxations(pool)]


def _said(quota: Quota, *, least: bool) -> str:
    return f"“{quota.name}”{f'至少{quota.least}人' if least else f'至多{quota.most}人'}"


def _change(pool: Pool, quotas: Sequence[Quota], side: Side, by: int) -> str:
    number, least = side
    there = sum(pool.counts[place] for place in pool.bounds[number].members)
    bound = pool.bounds[number]
    have = f"符合的仅有{there}人" if least and there < bound.least else f"符合的有{there}人"
    change = f"可将下限降为{bound.least - by}" if least else f"可将上限提高到{bound.most + by}"
    return f"{_said(quotas[number], least=least)}，{have}；{change}"


def _program(pool: Pool, kept: Collection[Side]) -> list[Line]:
    """The size, and of the quotas the sides kept."""
    *bounds, size = pool.bounds
    lines = [Line(dict.fromkeys(size.members, 1.0), size.least, size.most)]
    for number, bound in enumerate(bounds):
        lower = bound.least if (number, True) in kept else 0
        upper = bound.most if (number, False) in kept else pool.size
        lines.append(Line(dict.fromkeys(bound.members, 1.0), lower, upper))
    return lines


def collision(pool: Pool) -> list[Side]:
    """Sides of quotas that cannot be kept together, while any of them left out could: found by leaving out one after another."""
    unknowns = [Unknown(0, count) for count in pool.counts]
    kept = [(number, least) for number in range(len(pool.bounds) - 1) for least in (True, False)]
    for side in list(kept):
        rest = [other for other in kept if other != side]
        if whole(unknowns, _program(pool, rest)) is None:
            kept = rest
    return kept


def relaxations(pool: Pool) -> list[tuple[Side, int]]:
    """The changes of limits, smallest in total, after which a panel is lawful."""
    *bounds, size = pool.bounds
    unknowns = [Unknown(0, count) for count in pool.counts]
    lines = [Line(dict.fromkeys(size.members, 1.0), size.least, size.most)]
    sides: list[Side] = []
    for number, bound in enumerate(bounds):
        below, above = len(unknowns), len(unknowns) + 1
        unknowns += [Unknown(0, bound.least, -1.0), Unknown(0, pool.size, -1.0)]
        sides += [(number, True), (number, False)]
        members = dict.fromkeys(bound.members, 1.0)
        lines.append(Line({**members, below: 1.0}, bound.least, float("inf")))
        lines.append(Line({**members, above: -1.0}, -float("inf"), bound.most))
    found = whole(unknowns, lines)
    if found is None:
        raise ArithmeticError("the solver lost its way")
    changes = found[len(pool.counts) :]
    return [(side, int(change)) for side, change in zip(sides, changes, strict=True) if change]
