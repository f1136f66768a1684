"""Which entries go before one panel: by award, category and industry section (细则四(四)1, 四(五)1; duties F1, G1)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from zhiheng.rules.recusal import EntryFacts

#: GB/T 4754—2017: the first division of each section, A to T; 97 is the last division.
_FIRST_DIVISIONS = (1, 6, 13, 44, 47, 51, 53, 61, 63, 66, 70, 71, 73, 76, 80, 83, 84, 86, 91, 97)
_SECTIONS = "ABCDEFGHIJKLMNOPQRST"
_LAST_DIVISION = 97
_CODE = re.compile(r"([A-Ta-t]?)(\d{2})?\d{0,2}")


@dataclass(frozen=True, slots=True)
class PanelPlan:
    """A panel to be drawn for: its entries' codes in order, and the industry sections that they come from ("C", "A/F")."""

    code: str
    award: str
    category: str
    industry_section: str
    entries: tuple[str, ...]


def division(industry: str) -> str:
    """The two-digit GB/T 4754 division of a code such as "C26", "26" or "2614"; empty when it names none."""
    match = _CODE.fullmatch(industry.strip())
    return (match[2] or "") if match else ""


def section(industry: str) -> str:
    """The GB/T 4754 section letter of a code such as "C26", "2614" or "C"; empty when unknown. The digits win over a letter."""
    match = _CODE.fullmatch(industry.strip())
    if not match:
        return ""
    if not match[2]:
        return match[1].upper()
    number = int(match[2])
    return _SECTIONS[bisect_right(_FIRST_DIVISIONS, number) - 1] if 1 <= number <= _LAST_DIVISION else ""


def compose(entries: Sequence[EntryFacts], load: int) -> tuple[PanelPlan, ...]:
    """Panels that hold each entry exactly once, none more than `load` of them, in an order that the input's order does not change.

    Within an award and category a section with at least half a load stands alone; the smaller ones are put together.
    Each bunch is cut into as few panels as the load allows, whose sizes differ by one at most.
    ValueError when load < 1 or an entry appears twice.
    """
    if load < 1:
        raise ValueError("a panel takes one entry at least")
    if len({entry.code for entry in entries}) != len(entries):
        raise ValueError("an entry appears twice")
    groups: dict[tuple[str, str], list[EntryFacts]] = defaultdict(list)
    for entry in entries:
        groups[entry.award, entry.category].append(entry)
    plans: list[PanelPlan] = []
    for (award, category), members in sorted(groups.items()):
        panels = [panel for bunch in _bunches(members, load) for panel in _cut(bunch, load)]
        plans += [
            PanelPlan(f"{award}-{category}-{number:02d}", award, category, _sections(panel), tuple(entry.code for entry in panel))
            for number, panel in enumerate(panels, 1)
        ]
    return tuple(plans)


def _bunches(entries: list[EntryFacts], load: int) -> list[list[EntryFacts]]:
    """The large sections each by itself, then all small ones together, sorted by section, division and code."""
    by_section: dict[str, list[EntryFacts]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: (section(entry.industry), division(entry.industry), entry.code)):
        by_section[section(entry.industry)].append(entry)
    large = [bunch for bunch in by_section.values() if 2 * len(bunch) >= load]
    small = [entry for bunch in by_section.values() if 2 * len(bunch) < load for entry in bunch]
    return [*large, small] if small else large


def _cut(bunch: list[EntryFacts], load: int) -> list[list[EntryFacts]]:
    """A bunch in as few parts as possible, their sizes equal or one apart."""
    parts = -(-len(bunch) // load)
    return [bunch[len(bunch) * part // parts : len(bunch) * (part + 1) // parts] for part in range(parts)]


def _sections(panel: list[EntryFacts]) -> str:
    return "/".join(sorted({section(entry.industry) for entry in panel} - {""}))
