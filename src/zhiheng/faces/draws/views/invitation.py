"""An expert answers an invitation to review by its link, without signing in: accept, decline, or stand aside (F1, G1, K7)."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhiheng.faces.desk.forms.base import ActForm
from zhiheng.faces.desk.forms.drawing import Answer
from zhiheng.faces.desk.sending import token as form_token
from zhiheng.faces.draws.inviting import find, seat_of, waits
from zhiheng.faces.shared.counter import address_of, within
from zhiheng.faces.shared.private import private
from zhiheng.foundation.acts import ActError, Acting, Receipt
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.process.papers.frame import industry_title
from zhiheng.process.register import panel
from zhiheng.rules.compose import panel_title
from zhiheng.rules.decision import Reason
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.panel.models import ROUNDS, Seat

P = ParamSpec("P")
HELD = "zhiheng_seats"  # session key: seat → the token of its link, out of addresses and logs
DONE = "zhiheng_answered"  # session key: chain, place of the answer just given
MOST_HELD = 10
STRETCH, MOST = 600, 120  # seconds; looks and answers from one address


def unlisted(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page that no cache keeps, no search engine lists, and whose address goes to no other site; so many from one address in a while."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        free = within("invited", address_of(request), MOST, STRETCH)
        response = private(view(request, *args, **kwargs) if free else render(request, "429.html", status=429))
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return guarded


@unlisted
@require_safe
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """The link itself: its token moves into the session, and the page stands at an address that says nothing."""
    seat = find(token)
    if seat is None:
        return _gone(request)
    held = {key: kept for key, kept in request.session.get(HELD, {}).items() if key != str(seat.pk)}
    request.session[HELD] = dict([*held.items(), (str(seat.pk), token)][-MOST_HELD:])
    response = HttpResponseRedirect(reverse("invited:answer", args=[seat.pk]))
    response["Referrer-Policy"] = "no-referrer"
    return response


@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What the expert is invited to, and the three answers; the act is done as they would do it signed in."""
    token = str(request.session.get(HELD, {}).get(str(pk), ""))
    seat = seat_of(token) if request.method == "POST" else find(token)
    if seat is None:
        return _gone(request)
    acting = Acting(Role.EXPERT, seat.expert.person, request_id=request.POST.get("token", "")[:64])
    if request.method != "POST":
        return _page(request, seat, Answer(acting=acting, subject=seat))
    if earlier := panel.answer.earlier(acting, seat):
        return _done(request, earlier)
    if not waits(seat):
        return _gone(request)
    form = Answer(request.POST, acting=acting, subject=seat)
    if not form.is_valid():
        return _page(request, seat, form, status=422)
    try:
        receipt = panel.answer(acting, seat, **form.details())
    except ActError as error:
        return _page(request, seat, form, _laid(form, error), status=422)
    return _done(request, receipt)


def _done(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    request.session[DONE] = [receipt.chain, receipt.seq]
    return HttpResponseRedirect(reverse("invited:answered"), status=303)


@unlisted
@require_safe
def answered(request: HttpRequest) -> HttpResponse:
    """The receipt of the answer just given in this browser."""
    chain, seq = request.session.get(DONE) or ("", 0)
    entry = JournalEntry.objects.filter(chain=chain, seq=seq, act=panel.answer.id, kind="act").first()
    if entry is None:
        return _gone(request)
    comes = json.loads(entry.body)["payload"]["answer"] == "accepted"
    return render(request, "draws/answered.html", {"entry": entry, "comes": comes})


def _laid(form: ActForm, error: ActError) -> list[Reason]:
    """Refusals at their fields; those of none."""
    left = []
    for reason in error.decision.refusals:
        if reason.code in form.fields:
            form.add_error(reason.code, reason.text)
        else:
            left.append(reason)
    return left


def _page(request: HttpRequest, seat: Seat, form: ActForm, refusals: list[Reason] | None = None, status: int = 200) -> HttpResponse:
    row = seat.panel
    context: dict[str, Any] = {
        "seat": seat,
        "form": form,
        "refusals": refusals or [],
        "cycle": row.cycle,
        "panel": panel_title(row, rules_of(row.cycle)),
        "round": _(dict(ROUNDS)[row.round]),
        "entries": [(entry.code, entry.name, industry_title(entry.industry)) for entry in row.entries.defer("form").order_by("code")],
        "token": form_token(request),
    }
    return render(request, "draws/invitation.html", context, status=status)


def _gone(request: HttpRequest) -> HttpResponse:
    """One and the same page for a link that never was, that is over, and that was used."""
    return render(request, "draws/invitation_gone.html", status=404)
