"""Pages of the demo: be anybody, move the clock, walk through a cycle."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhiheng.faces.demo import ahead, players
from zhiheng.faces.demo.only import demo_only
from zhiheng.faces.demo.steps import STEPS
from zhiheng.faces.desk.acting import CHOSEN
from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.people.models import Account, RoleGrant
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.lifecycle import STAGE_TITLES, Role, Stage


@require_safe
@demo_only
def roles(request: HttpRequest) -> HttpResponse:
    """Everybody one may be, by role; ?word= searches."""
    word = request.GET.get("word", "").strip()[:40]
    return render(request, "demo/roles.html", {"groups": players.groups(word), "word": word})


@require_POST
@demo_only
def become(request: HttpRequest) -> HttpResponse:
    """Sign in as the holder of a grant. In a demo nobody's data are real; elsewhere this page does not exist."""
    wanted = request.POST.get("grant", "")
    grant = get_object_or_404(RoleGrant.objects.select_related("person"), pk=int(wanted) if wanted.isdecimal() else 0, revoked_at=None)
    account, _fresh = Account.objects.get_or_create(person=grant.person, defaults={"username": grant.person.code})
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[-1])
    request.session[CHOSEN] = grant.pk
    return HttpResponseRedirect(_next(request, reverse("desk:home")), status=303)


@require_POST
@demo_only
def forward(request: HttpRequest) -> HttpResponse:
    """Move the clock: a working day, or to the next deadline."""
    now = clock.now()
    if request.POST.get("to") == "deadline":
        found = ahead.next_deadline(now)
        moment, why = found or (None, "")
        missing = _("目前没有正在计算的期限")
    else:
        moment, why = ahead.next_workday(now), ""
        missing = _("下一年度工作日历尚未公布，不能再往后推算")
    if moment is None:
        messages.warning(request, missing)
    else:
        ahead.move(moment)
        local = clock.local(moment)
        told = _("演示时间已到%(day)s%(hour)d时") % {"day": chinese_date(local.date()), "hour": local.hour}
        messages.success(request, f"{told}：{why}" if why else told)
    return HttpResponseRedirect(_next(request, reverse("public:home")), status=303)


@require_safe
@demo_only
def tour(request: HttpRequest) -> HttpResponse:
    """The twelve steps, each with the page to begin on and the player to be."""
    cycles = list(Cycle.objects.filter(pinned_at__lte=clock.now()).order_by("year", "pk"))
    rows = []
    for number, step in enumerate(STEPS, 1):
        cycle = _cycle_for(step.stage, cycles)
        player = None if step.role == Role.PUBLIC else players.first(step.role)
        place = step.place(cycle) if cycle else reverse("public:home")
        rows.append({"number": number, "step": step, "title": STAGE_TITLES[step.stage], "player": player, "place": place, "cycle": cycle})
    return render(request, "demo/tour.html", {"rows": rows})


def _cycle_for(stage: Stage, cycles: list[Cycle]) -> Cycle | None:
    """The newest cycle that has reached the stage."""
    order = list(Stage)
    reached = [cycle for cycle in cycles if order.index(Stage(cycle.stage)) >= order.index(stage)]
    return reached[-1] if reached else (cycles[-1] if cycles else None)


def _next(request: HttpRequest, otherwise: str) -> str:
    target = request.POST.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, None) and target.startswith("/") else otherwise
