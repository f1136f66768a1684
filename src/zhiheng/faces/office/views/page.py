"""What every part of a cycle's page has in common: who may see it, the cycle within reach, and the frame around it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.office.tabs import TABS, TITLES, Tab, links
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process import reach
from zhiheng.rules.lifecycle import Role

P = ParamSpec("P")
#: To whom `process.reach` gives objections.
SEES_OBJECTIONS = frozenset({Role.OFFICE, Role.RECOMMENDER, Role.INSPECTOR})
Part = Callable[Concatenate[DeskRequest, Cycle, P], HttpResponseBase]
Answer = Callable[Concatenate[HttpRequest, str, P], HttpResponse]


def cycle_or_404(acting: Acting, code: str, tab: Tab) -> Cycle:
    """The cycle, where this role has this part of its page and the cycle is within its reach."""
    found = reach.cycles(acting).filter(code=code).first() if tab in TABS.get(acting.role, ()) else None
    if found is None:
        raise Http404
    return found


def part(tab: Tab, *, read: bool = True) -> Callable[[Part[P]], Answer[P]]:
    """A view of one part of a cycle's page; read: it answers to GET and HEAD alone."""

    def wrap(view: Part[P]) -> Answer[P]:
        @wraps(view)
        def within(request: DeskRequest, code: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            # A file that is sent from disk is no HttpResponse by name, but has all that `desk` asks of one.
            return cast("HttpResponse", view(request, cycle_or_404(request.desk.acting, code, tab), *args, **kwargs))

        guarded = desk(*TABS)(within)
        return require_safe(guarded) if read else guarded

    return wrap


def entry_url() -> tuple[str, str]:
    """The address of an entry's page, before and after the code: a list of hundreds does not ask for each."""
    before, _, after = reverse("desk:entry", args=["CODE"]).partition("CODE")
    return before, after


def draw(request: DeskRequest, cycle: Cycle, tab: Tab, context: dict[str, Any], template: str = "") -> HttpResponse:
    """The part from its template, with the tabs around it."""
    acting = request.desk.acting
    frame = {
        "cycle": cycle,
        "stage_title": next(stage.title for stage in rules_of(cycle).stages if stage.code == cycle.stage),
        "tabs": links(acting.role, cycle.code, tab),
        "tab_title": TITLES[tab],
        "city": acting.unit.city or acting.unit.name if acting.role == Role.RECOMMENDER and acting.unit else "",
        "passed_only": acting.role == Role.CHAIR,
        "entry_url": entry_url(),
        "sees_objections": acting.role in SEES_OBJECTIONS,
    }
    return render(request, f"office/{template or tab}.html", {**frame, **context})
