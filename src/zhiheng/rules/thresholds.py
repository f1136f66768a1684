"""Thresholds compare the exact score; a shown score never looks better than it is (F3, H3, Q1)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from zhiheng.rules.decision import Decision, no, yes
from zhiheng.rules.pack import Exact, Value


def plain(number: Fraction) -> str:
    """An exact number without rounding: "550", "0.5"; a number without a finite decimal as a fraction, "2/3"."""
    rest = number.denominator
    if rest == 1:
        return str(number.numerator)
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return str(number)
    places = max(twos, fives)
    return _fixed(number.numerator * 10**places // number.denominator, places)


def shown(score: Fraction, decimals: int = 2, threshold: Fraction | None = None) -> str:
    """A score for people, rounded half up to `decimals`.

    Where rounding would lift a score that is below `threshold` to it, the score is cut off instead and says so: "549.99 (<550)".
    """
    scale, part, whole = 10**decimals, score.numerator, score.denominator
    rounded = (2 * abs(part) * scale + whole) // (2 * whole) * (-1 if part < 0 else 1)
    if threshold is not None and score < threshold <= Fraction(rounded, scale):
        return f"{_fixed(part * scale // whole, decimals)} (<{plain(threshold)})"
    return _fixed(rounded, decimals)


def passes(score: Fraction, threshold: Value[Exact], what: str, duty: str, *, decimals: int = 2) -> Decision[Fraction]:
    """Whether `score` (points, exact) reaches the threshold; reaching it exactly is enough. Value: the score.

    what: the score's name in the text (材料评审得分); duty: F3 or H3. The article is the threshold's own.
    """
    line, text = plain(threshold.value), shown(score, decimals, threshold.value)
    if score >= threshold.value:
        return yes(f"{what}{text}分，达到{line}分及以上", score, article=threshold.article, duty=duty, code="threshold.reached")
    refusal: Decision[Fraction] = no(
        f"{what}{text}分，未达到{line}分，不能进入下一环节", article=threshold.article, duty=duty, code="threshold.below"
    )
    return Decision(refusal.reasons, score)


def _fixed(scaled: int, decimals: int) -> str:
    return format(Decimal(scaled).scaleb(-decimals), "f") if decimals else str(scaled)
