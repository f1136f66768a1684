"""Moving the demo's clock: by a working day, or to the moment at which the next period is over (L2, Q14)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle, DemoClock
from zhiheng.foundation.packs.selectors import calendar
from zhiheng.foundation.publicity.models import Notice
from zhiheng.stages.survey.models import Poll

OPENS = 9  # o'clock


def next_workday(now: datetime) -> datetime | None:
    """Nine o'clock of the next working day; None where the calendar of that year has not been published."""
    day, days = now.date(), calendar()
    for _step in range(60):
        day += timedelta(days=1)
        if not days.knows(day):
            return None
        if days.is_workday(day):
            return clock.at(day, OPENS)
    return None


def next_deadline(now: datetime) -> tuple[datetime, str] | None:
    """The first moment after now at which something is over, and what: applying, a publicity period, a survey."""
    found = [(c.deadline + timedelta(minutes=1), _("申报截止")) for c in Cycle.objects.filter(deadline__gt=now) if c.deadline]
    running = Notice.objects.filter(days__gt=0, closed_at=None, ends_on__gte=now.date())
    found += [(clock.at(n.ends_on + timedelta(days=1), OPENS), n.title) for n in running if n.ends_on]
    found += [
        (p.closes_at + timedelta(minutes=1), _("公众满意度测评截止")) for p in Poll.objects.filter(closed_at=None, closes_at__gt=now)[:1]
    ]
    opening = Cycle.objects.filter(opens_on__gt=now.date())
    found += [(clock.at(c.opens_on, OPENS), _("申报开始")) for c in opening if c.opens_on]
    later = [one for one in found if one[0] > now]
    return min(later) if later else None


def move(moment: datetime) -> None:
    """Set the demo's clock; it never goes back, since the journal does not."""
    row = DemoClock.objects.order_by("pk").first() or DemoClock(now=moment)
    row.now = max(row.now, moment)
    row.save()
