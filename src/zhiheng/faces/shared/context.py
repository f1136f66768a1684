"""What the frame of every page shows: whose award it is, the current cycle, and whether this is a demo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from zhiheng.faces.shared.display import display_of
from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.question import Question

FALLBACK = _("政府质量奖")
_issued = Question(lambda moment: Cycle.objects.filter(pinned_at__lte=moment).order_by("-year", "-pk")[:1])


@dataclass(frozen=True, slots=True)
class Site:
    """award_name and organizer come from the current cycle's rules; demo_now is set in demo mode only."""

    award_name: str
    organizer: str
    cycle: Cycle | None
    demo_now: datetime | None


def current_cycle() -> Cycle | None:
    """The newest cycle whose call has been issued; one that is still being planned is not public."""
    return _issued.first(clock.now())


def _site() -> Site:
    demo_now = clock.now() if settings.ZHIHENG_DEMO else None
    try:
        cycle = current_cycle()
        pack = rules_of(cycle) if cycle else None
    except DatabaseError:  # a page that says what is wrong must still be drawn
        cycle, pack = None, None
    return Site(pack.award_name if pack else str(FALLBACK), pack.law.authority if pack else "", cycle, demo_now)


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `site`, worked out when a page first asks for it and kept for the request; `display`: the reader's choice."""
    if not hasattr(request, "zhiheng_site"):
        request.zhiheng_site = SimpleLazyObject(_site)  # type: ignore[attr-defined]
    return {"site": request.zhiheng_site, "display": display_of(request)}  # type: ignore[attr-defined]
