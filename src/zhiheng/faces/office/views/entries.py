"""The board and the list of a cycle's entries, and the list as a workbook."""

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
from zhiheng.faces.office.downloads import attachment
from zhiheng.faces.office.figures import Figures, cells
from zhiheng.faces.office.tabs import Tab
from zhiheng.faces.office.views.page import draw, part
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.documents.sheet import Table, workbook
from zhiheng.foundation.documents.sheet import columns as sheet_columns
from zhiheng.foundation.documents.word import Properties
from zhiheng.foundation.people.models import Unit
from zhiheng.process import reach
from zhiheng.process.deadlines import Deadline, deadlines, pressing
from zhiheng.rules.clocks import chinese_date
from zhiheng.stages.application.models import Entry

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Listed:
    """The list as an address asks for it."""

    chosen: filters.Filter
    choices: listing.Choices
    found: QuerySet[Entry]
    late: list[Deadline]
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
    late = pressing(deadlines(acting, cycle))
    notes = listing.noted((f"{one.state_title}：{one.kind_title}", one.entries) for one in late)
    found = filters.ordered(filters.apply(within(acting, cycle), chosen, notes), chosen)
    return Listed(chosen, choices, found, late, notes)


@part(Tab.ENTRIES)
def entries(request: DeskRequest, cycle: Cycle) -> HttpResponse:
    """The table: filtered, sorted and paged by the address alone."""
    asked = listed(request, cycle)
    page: Page[Any] = Paginator(asked.found, asked.chosen.size).get_page(asked.chosen.page)
    context = {
        "page": page,
        "rows": listing.rows(page.object_list, asked.choices.pack, asked.notes),  # type: ignore[arg-type]
        "chosen": asked.chosen,
        "choices": asked.choices,
        "heads": heads(asked.chosen),
        "pager_query": asked.chosen.query(),
        "sizes": filters.SIZES,
        "late_count": len(asked.notes),
    }
    return draw(request, cycle, Tab.ENTRIES, context)


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
    late = pressing(deadlines(acting, cycle))
    codes = frozenset(code for one in late for code in one.entries)
    awards = {award.code: award.title for award in figures.pack.awards}
    found = columns(within(acting, cycle), figures, cycle.stage, codes, awards)
    return draw(request, cycle, Tab.BOARD, {"columns": found, "figures": figures, "late": late})


@part(Tab.ENTRIES)
def sheet(request: DeskRequest, cycle: Cycle) -> HttpResponse:
    """The filtered list as a workbook: all its pages, in its order."""
    asked = listed(request, cycle)
    rows = listing.rows(asked.found, asked.choices.pack, asked.notes)
    head = sheet_columns("序号|integer", "申报编号", "名称", "所在单位", "奖项", "推荐单位", "行业", "状态", "提交日期|date", "提示")
    body = [
        [number, row.code, row.name, row.employer, row.kind, row.city, row.industry, row.status,
         clock.local(row.submitted).date() if row.submitted else None, row.note]
        for number, row in enumerate(rows, 1)
    ]  # fmt: skip
    title = f"{cycle.title}申报名单"
    notes = (f"{chinese_date(clock.today())}导出，共{len(rows)}项。{_narrowed(asked)}",)
    table = Table("申报名单", title, head, body, notes)
    data = workbook([table], Properties(title, asked.choices.pack.award_name, clock.now()))
    return attachment(f"{title}.xlsx", data, XLSX)


def _narrowed(asked: Listed) -> str:
    """The filter in words, so that a printed part is not taken for the whole."""
    chosen, choices = asked.chosen, asked.choices
    named = {
        "状态": next((c.title for c in choices.statuses if c.value == chosen.status), ""),
        "奖项": next((c.title for c in choices.kinds if c.value == chosen.kind), ""),
        "推荐单位": next((c.title for c in choices.recommenders if c.value == chosen.unit), ""),
        "行业": next((c.title for c in choices.industries if c.value == chosen.industry), ""),
        "查找": chosen.q,
        "范围": "逾期或者期满待办" if chosen.late else "",
    }
    parts = [f"{name}“{value}”" for name, value in named.items() if value]
    return f"筛选条件：{'，'.join(parts)}。" if parts else ""
