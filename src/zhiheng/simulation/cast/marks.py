"""Marks as experts would give them: near an entry's ability, a little higher or lower by expert and item, always on the grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from zhiheng.rules.pack import Criteria, Item
from zhiheng.rules.thresholds import plain
from zhiheng.simulation.cast.chance import Chance


def profile_of(scheme: Criteria, rng: Chance, width: int = 5) -> dict[str, int]:
    """Where one entry is stronger or weaker than its average: item → percentage points, at most `width` either way."""
    return {item.code: rng.randint(-width, width) for item in scheme.items}


def marks_for(
    ability: int | Fraction,
    strictness: int | Fraction,
    scheme: Criteria,
    rng: Chance,
    step: int | Fraction,
    profile: Mapping[str, int] | None = None,
) -> dict[str, str]:
    """One expert's sheet: item → mark as entered ("55", "26.5").

    ability, strictness: percentage points, added up. step: the grid, in percentage points or points by the scheme's method. profile:
    the entry's own strengths by item, the same for all experts. The noise is ±6 points with a peak in the middle, so that two experts
    seldom lie more than 20 points apart.
    """
    shape = profile or {}
    return {
        item.code: _on_grid(ability + strictness + shape.get(item.code, 0) + rng.randint(-3, 3) + rng.randint(-3, 3), item, scheme, step)
        for item in scheme.items
    }


def agreed_marks(sheets: Sequence[Mapping[str, str]], scheme: Criteria, step: int | Fraction) -> dict[str, str]:
    """What a panel would agree on: item by item the mean of its sheets, put on the grid. Raises ValueError without sheets."""
    if not sheets:
        raise ValueError("a panel without sheets agrees on nothing")
    agreed = {}
    for item in scheme.items:
        mean = sum((Fraction(sheet[item.code]) for sheet in sheets), Fraction(0)) / len(sheets)
        agreed[item.code] = _on_grid(mean * 100 / _full(item, scheme), item, scheme, step)
    return agreed


def _full(item: Item, scheme: Criteria) -> Fraction:
    """The highest mark of an item: 100 per cent, or its points."""
    return Fraction(100) if scheme.method == "percentage" else item.points


def _on_grid(level: int | Fraction, item: Item, scheme: Criteria, step: int | Fraction) -> str:
    """The mark nearest to `level` per cent of the full mark, halves up, within 0 and the full mark."""
    full = _full(item, scheme)
    steps = (Fraction(level) * full / 100 / step + Fraction(1, 2)).__floor__()
    return plain(Fraction(max(0, min(steps, (full / step).__floor__()))) * step)
