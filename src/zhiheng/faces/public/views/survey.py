"""The public satisfaction survey of individuals: a page that caches may keep, and answers on a path of their own (F5, Q24, Q25, T12)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from zhiheng.faces.public import identity, selectors, surveys
from zhiheng.faces.public.views.page import draw, own, public, refuse_foreign
from zhiheng.faces.shared.counter import address_of, within
from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.people.selectors import id_digest
from zhiheng.stages.survey.models import CHOICES
from zhiheng.stages.survey.services import answer_all

STRETCH, MOST_POSTED = 600, 60  # answers from one address: a workplace or a village may share it
MOST_MOBILE, MOBILE_STRETCH = 5, 30 * 24 * 60 * 60  # members of a family may share a telephone
BUSY, WRONG, CONFLICT = 429, 422, 409
FIELD = "choice-"


@csrf_exempt  # nothing here rests on who the browser is; `refuse_foreign` keeps forms of other sites out all the same (T3)
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, code: str) -> HttpResponse:
    """The individuals of the published list, each to be rated once by each identity; after the end only that it has ended."""
    if request.method == "POST":
        return refuse_foreign(request) or _take(request, code)
    return _show(request, code)


@public
def _show(request: HttpRequest, code: str) -> HttpResponse:
    cycle = get_object_or_404(selectors.cycles(), code=code)
    return draw(request, "survey", _context(cycle, {}))


@own
def _take(request: HttpRequest, code: str) -> HttpResponse:
    cycle = get_object_or_404(selectors.cycles(), code=code)
    given = {name: request.POST.get(name, "") for name in request.POST if name.startswith(FIELD)}
    chosen = {name.removeprefix(FIELD): str(value) for name, value in given.items() if value}
    again = _context(cycle, chosen) | {"values": request.POST}
    if not again["survey"].open:
        return draw(request, "survey", again, status=CONFLICT)
    if not within("survey.post", address_of(request), MOST_POSTED, STRETCH):
        response = draw(request, "survey", {**again, "errors": [("", _("操作过于频繁，请十分钟后再试"))]}, status=BUSY)
        response["Retry-After"] = str(STRETCH)
        return response
    who = identity.read(*(request.POST.get(field, "") for field in ("name", "number", "mobile")))
    errors = [] if chosen else [("rated", _("请至少对一名申报人作出评价"))]
    errors += identity.faults(who, clock.today())
    if not errors and not within(f"survey.mobile:{cycle.code}", id_digest(who.mobile), MOST_MOBILE, MOBILE_STRETCH):
        errors.append(("mobile", _("该手机号码参与测评的次数已满，请使用本人的手机号码")))
    if not errors:
        decision = answer_all(cycle, who.number, chosen)
        errors = [("", reason.text) for reason in decision.refusals[:1]]
    if errors:
        return draw(request, "survey", {**again, "errors": errors, "error": dict(errors)}, status=WRONG)
    return HttpResponseRedirect(reverse("public:survey_thanks", args=[code]), status=303)


@public
def thanks(request: HttpRequest, code: str) -> HttpResponse:
    """The same word for everybody, whether it was the first answer or not."""
    cycle = get_object_or_404(selectors.cycles(), code=code)
    return draw(request, "survey_thanks", _context(cycle, {}))


def _context(cycle: Cycle, chosen: dict[str, str]) -> dict[str, Any]:
    """rows: each individual with what was chosen for them."""
    found = surveys.of(cycle)
    rows = [(one, chosen.get(one.code, "")) for one in found.asked]
    return {"cycle": cycle, "survey": found, "rows": rows, "choices": [(code, _(title)) for code, title in CHOICES], "field": FIELD}
