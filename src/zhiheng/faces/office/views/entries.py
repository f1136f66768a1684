"""The board and the list of a cycle's entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from zhiheng.faces.desk.acting import DeskRequest
from zhiheng.faces.office import filters, listing
from zhiheng.faces.office.board import columns
from zhiheng.faces.office.figures import Figures, cells
from zhiheng.faces.office.rowhtml import drawn
from zhiheng.faces.office.tabs import Tab
from zhiheng.faces.office.views.page import draw, entry_url, part
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.people.models import Unit
from zhiheng.process import reach
from zhiheng.process.deadlines import OF_ENTRIES, deadlines, pressing
from zhiheng.stages.application.models import Entry


@dataclass(frozen=True)
class Listed:
    """The list as an address asks for it."""

    chosen: filters.Filter
    choices: listing.Choices
    found: QuerySet[Entry]
    notes: dict[str, str]


def within(acting: Acting, cycle: Cycle) -> QuerySet[Entry]:
    """The entries of the cycle within reach."""
    return reach.entries(acting).filter(cycle=cycle)


def figures_of(acting: Acting, cycle: Cycle) -> Figures:
    """The counts of the cycle as this role sees them. One query."""
    return Figures(rules_of(cycle), acting.role, tuple(cells(within(acting, cycle))))


def units_of(figures: Figures) -> tuple[Unit, ...]:
    """The recommenders of the entries, in the order in which they were set up. One query."""
    return tuple(Unit.objects.filter(code__in={cell.unit for cell in figures.cells}).order_by("pk"))


def listed(request: DeskRequest, cycle: Cycle) -> Listed:
    """The list that the request asks for, within reach."""
    acting = request.desk.acting
    figures = figures_of(acting, cycle)
    choices = listing.Choices(figures.pack, figures, units_of(figures))
    chosen = filters.read(request.GET, choices.offered)
    late = pressing(deadlines(acting, cycle, OF_ENTRIES))
    notes = listing.noted((f"{one.state_title}：{one.kind_title}", one.entries) for one in late)
    found = filters.ordered(filters.apply(within(acting, cycle), chosen, notes), chosen)
    return Listed(chosen, choices, found, notes)


@part(Tab.ENTRIES)
def entries(request: DeskRequest, cycle: Cycle) -> HttpResponse:
    """The table: filtered, sorted and paged by the address alone."""
    asked = listed(request, cycle)
    known = None if asked.chosen.narrows else asked.choices.figures.total
    page: Page[Any] = Counted(asked.found, asked.chosen.size, known).get_page(asked.chosen.page)
    rows = drawn(listing.rows(page.object_list, asked.choices.pack, asked.notes), entry_url())  # type: ignore[arg-type]
    context = {
        "page": page,
        "rows": rows,
        "chosen": asked.chosen,
        "choices": asked.choices,
        "heads": heads(asked.chosen),
        "pager_query": asked.chosen.query(),
        "sizes": filters.SIZES,
        "late_count": len(asked.notes),
    }
    return draw(request, cycle, Tab.ENTRIES, context)


class Counted(Paginator[Any]):
    """A paginator that is told how many there are, where that is known without asking."""

    def __init__(self, found: QuerySet[Entry], size: int, known: int | None) -> None:
        super().__init__(found, size)
        if known is not None:
            self.__dict__["count"] = known


def heads(chosen: filters.Filter) -> list[dict[str, str]]:
    """The column headers: title, the address that sorts by it, and how it is sorted now."""
    columns_ = {"code": _("申报编号"), "": _("名称"), "award": _("奖项"), "unit": _("推荐单位"), "industry": _("行业"), "status": _("状态")}
    state = {chosen.sort.removeprefix("-"): "descending" if chosen.sort.startswith("-") else "ascending"}
    return [
        {"title": title, "query": chosen.sorted_by(name) if name else "", "sorted": state.get(name, "") if name else ""}
        for name, title in columns_.items()
    ]


@part(Tab.BOARD)
def board(request: DeskRequest, cycle: Cycle) -> HttpResponse:
    """A column a stage; what is not shown is one link away."""
    acting = request.desk.acting
    figures = figures_of(acting, cycle)
    late = pressing(deadlines(acting, cycle, OF_ENTRIES))
    codes = frozenset(code for one in late for code in one.entries)
    awards = {award.code: award.title for award in figures.pack.awards}
    found = columns(within(acting, cycle), figures, cycle.stage, codes, awards)
    return draw(request, cycle, Tab.BOARD, {"columns": found, "figures": figures, "late": late})
