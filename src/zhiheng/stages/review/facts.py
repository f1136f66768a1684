"""Sheets and consensus as exact marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from zhiheng.rules.scoring import Marks
from zhiheng.stages.review.models import Sheet


def marks(stored: Mapping[str, str]) -> dict[str, Fraction]:
    """Stored marks (item code → text) as exact numbers."""
    return {code: Fraction(value) for code, value in stored.items()}


def text(found: Marks) -> dict[str, str]:
    """Exact marks as they are stored and hashed."""
    return {code: str(value) for code, value in found.items()}


def sheets(rows: Iterable[Sheet]) -> list[Marks]:
    """The marks of sheets."""
    return [marks(row.marks) for row in rows]
