"""Counts of a cycle's entries: by stage reached, city, industry, award. All of it addition of what `sight` counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from zhiheng.foundation import industries
from zhiheng.rules.lifecycle import FAIL, PASS, STATUS_TITLES, EntryStatus, Role, Stage
from zhiheng.rules.pack import Pack

#: Where a role's view of the entries begins: earlier stages would be counted short (see process.reach).
FIRST: dict[Role, Stage] = {Role.AGENCY: Stage.RECOMMENDATION, Role.CHAIR: Stage.MATERIAL_REVIEW}
#: The stages whose outcome tables show beside the first one; the funnel shows all.
MILESTONES = (Stage.RECOMMENDATION, Stage.QUALIFICATION, Stage.MATERIAL_REVIEW, Stage.SHORTLIST, Stage.NOMINATION, Stage.COMMENDATION)
NO_INDUSTRY = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """Entries that are alike: how many. unit: code of the recommender; division: GB/T 4754, may be empty."""

    award: str
    category: str
    unit: str
    division: str
    status: EntryStatus
    count: int


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the funnel: how many entries passed it, and of which share of the first step in per cent, rounded half up."""

    stage: Stage
    title: str
    count: int
    share: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table of counts. key: what the list is filtered by; counts: one a column."""

    key: str
    title: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Figures:
    """The counts of one cycle as a role sees them."""

    pack: Pack
    role: Role
    cells: tuple[Cell, ...]

    @cached_property
    def passing(self) -> tuple[Stage, ...]:
        """The stages of the pack's line that entries pass, from where the role's view begins."""
        line = [stage for stage in self.pack.line if stage in PASS]
        first = FIRST.get(self.role)
        return tuple(line[line.index(first) :] if first in line else line)

    @cached_property
    def total(self) -> int:
        """All entries within reach."""
        return sum(cell.count for cell in self.cells)

    @cached_property
    def by_status(self) -> Counter[EntryStatus]:
        """How many stand where."""
        found: Counter[EntryStatus] = Counter()
        for cell in self.cells:
            found[cell.status] += cell.count
        return found

    @cached_property
    def withdrawn(self) -> int:
        """Entries withdrawn: how far they had come is not counted."""
        return self.by_status[EntryStatus.WITHDRAWN]

    def passed(self, status: EntryStatus) -> frozenset[Stage]:
        """The stages that an entry with this status has passed; none for one that was withdrawn."""
        line = [stage for stage in self.pack.line if stage in PASS]
        for number, stage in enumerate(line):
            if status == PASS[stage]:
                return frozenset(line[: number + 1])
            if status == FAIL.get(stage):
                return frozenset(line[:number])
        return frozenset(line) if status == FAIL[Stage.SUPERVISION] else frozenset()

    @cached_property
    def funnel(self) -> list[Step]:
        """How many passed each stage, in the order of the line."""
        counts = self._counts(self.cells, self.passing)
        first = counts[0] if counts else 0
        return [
            Step(stage, STATUS_TITLES[PASS[stage]], count, (200 * count + first) // (2 * first) if first else 0)
            for stage, count in zip(self.passing, counts, strict=True)
        ]

    @cached_property
    def columns(self) -> tuple[Stage, ...]:
        """The stages that the tables below the funnel show: the first, and the milestones."""
        return tuple(stage for number, stage in enumerate(self.passing) if number == 0 or stage in MILESTONES)

    @cached_property
    def heads(self) -> list[str]:
        """Their titles."""
        return [STATUS_TITLES[PASS[stage]] for stage in self.columns]

    def by_unit(self, known: Iterable[tuple[str, str]]) -> list[Line]:
        """By recommender, given as code and title in their order; those without entries too."""
        return self._lines(known, lambda cell: cell.unit)

    def by_section(self) -> list[Line]:
        """By industry section, in the standard's order; only those that occur, entries without an industry last."""
        titles = {code: f"{code} {title}" for code, title in industries.sections().items()}
        lines = self._lines([*titles.items(), (NO_INDUSTRY, "")], lambda cell: section(cell.division))
        return [line for line in lines if any(line.counts)]

    def by_category(self) -> list[Line]:
        """By award and category, in the pack's order; an award with one category is one line. The key is `award` or `award/category`."""
        known = []
        for award in self.pack.awards:
            if len(award.categories) == 1:
                known.append((f"{award.code}/{award.categories[0].code}", award.title))
            else:
                known += [(f"{award.code}/{c.code}", f"{award.title} · {c.title}") for c in award.categories]
        return self._lines(known, lambda cell: f"{cell.award}/{cell.category}")

    def _lines(self, known: Iterable[tuple[str, str]], key: Callable[[Cell], str]) -> list[Line]:
        groups: dict[str, list[Cell]] = {}
        for cell in self.cells:
            groups.setdefault(key(cell), []).append(cell)
        return [Line(code, title, self._counts(groups.get(code, ()), self.columns)) for code, title in known]

    def _counts(self, chosen: Iterable[Cell], stages: tuple[Stage, ...]) -> tuple[int, ...]:
        found: Counter[Stage] = Counter()
        for cell in chosen:
            for stage in self.passed(cell.status):
                found[stage] += cell.count
        return tuple(found[stage] for stage in stages)


def section(division: str) -> str:
    """The section letter of a division; empty where the standard has none such."""
    try:
        return industries.section_of(division)
    except KeyError:
        return NO_INDUSTRY
