"""The list of entries that each role has, and the page of one entry."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.desk.entries import choosing, listing, page
from zhiheng.process import parts, reach
from zhiheng.rules.lifecycle import Role


@require_safe
@desk()
def entries(request: DeskRequest) -> HttpResponse:
    """The entries that the reader may open, filtered, in order, fifty a page; the same number of queries for one and for five hundred."""
    acting = request.desk.acting
    whole = reach.entries(acting)
    choice = choosing.choose(acting, request.GET, whole)
    chosen = whole.filter(choice.condition).order_by(*choosing.ORDERS[choice.order][1])
    found = Paginator(chosen, choice.size).get_page(request.GET.get("page"))
    first = (found.number - 1) * choice.size
    context = {
        "choice": choice,
        "page": found,
        "rows": listing.drawn(chosen[first : first + choice.size], choice.cycles, choice.veil),
        "orders": [(name, title) for name, (title, _fields) in choosing.ORDERS.items()],
        "sizes": choosing.SIZES if acting.role in choosing.MANY else (),
        "title": _("我的申报") if acting.role == Role.APPLICANT else _("申报项目"),
    }
    return render(request, "desk/entries.html", context)


@require_safe
@desk()
def entry(request: DeskRequest, code: str) -> HttpResponse:
    """One entry with all of it that the reader may know, and what they may do next. What is not theirs does not exist (T1)."""
    try:
        sight = parts.look_at(request.desk.acting, code)
    except reach.Unreachable:
        raise Http404 from None
    return render(request, "desk/entry.html", page.context(sight))
