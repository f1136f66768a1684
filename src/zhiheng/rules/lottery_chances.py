"""Selection probabilities, how even they are, and which ticket a seed draws."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from zhiheng.rules import rfc3797
from zhiheng.rules.decision import Decision, decide
from zhiheng.rules.lottery import Pool
from zhiheng.rules.lottery_split import Bundle, expected

_DIGITS = 30
_SHOWN = Decimal("1e-15")


@dataclass(frozen=True, slots=True)
class Evenness:
    """The smallest selection probability, the Gini coefficient (0: all alike), and the geometric mean to 15 places."""

    minimum: Fraction
    gini: Fraction
    geometric_mean: Decimal


def by_bundles(bundles: Sequence[Bundle], pool: Pool) -> dict[str, Fraction]:
    """Each person's probability when a panel is drawn from the bundles and its people from their types, by code."""
    shares = expected(bundles)
    found = {code: share / len(codes) for codes, share in zip(pool.people, shares, strict=True) for code in codes}
    return dict(sorted(found.items()))


def by_tickets(tickets: Collection[Sequence[str]], codes: Iterable[str]) -> dict[str, Fraction]:
    """Each person's probability when one ticket is drawn: the tickets with the person by all tickets."""
    count = Counter(code for ticket in tickets for code in ticket)
    return {code: Fraction(count[code], len(tickets)) for code in sorted(codes)}


def evenness(chances: Mapping[str, Fraction]) -> Evenness:
    """The measures of at least one person's probabilities, at least one of them above 0."""
    values = sorted(chances.values())
    number, whole = len(values), sum(values)
    gini = sum((2 * place - number - 1) * value for place, value in enumerate(values, 1)) / (number * whole)
    return Evenness(values[0], Fraction(gini), _geometric_mean(values))


def _geometric_mean(values: Sequence[Fraction]) -> Decimal:
    if values[0] == 0:
        return Decimal(0)
    with localcontext() as context:
        context.prec = _DIGITS
        logs = sum(
            (times * (Decimal(value.numerator).ln() - Decimal(value.denominator).ln()) for value, times in Counter(values).items()),
            Decimal(0),
        )
        return (logs / len(values)).exp().quantize(_SHOWN)


def drawn_ticket(seed: Sequence[str], tickets: int) -> Decision[int]:
    """The number of the ticket (from 1) that a seed draws: the first selection of RFC 3797 with SHA-256, `seed` being its sources."""
    found = rfc3797.select(tickets, 1, seed, lambda data: hashlib.sha256(data).digest())
    return decide(found.reasons, found.value.selected[0] if found.value else None)
