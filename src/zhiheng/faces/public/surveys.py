"""The survey as the public sees it: whom it asks about, as the shortlist's notice names them, and until when. No count of anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404

from zhiheng.faces.public import selectors
from zhiheng.faces.public.kinds import SHORTLIST
from zhiheng.faces.public.published import Listed, listed
from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.publicity.models import Notice
from zhiheng.stages.survey.selectors import last_day, window


@dataclass(frozen=True, slots=True)
class Survey:
    """asked: the individuals in neutral order; notice: the list that they are published in."""

    asked: tuple[Listed, ...]
    notice: Notice | None
    closes_at: datetime
    open: bool

    @property
    def last_day(self) -> date:
        """The day with which the survey ends, at 24:00."""
        return last_day(self.closes_at)


def of(cycle: Cycle) -> Survey:
    """The survey of a cycle. Raises Http404 before it is opened."""
    found = window(cycle)
    if found is None or found.opened_at > clock.now():
        raise Http404
    notice = selectors.full_notices().filter(cycle=cycle, kind=SHORTLIST).last()
    asked = tuple(one for one in listed(notice, rules_of(cycle)) if one.code in found.polls) if notice else ()
    return Survey(asked, notice, found.closes_at, found.open(clock.now()))


def running(cycle: Cycle | None) -> bool:
    """Whether a survey takes answers now."""
    found = window(cycle) if cycle else None
    return bool(found and found.open(clock.now()))
