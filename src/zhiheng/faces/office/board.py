"""The board: a column a stage, with the entries that stand there and those that ended there. One query for all cards."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from zhiheng.faces.office.filters import in_front
from zhiheng.faces.office.sight import View
from zhiheng.rules.lifecycle import ENDED, FAIL, PASS, STATUS_TITLES, EntryStatus, Stage, entering_status

MOST_CARDS, MOST_ENDED = 12, 5


@dataclass(frozen=True, slots=True)
class Card:
    """An entry on the board. late: it has something late or due."""

    code: str
    name: str
    award: str
    city: str
    late: bool


@dataclass(frozen=True, slots=True)
class Pile:
    """Entries of one status: how many, and the first of them. Its value is what the list is filtered by."""

    status: EntryStatus
    title: str
    count: int
    cards: tuple[Card, ...]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.cards)


@dataclass(frozen=True, slots=True)
class Column:
    """A stage: the entries that stand in it, and those that ended in it."""

    stage: Stage
    title: str
    current: bool
    standing: Pile
    ended: tuple[Pile, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing stands or ended here."""
        return not self.standing.count and not any(pile.count for pile in self.ended)


def statuses(line: Iterable[Stage], first: Stage) -> list[tuple[Stage, EntryStatus, tuple[EntryStatus, ...]]]:
    """Stage → the status in which entries stand there, and those in which they end there, from the stage after `first` on.

    A draft is nobody's but its owner's: the board begins with what was submitted.
    """
    stages = list(line)
    found: list[tuple[Stage, EntryStatus, tuple[EntryStatus, ...]]] = []
    for stage in stages[stages.index(first) + 1 :]:
        ended = (FAIL[stage],) if stage in FAIL else ()
        found.append((stage, entering_status(stages, stage), ended))
    return found


def columns(view: View, late: Collection[str]) -> list[Column]:
    """The board of a cycle. late: codes of the entries that wait, which stand in front. Withdrawn entries are on no column."""
    figures = view.figures
    titles = {stage.code: stage.title for stage in figures.pack.stages}
    first = next(stage for stage in figures.pack.line if stage in PASS)
    cards = _cards(view, late)

    def pile(status: EntryStatus) -> Pile:
        shown = tuple(cards.get(status, ()))
        return Pile(status, STATUS_TITLES[status], figures.by_status[status], shown)

    return [
        Column(stage, titles[stage], stage == view.cycle.stage, pile(standing), tuple(pile(status) for status in ended))
        for stage, standing, ended in statuses(figures.pack.line, first)
    ]


def _cards(view: View, late: Collection[str]) -> dict[EntryStatus, list[Card]]:
    """The first entries of each status, as it may be known."""
    awards = {award.code: award.title for award in view.figures.pack.awards}
    order = [*in_front(late), F("code").asc()]
    place = Window(RowNumber(), partition_by=[F("stands")], order_by=order)
    rows = view.entries.order_by().annotate(stands=view.shown_status).annotate(row=place).filter(row__lte=MOST_CARDS).order_by("row")
    found: dict[EntryStatus, list[Card]] = {}
    for code, name, award, city, status, row in rows.values_list("code", "name", "award", "recommender__city", "stands", "row"):
        ended = EntryStatus(status) in ENDED
        if not ended or row <= MOST_ENDED:
            found.setdefault(EntryStatus(status), []).append(Card(code, name, awards.get(award, award), city, code in late))
    return found
