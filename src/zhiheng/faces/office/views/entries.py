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
from zhiheng.faces.office.rowhtml import drawn
from zhiheng.faces.office.sight import View
from zhiheng.faces.office.tabs import Tab
from zhiheng.faces.office.views.page import draw, entry_url, part
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.deadlines import OF_ENTRIES, deadlines, pressing
from zhiheng.stages.application.models import Entry


@dataclass(frozen=True)
class Listed:
    """The list as an address asks for it. notes: code → what is late or due."""

    view: View
    chosen: filters.Filter
    choices: listing.Choices
    found: QuerySet[Entry]
    notes: dict[str, str]

    def rows(self, found: QuerySet[Entry]) -> list[listing.Row]:
        """These of the entries found, as rows."""
        return listing.rows(self.view, found, self.notes)


def listed(request: DeskRequest, cycle: Cycle) -> Listed:
    """The list that the request asks for, within reach."""
    view = View(request.desk.acting, cycle)
    choices = listing.Choices(view)
    chosen = filters.read(request.GET, choices.offered)
    notes = late_notes(view)
    found = filters.ordered(view, filters.apply(view, chosen, notes), chosen, notes)
    return Listed(view, chosen, choices, found, notes)


def late_notes(view: View) -> dict[str, str]:
    """Entry code → what is late or due of it."""
    late = pressing(deadlines(view.acting, view.cycle, OF_ENTRIES))
    return listing.noted((f"{one.state_title}：{one.kind_title}", one.entries) for one in late)


@part(Tab.ENTRIES)
def entries(request: DeskRequest, cycle: Cycle) -> HttpResponse:
    """The table: filtered, sorted and paged by the address alone."""
    asked = listed(request, cycle)
    known = None if asked.chosen.narrows else asked.view.figures.total
    page: Page[Any] = Counted(asked.found, asked.chosen.size, known).get_page(asked.chosen.page)
    rows = drawn(asked.rows(page.object_list), entry_url())  # type: ignore[arg-type]
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
    view = View(request.desk.acting, cycle)
    notes = late_notes(view)
    return draw(request, cycle, Tab.BOARD, {"columns": columns(view, notes), "figures": view.figures, "late_count": len(notes)})
