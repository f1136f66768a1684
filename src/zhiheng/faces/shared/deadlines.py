"""How long something may still wait: working days to its last day, or how many it is late (L2, G5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhiheng.rules.calendar import SATURDAY, WorkCalendar

SOON = 3  # working days: from here on a date stands out


@dataclass(frozen=True, slots=True)
class Wait:
    """In words; soon: few working days are left; over: its last day has passed."""

    text: str
    soon: bool
    over: bool


def workdays(first: date, last: date, calendar: WorkCalendar) -> int | None:
    """Working days from `first` to `last`, both included; None where the calendar does not reach: nothing is guessed.

    Counted as weeks and their exceptions, so that a list of many dates is quick; day by day, `calendar.is_workday` gives the same.
    """
    if last < first:
        return 0
    if not all(year in calendar.plans for year in range(first.year, last.year + 1)):
        return None
    plans = [calendar.plans[year] for year in range(first.year, last.year + 2) if year in calendar.plans]
    extra = {day for plan in plans for day in plan.workdays if first <= day <= last}
    off = {day for plan in plans for day in plan.holidays if first <= day <= last} - extra
    usual = _weekdays(last.toordinal()) - _weekdays(first.toordinal() - 1)
    return usual - sum(day.weekday() < SATURDAY for day in off) + sum(day.weekday() >= SATURDAY for day in extra)


def _weekdays(ordinal: int) -> int:
    """Days from Monday to Friday since the first Monday of the calendar, up to the day with this ordinal."""
    weeks, rest = divmod(ordinal, 7)
    return weeks * 5 + min(rest, 5)


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
