"""The list of a cycle's entries: what may be chosen in its filters, and its rows as plain tuples, since there may be five hundred."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhiheng.faces.office.figures import Cell, Figures, section
from zhiheng.faces.office.filters import ENDED_ALL, RUNNING
from zhiheng.faces.office.sight import View
from zhiheng.faces.shared.house import TITLES, TONES
from zhiheng.foundation import industries
from zhiheng.rules.lifecycle import ENDED, STATUS_TITLES, EntryStatus
from zhiheng.stages.application.models import Entry

FIELDS = ("code", "name", "party__employer__name", "award", "category", "recommender__city", "recommender__name", "industry", "status")


class Row(NamedTuple):
    """An entry as the list shows it; a tuple, since there may be hundreds.

    employer: of a person; city: the recommender's, or its name; note: what is late or due.
    """

    code: str
    name: str
    employer: str
    kind: str
    city: str
    industry: str
    status: str
    tone: str
    note: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values of a filter: how many entries it has, within reach and before filtering."""

    value: str
    title: str
    count: int


@dataclass(frozen=True)
class Choices:
    """What the filters offer: only what occurs, with its number of entries."""

    view: View

    @property
    def figures(self) -> Figures:
        """The counts of what is within reach."""
        return self.view.figures

    @cached_property
    def statuses(self) -> list[Choice]:
        """All that go on, all that ended, and each status that occurs."""
        counts = self.figures.by_status
        ended = sum(count for status, count in counts.items() if status in ENDED)
        whole = [Choice(RUNNING, _("全部在评（含获奖）"), self.figures.total - ended), Choice(ENDED_ALL, _("全部止步"), ended)]
        return [*whole, *(Choice(s.value, STATUS_TITLES[s], counts[s]) for s in EntryStatus if counts[s])]

    @cached_property
    def kinds(self) -> list[Choice]:
        """Awards, and below them their categories where there are several."""
        found = []
        for award in self.figures.pack.awards:
            cells = [cell for cell in self.figures.cells if cell.award == award.code]
            found.append(Choice(award.code, award.title, _sum(cells)))
            for category in award.categories if len(award.categories) > 1 else ():
                count = _sum(cell for cell in cells if cell.category == category.code)
                found.append(Choice(f"{award.code}/{category.code}", f"{award.title} · {category.title}", count))
        return found

    @cached_property
    def recommenders(self) -> list[Choice]:
        """The units that recommended."""
        counts = {unit.code: _sum(cell for cell in self.figures.cells if cell.unit == unit.code) for unit in self.view.units}
        return [Choice(unit.code, unit.city or unit.name, counts[unit.code]) for unit in self.view.units if counts[unit.code]]

    @cached_property
    def industries(self) -> list[Choice]:
        """Sections, and below each its divisions, as far as they occur."""
        cells = [cell for cell in self.figures.cells if section(cell.division)]
        found = []
        for code, title in industries.sections().items():
            within = [cell for cell in cells if section(cell.division) == code]
            if within:
                found.append(Choice(code, f"{code} {title}", _sum(within)))
                divisions = sorted({cell.division for cell in within})
                found += [Choice(d, f"{code}{d} {industries.title_of(d)}", _sum(c for c in within if c.division == d)) for d in divisions]
        return found

    @cached_property
    def offered(self) -> dict[str, set[str]]:
        """The values that an address may name. A status that does not occur is known too: a kept address gives an empty list, not all."""
        return {
            "status": {RUNNING, ENDED_ALL, *(status.value for status in EntryStatus)},
            "kind": {choice.value for choice in self.kinds},
            "unit": {unit.code for unit in self.view.units},
            "industry": {*industries.sections(), *industries.divisions()},
        }


def _sum(cells: Iterable[Cell]) -> int:
    return sum(cell.count for cell in cells)


def rows(view: View, entries: QuerySet[Entry], notes: dict[str, str]) -> list[Row]:
    """The entries as rows, in their order. notes: code → what is late or due. One query."""
    pack = view.figures.pack
    awards = {award.code: award.title for award in pack.awards}
    kinds = {
        (award.code, category.code): f"{award.title} · {category.title}" if len(award.categories) > 1 else award.title
        for award in pack.awards
        for category in award.categories
    }
    divisions = industries.divisions()
    known = {status.value: view.shown(status.value).value for status in EntryStatus}
    titles, tones = {raw: TITLES[seen] for raw, seen in known.items()}, {raw: TONES[seen] for raw, seen in known.items()}
    return [
        Row(
            code, name, employer or "", kinds.get((award, category), awards.get(award, award)), city or unit, divisions.get(industry, ""),
            titles[status], tones[status], notes.get(code, ""),
        )
        for code, name, employer, award, category, city, unit, industry, status in entries.values_list(*FIELDS)
    ]  # fmt: skip


def noted(found: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Entry code → its first note, from notes with the codes that they concern."""
    notes: dict[str, str] = {}
    for text, codes in found:
        for code in codes:
            notes.setdefault(code, text)
    return notes
