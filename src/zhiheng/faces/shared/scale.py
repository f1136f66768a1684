"""A score drawn on its scale: where it stands, where the thresholds stand, and never on the wrong side of one (F3, H3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from zhiheng.rules.thresholds import plain, shown

HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class Mark:
    """A threshold: its value in words, what it is called, its place in per cent, and whether the score reaches it."""

    text: str
    label: str
    article: str
    at: str
    reached: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """text: the score in words; at: its place in per cent, cut off, so that it never touches a threshold that it misses."""

    text: str
    at: str
    top: int
    marks: tuple[Mark, ...]

    @property
    def passed(self) -> bool:
        """Whether every threshold is reached."""
        return bool(self.marks) and all(mark.reached for mark in self.marks)


def scale_of(score: Fraction, top: int, marks: Iterable[Mapping[str, Any]]) -> Scale:
    """The drawing of `score` on 0..top. marks: value (number), label, article (may be absent)."""
    rows = sorted(marks, key=lambda row: Fraction(row["value"]))
    drawn = tuple(_mark(row, score, top) for row in rows)
    missed = next((Fraction(row["value"]) for row in rows if score < Fraction(row["value"])), None)
    return Scale(shown(score, 2, missed), _per_cent(score, top), top, drawn)


def _mark(row: Mapping[str, Any], score: Fraction, top: int) -> Mark:
    value = Fraction(row["value"])
    return Mark(plain(value), row["label"], row.get("article", ""), _per_cent(value, top), score >= value)


def _per_cent(value: Fraction, top: int) -> str:
    """The place on the scale as an SVG length, cut off after two places and kept on the scale."""
    cut = min(max(value, Fraction(0)), Fraction(top)) * 100 * HUNDREDTHS // top
    return f"{cut // HUNDREDTHS}.{cut % HUNDREDTHS:02d}%"
