"""What stands fixed on a scoring page: the official wording of every item, the guides' bands, the grid of marks. Written once a scheme.

A page has some thirty items with all their clauses; drawn anew for every reader they would cost more than everything else on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from zhiheng.rules.pack import Band, Clause, Criteria, Guide, Item, Pack
from zhiheng.rules.thresholds import plain


@dataclass(frozen=True, slots=True, eq=False)
class Worded:
    """An item of the criteria as the page shows it. chapter: "" save at the first item of one."""

    item: Item
    chapter: str
    wording: SafeString
    points: str
    guide: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """All that is fixed of a scheme's page. data: for the running total in the browser, in whole numbers."""

    items: tuple[Worded, ...]
    guides: tuple[tuple[Guide, SafeString], ...]
    full: str
    unit: str
    data: dict[str, Any]


def fixed(pack: Pack, scheme: Criteria) -> Fixed:
    """What is fixed of a scheme's page, kept for as long as the process lives: a pinned pack never changes."""
    return _fixed(pack.digest, scheme.code, _Rules(pack, scheme))


class _Rules:
    """A pack and a scheme that all count as equal: the digest and the code beside them are the key."""

    def __init__(self, pack: Pack, scheme: Criteria) -> None:
        self.pack, self.scheme = pack, scheme

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Rules)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=32)
def _fixed(_digest: str, _code: str, rules: _Rules) -> Fixed:
    pack, scheme = rules.pack, rules.scheme
    wanted = {item.guide for item in scheme.items}
    guides = tuple((guide, _bands(guide)) for guide in pack.criteria.guides if guide.code in wanted)
    unit = "%" if scheme.method == "percentage" else "分"
    return Fixed(tuple(_worded(scheme)), guides, plain(scheme.full_mark), unit, _data(scheme, pack, guides))


def _worded(scheme: Criteria) -> Iterator[Worded]:
    for section in scheme.sections:
        for place, item in enumerate(section.items):
            chapter = f"{section.code} {section.title}（{plain(section.points)}分）" if place == 0 else ""
            if chapter and section.title == item.title and len(section.items) == 1:
                chapter = ""  # a person's block is its own chapter
            yield Worded(item, chapter, _wording(item), plain(item.points), item.guide or "")


def _wording(item: Item) -> SafeString:
    text = format_html("<p>{}</p>", item.text) if item.text else mark_safe("")
    return text + format_html_join("", "{}", ((_clause(clause),) for clause in item.clauses))


def _clause(clause: Clause) -> SafeString:
    number = f"{clause.code} " if clause.numbered else ""
    head = format_html("<h4>{}{}</h4>", number, clause.title) if clause.title else mark_safe("")
    text = format_html("<p>{}{}</p>", "" if clause.title else number, clause.text) if clause.text else mark_safe("")
    return head + text + format_html_join("", "<p>{}</p>", ((detail,) for detail in clause.details))


def _bands(guide: Guide) -> SafeString:
    """The bands from highest to lowest, each element by itself; `data-from` says from which mark a band holds."""
    rows = ((band.percentages[0], band.label, _elements(guide, band)) for band in reversed(guide.bands))
    return format_html_join("", '<li data-from="{}"><strong>{}</strong>{}</li>', rows)


def _elements(guide: Guide, band: Band) -> SafeString:
    """A band's text element by element, in the order of the guide (A D L I, Le T C I)."""
    return format_html_join("", "<p><b>{}</b>{}</p>", ((name, band.elements[name]) for name in guide.elements if name in band.elements))


def band_of(guide: Guide | None, mark: Fraction) -> tuple[str, str]:
    """The label and the official text of the band that a mark lies in; nothing where no guide judges."""
    band = next((band for band in guide.bands if mark in band.percentages), None) if guide else None
    return (band.label, band.text) if band else ("", "")


@lru_cache(maxsize=2048)
def options(full: Fraction, step: Fraction, chosen: str, unit: str) -> SafeString:
    """The choices of one mark, from the grid, with the one that was chosen; a mark off the grid stands first as it was sent."""
    grid = [plain(step * number) for number in range(int(full / step) + 1)]
    strange = [] if not chosen or chosen in grid else [chosen]
    rows = ((value, mark_safe(" selected") if value == chosen else "", value, unit) for value in [*strange, *grid])
    return format_html('<option value=""{}></option>', "" if chosen else mark_safe(" selected")) + format_html_join(
        "", '<option value="{}"{}>{}{}</option>', rows
    )


def grid(item: Item, scheme: Criteria, pack: Pack) -> tuple[Fraction, Fraction]:
    """The highest mark of an item and the step of the grid (Q4, Q6)."""
    params = pack.parameters
    if scheme.method == "percentage":
        return Fraction(100), Fraction(params.percentage_step.value)
    return item.points, params.point_step.value


def _data(scheme: Criteria, pack: Pack, guides: tuple[tuple[Guide, SafeString], ...]) -> dict[str, Any]:
    """Whole numbers for the browser: a mark is taken times `parts`, and the total is Σ weight × mark ÷ unit."""
    points, parts = scheme.item_points, grid(scheme.items[0], scheme, pack)[1].denominator
    weights, unit = dict.fromkeys(points, 1), parts
    if scheme.method == "percentage":
        scale = lcm(*(value.denominator for value in points.values()))
        weights, unit = {code: int(value * scale) for code, value in points.items()}, scale * 100 * parts
    bands = {guide.code: [[band.percentages[0], band.label, band.text] for band in guide.bands] for guide, _ in guides}
    judged = {item.code: item.guide or "" for item in scheme.items}
    return {"weights": weights, "unit": unit, "parts": parts, "guides": judged, "bands": bands}
