"""The expert library: the list, one expert's page, one's own, and the recorded look at a bank account."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.desk.experts import choosing, listing, page
from zhiheng.faces.desk.experts.words import book
from zhiheng.foundation.acts import ActError
from zhiheng.foundation.packs.selectors import newest
from zhiheng.process import reach
from zhiheng.process.register import library
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.panel.models import Expert

READERS = (Role.OFFICE, Role.AGENCY, Role.INSPECTOR)


@require_safe
@desk(*READERS)
def experts(request: DeskRequest) -> HttpResponse:
    """The library within reach, filtered and paged by the address; as many queries for one expert as for two thousand."""
    pack = newest()
    whole, words = reach.experts(request.desk.acting), book(pack)
    offered = choosing.offer(whole, words)
    choice = choosing.choose(request.GET, offered)
    found = choosing.chosen(whole, choice, pack)
    shown = Paginator(found, int(choice.size or choosing.SIZES[0])).get_page(request.GET.get("page"))
    first = (shown.number - 1) * shown.paginator.per_page
    context = {
        "choice": choice,
        "offer": offered,
        "page": shown,
        "rows": listing.rows(found[first : first + shown.paginator.per_page], words, pack),
        "orders": [(name, title) for name, (title, _fields) in choosing.ORDERS.items()],
        "sizes": choosing.SIZES,
        "brings_in": request.desk.acting.role in (Role.OFFICE, Role.AGENCY),
    }
    return render(request, "desk/experts.html", context)


@require_safe
@desk(*READERS, Role.EXPERT)
def expert(request: DeskRequest, code: str) -> HttpResponse:
    """One expert; to an expert their own record. What is not theirs does not exist (T1)."""
    return _page(request, code)


@require_safe
@desk(Role.EXPERT)
def profile(request: DeskRequest) -> HttpResponse:
    """One's own record."""
    mine = reach.experts(request.desk.acting).values_list("code", flat=True).first()
    if mine is None:
        raise Http404
    return _page(request, mine)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(Role.OFFICE)
def bank(request: DeskRequest, code: str) -> HttpResponse:
    """An expert's account in full. GET goes back to the page; POST looks, which is put on record, and shows it once."""
    row = _found(request, code)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:expert", args=[code]), status=303)
    try:
        receipt = library.look_bank(request.desk.acting, row)
    except ActError:
        return HttpResponseRedirect(reverse("desk:expert", args=[code]), status=303)
    return render(request, "desk/expert.html", page.context(request.desk.acting, row, receipt.value))


def _page(request: DeskRequest, code: str) -> HttpResponse:
    return render(request, "desk/expert.html", page.context(request.desk.acting, _found(request, code)))


def _found(request: DeskRequest, code: str) -> Expert:
    row = page.find(request.desk.acting, code)
    if row is None:
        raise Http404
    return row
