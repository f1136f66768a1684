"""Industry sections and divisions of GB/T 4754—2017 (B1, F1): their titles, and which section a division belongs to."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "gbt4754-2017.csv"


@lru_cache(maxsize=1)
def _rows() -> dict[str, tuple[str, str]]:
    """Code → (parent, title), in the standard's order."""
    with _FILE.open(encoding="utf-8", newline="") as stream:
        return {row["code"]: (row["parent"], row["name"]) for row in csv.DictReader(stream)}


def sections() -> dict[str, str]:
    """Section letter → title: A 农、林、牧、渔业 … T 国际组织."""
    return {code: title for code, (parent, title) in _rows().items() if not parent}


def divisions() -> dict[str, str]:
    """Two-digit division → title: 01 农业 … 97 国际组织."""
    return {code: title for code, (parent, title) in _rows().items() if parent}


def section_of(division: str) -> str:
    """The section letter of a two-digit division. Raises KeyError when the standard has no such division."""
    parent = _rows()[division][0]
    if not parent:
        raise KeyError(division)
    return parent


def title_of(code: str) -> str:
    """The title of a section or division. Raises KeyError when the standard does not have it."""
    return _rows()[code][1]
