"""Cycles, winners, certificates and the public history of an entry."""

from __future__ import annotations

import io
from collections.abc import Callable

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from zhiheng.faces.public import selectors
from zhiheng.faces.public.published import groups
from zhiheng.faces.public.stageline import line_of, unplaced
from zhiheng.faces.public.views.page import draw, public
from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
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
    """Winners by year and award, in neutral order; revoked ones stay and are marked (K2). ?cycle and ?award narrow them; a word that is
    not on offer narrows nothing."""
    found = selectors.winners()
    cycles = {winner.cycle.code: winner.cycle for winner in found}
    awards = list(dict.fromkeys(winner.listed.award for winner in found if winner.listed.award))
    chosen = {
        name: asked if (asked := request.GET.get(name, "")) in offered else "" for name, offered in (("cycle", cycles), ("award", awards))
    }
    shown = [one for one in found if chosen["cycle"] in ("", one.cycle.code) and chosen["award"] in ("", one.listed.award)]
    years = []
    for one in cycles.values():
        rows = [winner.listed for winner in shown if winner.cycle.pk == one.pk]
        if rows:
            years.append({"cycle": one, "groups": groups(rows, rules_of(one)), "total": len(rows)})
    revoked = {winner.listed.code: winner.revoked_on for winner in found if winner.revoked_on}
    context = {"years": years, "revoked": revoked, "cycles": cycles, "awards": sorted(awards, key=_award_place(cycles)), "chosen": chosen}
    return draw(request, "winners", {**context, "narrowed": any(chosen.values())})


@public
def certificates(request: HttpRequest) -> HttpResponse:
    """?number: whether a certificate is genuine, revoked, or unknown (K6)."""
    typed = request.GET.get("number", "")
    number = selectors.tidy_number(typed)
    checked = selectors.check_certificate(number) if number else None
    notice = selectors.revocation_notice(checked.certificate.entry.code) if checked and checked.revoked else None
    return draw(request, "certificates", {"number": number, "checked": checked, "notice": notice, "now": clock.now()})


@public
def certificate_code(request: HttpRequest, number: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The QR code that leads to the check of a genuine certificate, under the site's own address; for any other number there is none."""
    checked = selectors.check_certificate(number)
    if checked is None or checked.revoked:
        raise Http404
    page = reverse("public:certificates", query={"number": number})
    drawn = io.BytesIO()
    segno.make(f"{settings.ZHIHENG_SITE_URL}{page}", error="m").save(
        drawn, kind="svg", scale=4, border=4, light="#fff", svgclass=None, lineclass=None
    )
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


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


def _award_place(cycles: dict[str, Cycle]) -> Callable[[str], int]:
    """The order of the awards as the newest cycle's rules have them."""
    titles = [award.title for one in cycles.values() for award in rules_of(one).awards]
    return lambda title: titles.index(title) if title in titles else len(titles)
