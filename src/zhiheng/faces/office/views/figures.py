"""The statistics of a cycle: funnel, city, industry, award; each as a chart and as the table beside it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _

from zhiheng.faces.desk.acting import DeskRequest
from zhiheng.faces.office import charts
from zhiheng.faces.office.figures import FIRST, Figures, Line
from zhiheng.faces.office.sight import View
from zhiheng.faces.office.tabs import Tab
from zhiheng.faces.office.views.page import draw, part
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.people.models import Unit


@dataclass(frozen=True, slots=True)
class Block:
    """One table with its chart. field: the filter of the list that a line's key stands for."""

    id: str
    title: str
    first: str
    field: str
    lines: list[Line]
    totals: tuple[int, ...]


@part(Tab.FIGURES)
def figures(request: DeskRequest, cycle: Cycle) -> HttpResponse:
    """Two queries: the counts, and the names of the recommenders."""
    found = View(request.desk.acting, cycle).figures
    by_unit = found.by_unit(units(found))
    blocks = [
        _block("city", _("按推荐单位"), _("推荐单位"), "unit", by_unit),
        _block("industry", _("按行业门类"), _("行业门类（GB/T 4754—2017）"), "industry", found.by_section()),
        _block("category", _("按奖项和类别"), _("奖项和类别"), "kind", found.by_category()),
    ]
    drawn = [0, _furthest(blocks[-1].totals)] if len(found.columns) > 1 else [0]
    data = [charts.funnel(found.funnel, _("各阶段通过数量"))]
    data += [charts.compared(block.id, block.title, block.lines, found.heads, drawn) for block in blocks if block.lines]
    return draw(request, cycle, Tab.FIGURES, {"figures": found, "blocks": blocks, "charts": data, "note": _note(found)})


def _furthest(totals: tuple[int, ...]) -> int:
    """The last column in which anything is counted; at least the second."""
    return max((number for number, total in enumerate(totals) if total and number), default=1)


def _note(figures: Figures) -> str:
    """Where the role's view begins, if not at the first stage."""
    if figures.role not in FIRST or not figures.funnel:
        return ""
    return _("按您的职责，统计自“%(first)s”起。") % {"first": figures.funnel[0].title}


def units(figures: Figures) -> list[tuple[str, str]]:
    """The recommenders by code and city: those that the rules name, then any other that has entries. One query."""
    known = [(unit.code, unit.city or unit.name) for unit in figures.pack.recommenders]
    named = {code for code, _title in known}
    others = Unit.objects.filter(code__in={cell.unit for cell in figures.cells} - named).order_by("pk")
    return known + [(unit.code, unit.city or unit.name) for unit in others]


def _block(chart: str, title: str, first: str, field: str, lines: list[Line]) -> Block:
    totals = tuple(sum(column) for column in zip(*(line.counts for line in lines), strict=True))
    return Block(chart, title, first, field, lines, totals)
