"""The front page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from zhiheng.faces.public import selectors, surveys
from zhiheng.faces.public.stageline import line_of
from zhiheng.faces.public.views.page import draw, public
from zhiheng.faces.shared.context import site
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.packs.selectors import calendar
from zhiheng.rules.pack import Pack

MOST_RUNNING = 12
MOST_NEWS = 6


@public
def home(request: HttpRequest) -> HttpResponse:
    """What the award is, where the cycle stands, what is being published now, and who has won."""
    cycle: Cycle | None = site(request)["site"].cycle
    days = calendar()
    running = [selectors.show(notice, days) for notice in selectors.running()[: MOST_RUNNING + 1]]
    context = {
        "cycle": cycle,
        "pack": rules_of(cycle) if cycle else None,
        "survey": surveys.running(cycle),
        "steps": line_of(cycle) if cycle else [],
        "running": running[:MOST_RUNNING],
        "more_running": len(running) > MOST_RUNNING,
        "news": [selectors.show(notice, days) for notice in selectors.notices()[:MOST_NEWS]],
        "years": _years(selectors.winners()),
        "whom": _whom(rules_of(cycle)) if cycle else "",
    }
    return draw(request, "home", context)


def _years(winners: list[selectors.Winner]) -> list[tuple[Cycle, list[selectors.Winner]]]:
    """Winners by cycle, newest first."""
    years: dict[int, tuple[Cycle, list[selectors.Winner]]] = {}
    for winner in winners:
        years.setdefault(winner.cycle.pk, (winner.cycle, []))[1].append(winner)
    return list(years.values())


def _whom(pack: Pack) -> str:
    """Whom the awards are for."""
    kinds = {award.applicant for award in pack.awards}
    return gettext("组织和个人") if len(kinds) > 1 else gettext("个人") if "person" in kinds else gettext("组织")
