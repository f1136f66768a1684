"""Scores as people read them: rounded to the pack's decimals, never up to a threshold that was not reached."""

from __future__ import annotations

from fractions import Fraction

from django import template

from zhiheng.rules.thresholds import plain, shown

register = template.Library()


@register.filter
def points(value: Fraction | None, threshold: Fraction | None = None) -> str:
    """A score with two decimals, in the light of the threshold that it must reach; nothing for none."""
    return "" if value is None else shown(Fraction(value), threshold=threshold)


@register.filter
def exactly(value: Fraction | None) -> str:
    """A full mark or a threshold as the rules write it: 1000, 85, 0.5."""
    return "" if value is None else plain(Fraction(value))
