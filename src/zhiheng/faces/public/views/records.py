"""Cycles, winners, certificates and the public history of an entry."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from zhiheng.faces.public import selectors
from zhiheng.faces.public.published import groups
from zhiheng.faces.public.stageline import line_of, unplaced
from zhiheng.faces.public.views.page import draw, public
from zhiheng.foundation.cycles.selectors import rules_of


@public
def cycle(request: HttpRequest, code: str) -> HttpResponse:
    """One cycle: its line of stages with the notices of each, and how many its published lists name."""
    found = get_object_or_404(selectors.cycles(), code=code)
    shown = selectors.show_all(selectors.notices().filter(cycle=found).order_by("posted_at", "pk"))
    steps = line_of(found, shown)
    context = {
        "cycle": found,
        "pack": rules_of(found),
        "steps": steps,
        "others": unplaced(steps, shown),
        "counts": selectors.counts(found),
        "cycles": list(selectors.cycles()),
    }
    return draw(request, "cycle", context)


@public
def winners(request: HttpRequest) -> HttpResponse:
    """Winners by year and award, in neutral order; revoked ones stay and are marked (K2)."""
    found = selectors.winners()
    cycles = {winner.cycle.pk: winner.cycle for winner in found}
    revoked = {winner.listed.code: winner.revoked_on for winner in found if winner.revoked_on}
    years = []
    for one in cycles.values():
        rows = [winner.listed for winner in found if winner.cycle.pk == one.pk]
        years.append({"cycle": one, "groups": groups(rows, rules_of(one)), "total": len(rows)})
    return draw(request, "winners", {"years": years, "revoked": revoked})


@public
def certificates(request: HttpRequest) -> HttpResponse:
    """?number: whether a certificate is genuine, revoked, or unknown (K6)."""
    typed = request.GET.get("number", "")
    number = selectors.tidy_number(typed)
    checked = selectors.check_certificate(number) if number else None
    notice = selectors.revocation_notice(checked.certificate.entry.code) if checked and checked.revoked else None
    return draw(request, "certificates", {"number": number, "checked": checked, "notice": notice})


@public
def entry(request: HttpRequest, code: str) -> HttpResponse:
    """What notices have said of an entry, in time order. One that no notice has named is not found, whatever the database knows."""
    events = selectors.history(code)
    if not events:
        raise Http404
    last = events[-1]
    merits = next((event.listed.merits for event in reversed(events) if event.shown.kind.merits), "")
    context = {"code": code, "events": events, "last": last.listed, "merits": merits, "cycle": last.shown.notice.cycle}
    context["revoked_on"] = selectors.revocations().get(code) if selectors.was_commended(events) else None
    return draw(request, "entry", context)
