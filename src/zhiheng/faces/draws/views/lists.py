"""The long lists of a draw: everybody's chance, and who could not be drawn for what, each with its reason."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.draws import chances as reckoned
from zhiheng.faces.draws import groups
from zhiheng.faces.draws.access import ROOM, draw_or_404
from zhiheng.faces.draws.board import ROUNDS, reasons
from zhiheng.faces.shared import searching
from zhiheng.stages.panel.selectors import published

PER_PAGE = 50
SORTS = ("least", "most", "code")


@require_safe
@desk(*ROOM)
def chances(request: DeskRequest, pk: int) -> HttpResponse:
    """Everybody's chance: the least likely first, or the most (?sort=most), or by code; ?q= part of a code, a name, an employer."""
    row = draw_or_404(request.desk.acting, pk)
    lottery = published(row)
    if lottery is None:
        raise Http404
    found = reckoned.lines(lottery.made)
    names = groups.names_of(request.desk.acting, [one.code for one in found])
    found = [replace(one, name=names[one.code][0], employer=names[one.code][1]) if one.code in names else one for one in found]
    drawn = reckoned.chart(found)
    asked, sort = _asked(request)
    if asked:
        found = [one for one in found if asked in f"{one.code} {one.name} {one.employer}"]
    if sort != "least":
        found.sort(key=(lambda one: (-one.tickets, one.code)) if sort == "most" else (lambda one: one.code))
    context = {
        "draw": row,
        "round": _(ROUNDS[row.round]),
        "lottery": lottery,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page", "")[:6]),
        "measures": reckoned.measures(lottery.made),
        "chart": [drawn],
        "bars": [*zip(drawn["names"], *(one["data"] for one in drawn["series"]), strict=True)] if drawn else [],
        "q": asked,
        "sort": sort,
        "query": urlencode({"q": asked, "sort": sort}),
    }
    return render(request, "draws/chances.html", context)


@require_safe
@desk(*ROOM)
def excluded(request: DeskRequest, pk: int) -> HttpResponse:
    """Who could not be drawn, for which panel and why; ?q= part of a code, a panel or a reason."""
    row = draw_or_404(request.desk.acting, pk)
    asked, _sort = _asked(request)
    titles = {table.code: table.title for table in groups.frozen(row)}
    names = groups.names_of(request.desk.acting, [expert for _panel, expert, _why in row.frozen["excluded"]])
    found = [
        (titles.get(panel, ""), panel, expert, names.get(expert, ("", ""))[0], why)
        for panel, expert, why in sorted(row.frozen["excluded"], key=lambda one: (one[1], one[0]))
    ]
    if asked:
        found = [one for one in found if asked in " ".join(one)]
    context = {
        "draw": row,
        "round": _(ROUNDS[row.round]),
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page", "")[:6]),
        "reasons": reasons(row),
        "q": asked,
        "query": urlencode({"q": asked}),
    }
    return render(request, "draws/excluded.html", context)


def _asked(request: DeskRequest) -> tuple[str, str]:
    sort = request.GET.get("sort", "")
    return searching.cleaned(request.GET.get("q", "")), sort if sort in SORTS else SORTS[0]
