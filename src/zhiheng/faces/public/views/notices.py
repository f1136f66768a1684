"""Notices: the list and the article (L2)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.public import selectors, surveys
from zhiheng.faces.public.article import article_of
from zhiheng.faces.public.kinds import KINDS, SHORTLIST
from zhiheng.faces.public.published import groups, listed
from zhiheng.faces.public.views.page import draw, pages, public
from zhiheng.foundation.cycles.selectors import rules_of

STATES = {"open": _("公示中"), "closed": _("公示期满"), "news": _("公告通知")}


@public
def notice_list(request: HttpRequest) -> HttpResponse:
    """All notices, newest first. ?cycle, ?kind and ?state narrow them; a word that is not on offer narrows nothing."""
    cycles = list(selectors.cycles())
    chosen = {
        "cycle": _offered(request.GET.get("cycle", ""), [cycle.code for cycle in cycles]),
        "kind": _offered(request.GET.get("kind", ""), KINDS),
        "state": _offered(request.GET.get("state", ""), STATES),
    }
    sources = {"open": selectors.running, "closed": selectors.ended, "news": selectors.announcements}
    found = sources.get(chosen["state"], selectors.notices)()
    if chosen["cycle"]:
        found = found.filter(cycle__code=chosen["cycle"])
    if chosen["kind"]:
        found = found.filter(kind=chosen["kind"])
    page = pages(found, request.GET.get("page", ""))
    context = {
        "page": page,
        "shown": selectors.show_all(list(page)),
        "cycles": cycles,
        "kinds": {code: kind.title for code, kind in KINDS.items()},
        "states": STATES,
        "chosen": chosen,
        "query": urlencode({key: value for key, value in chosen.items() if value}),
    }
    return draw(request, "notices", context)


@public
def notice(request: HttpRequest, code: str) -> HttpResponse:
    """One notice as an official article with its list and its clock."""
    found = get_object_or_404(selectors.full_notices(), code=code)
    pack = rules_of(found.cycle)
    names = listed(found, pack)
    head = found.journal_head.split("#")
    shown = selectors.show(found)
    context = {
        "shown": shown,
        "survey": found.kind == SHORTLIST and surveys.running(found.cycle),
        "article": article_of(found.body),
        "groups": groups(names, pack, merits=shown.kind.merits),
        "total": len(names),
        "publicity": pack.parameters.publicity_days,
        "head": dict(zip(("chain", "seq", "hash"), head, strict=True)) if len(head) == 3 else None,
    }
    return draw(request, "notice", context)


def _offered(asked: str, offered: Any) -> str:
    return asked if asked in offered else ""
