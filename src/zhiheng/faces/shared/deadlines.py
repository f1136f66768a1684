"""How long something may still wait: working days to its last day, or how many it is late (L2, G5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhiheng.rules.calendar import UnknownYear, WorkCalendar

SOON = 3  # working days: from here on a date stands out


@dataclass(frozen=True, slots=True)
class Wait:
    """In words; soon: few working days are left; over: its last day has passed."""

    text: str
    soon: bool
    over: bool


def workdays(first: date, last: date, calendar: WorkCalendar) -> int | None:
    """Working days from `first` to `last`, both included; None where the calendar does not reach: nothing is guessed."""
    try:
        return sum(calendar.is_workday(first + timedelta(days=n)) for n in range((last - first).days + 1))
    except UnknownYear:
        return None


def wait(until: date, today: date, calendar: WorkCalendar) -> Wait:
    """How long from `today` to the last day `until`, which counts itself."""
    if until == today:
        return Wait(_("今日截止"), True, False)
    if until < today:
        late = workdays(until + timedelta(days=1), today, calendar)
        words = ngettext("已逾期 %(n)s 个工作日", "已逾期 %(n)s 个工作日", late) % {"n": late} if late else _("已逾期")
        return Wait(words, False, True)
    left = workdays(today, until, calendar)
    if left is None:
        return Wait(_("以截止日期为准"), False, False)
    return Wait(ngettext("还剩 %(n)s 个工作日", "还剩 %(n)s 个工作日", left) % {"n": left}, left <= SOON, False)
