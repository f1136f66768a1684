"""A fair lottery from people, quotas and a panel's size: probabilities that are leximin-fair, then tickets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from zhiheng.foundation.lottery import relaxing
from zhiheng.foundation.lottery.leximin import Hull, Ladder, Relaxed, best_panel
from zhiheng.foundation.lottery.mixing import mixed
from zhiheng.foundation.lottery.splitting import rounded, split
from zhiheng.rules.decision import Decision, decide
from zhiheng.rules.lottery import Panel, Person, Pool, Quota, pool_of
from zhiheng.rules.lottery_chances import by_bundles, by_tickets
from zhiheng.rules.lottery_split import Bundle, expected, seat

#: Probabilities of panels are whole multiples of one by this.
PARTS = 10**8
#: A mixture this near to the probabilities wanted has them.
_NEAR = 1e-8


@dataclass(frozen=True, slots=True)
class Lottery:
    """The types, the panels with their weights (of PARTS in all), and the tickets, each as likely as any other."""

    pool: Pool
    exact: tuple[Bundle, ...]
    tickets: tuple[tuple[str, ...], ...]

    def exact_chances(self) -> dict[str, Fraction]:
        """Each person's probability before rounding, by code."""
        return by_bundles(self.exact, self.pool)

    def ticket_chances(self) -> dict[str, Fraction]:
        """Each person's probability when one ticket is drawn, by code."""
        return by_tickets(self.tickets, (code for codes in self.pool.people for code in codes))


def build(people: Sequence[Person], quotas: Sequence[Quota], size: int, tickets: int) -> Decision[Lottery]:
    """The lottery; refused, with the quotas that collide and what would do, when no panel is lawful.

    The same people and quotas give the same lottery, in whatever order the people come.
    """
    pool = pool_of(people, quotas, size)
    try:
        first = best_panel(pool, [0.0] * len(pool.counts))
    except LookupError:
        return decide(relaxing.reasons(pool, quotas))
    exact = fairest(pool, first)
    return decide((), Lottery(pool, tuple(exact), seat(_tickets(exact, tickets, pool), pool)))


def fairest(pool: Pool, first: Panel) -> list[Bundle]:
    """The leximin-fair panels and their weights, starting from any lawful panel.

    First the quotas are kept on average only. What is fairest then can nearly always be split into lawful panels, and being fairest among
    more, it is fairest among these. When it cannot be split, the mixtures of lawful panels are searched themselves.
    """
    shares = Ladder(pool, Relaxed(pool)).climb()
    total = rounded(_counts(shares, pool), PARTS, pool)
    bundles, rest = split(total, PARTS, pool) if total else ([], PARTS)
    if rest == 0:
        return bundles
    hull = Hull(pool, [first, *(panel for panel, _ in bundles)])
    ladder = Ladder(pool, hull)
    if ladder.reach(shares) < -_NEAR:
        ladder = Ladder(pool, hull)
        ladder.climb()
    return [(panel, count) for panel, count in zip(hull.panels, _parts(ladder.weights), strict=True) if count]


def _counts(shares: Sequence[float], pool: Pool) -> list[Fraction]:
    return [Fraction(share) * count for share, count in zip(shares, pool.counts, strict=True)]


def _parts(weights: Sequence[float]) -> list[int]:
    """Weights as whole parts that are PARTS together; what is left over goes to the largest remainders."""
    whole_weight = sum(max(weight, 0.0) for weight in weights)
    exact = [max(weight, 0.0) / whole_weight * PARTS for weight in weights]
    parts = [int(value) for value in exact]
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[: PARTS - sum(parts)]:
        parts[place] += 1
    return parts


def _tickets(exact: Sequence[Bundle], tickets: int, pool: Pool) -> list[Bundle]:
    """Panels, as many as tickets, in which each type is taken as often as it should be, up to one where that can be had."""
    shares = expected(exact)
    total = rounded(shares, tickets, pool)
    bundles, rest = split(total, tickets, pool) if total else ([], tickets)
    if rest == 0:
        return bundles
    return mixed(exact, list(dict.fromkeys(panel for panel, _ in bundles)), tickets, pool)
