"""Examinations as frozen facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from zhiheng.rules.eligibility import SideFacts


def sides(rows: Iterable[Mapping[str, Any]]) -> tuple[SideFacts, ...]:
    """What an examiner entered, side by side."""
    return tuple(SideFacts(str(row["code"]), row["passed"], str(row.get("note", ""))) for row in rows)
