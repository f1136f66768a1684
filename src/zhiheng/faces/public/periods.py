"""The clock of a notice as the public reads it: posted, last day, state, working days left (L2, Q14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from zhiheng.foundation.clock import SHANGHAI
from zhiheng.foundation.publicity.models import Notice
from zhiheng.rules.calendar import UnknownYear, WorkCalendar


class State(StrEnum):
    """What a notice's clock says."""

    ANNOUNCEMENT = "announcement"  # no clock
    RUNNING = "running"
    EXPIRED = "expired"  # the last day is over, the office has not closed the matter yet
    CLOSED = "closed"


TITLES = {State.ANNOUNCEMENT: _("公告"), State.RUNNING: _("公示中"), State.EXPIRED: _("公示期满，待办结"), State.CLOSED: _("公示已结束")}


@dataclass(frozen=True, slots=True)
class Period:
    """left: working days still to come, the last one included; None when no clock runs or the calendar does not reach."""

    state: State
    posted_at: datetime
    days: int
    ends_on: date | None
    closed_at: datetime | None
    left: int | None
    last_day: bool

    @property
    def title(self) -> str:
        """The state in words."""
        return str(TITLES[self.state])

    @property
    def running(self) -> bool:
        """Whether objections are being taken."""
        return self.state is State.RUNNING

    @property
    def left_text(self) -> str:
        """How long it still runs."""
        if not self.running:
            return ""
        if self.last_day:
            return gettext("今日24时截止")
        if self.left is None:
            return gettext("请以截止日期为准")
        return ngettext("还剩 %(left)d 个工作日", "还剩 %(left)d 个工作日", self.left) % {"left": self.left}


def period_of(notice: Notice, now: datetime, calendar: WorkCalendar, posting_day_counts: bool) -> Period:
    """The notice's clock at the moment `now` (aware)."""
    today, posted = now.astimezone(SHANGHAI).date(), notice.posted_at.astimezone(SHANGHAI).date()
    closed = notice.closed_at if notice.closed_at and notice.closed_at <= now else None
    if not notice.days or notice.ends_on is None:
        state = State.ANNOUNCEMENT
    elif today <= notice.ends_on:
        state = State.RUNNING
    else:
        state = State.CLOSED if closed else State.EXPIRED
    left = None
    if state is State.RUNNING and notice.ends_on:
        first = max(posted if posting_day_counts else posted + timedelta(days=1), today)
        left = _workdays(first, notice.ends_on, calendar)
    return Period(state, notice.posted_at, notice.days, notice.ends_on, closed, left, state is State.RUNNING and today == notice.ends_on)


def _workdays(first: date, last: date, calendar: WorkCalendar) -> int | None:
    try:
        return sum(calendar.is_workday(first + timedelta(days=n)) for n in range((last - first).days + 1))
    except UnknownYear:
        return None
