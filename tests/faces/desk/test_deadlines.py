"""How long something may still wait, in working days (L2)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.faces.shared.deadlines import wait, workdays
from zhiheng.rules.calendar import UnknownYear, WorkCalendar, YearPlan

PLANS = {
    2025: YearPlan(2025, frozenset({date(2025, 1, 1), date(2025, 5, 1), date(2025, 5, 2)}), frozenset({date(2025, 4, 27)})),
    # Next year's plan moves a working day into this December, and takes one from it.
    2026: YearPlan(
        2026, frozenset({date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2)}), frozenset({date(2025, 12, 28), date(2026, 1, 4)})
    ),
}
CALENDAR = WorkCalendar(PLANS)
DAYS = st.dates(date(2024, 12, 20), date(2027, 1, 10))


@pytest.mark.duty("L2")
@given(first=DAYS, length=st.integers(-5, 400))
def test_counting_by_weeks_gives_what_counting_day_by_day_gives(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    try:
        counted: int | None = sum(CALENDAR.is_workday(first + timedelta(days=n)) for n in range(length + 1))
    except UnknownYear:
        counted = None
    assert workdays(first, last, CALENDAR) == counted


@pytest.mark.parametrize(
    ("until", "text", "soon", "over"),
    [
        (date(2025, 5, 15), "今日截止", True, False),
        (date(2025, 5, 19), "还剩 3 个工作日", True, False),
        (date(2025, 5, 20), "还剩 4 个工作日", False, False),
        (date(2025, 5, 14), "已逾期 1 个工作日", False, True),
        (date(2025, 4, 30), "已逾期 9 个工作日", False, True),
        (date(2027, 1, 5), "以截止日期为准", False, False),
    ],
)
def test_in_words(until: date, text: str, soon: bool, over: bool) -> None:
    found = wait(until, date(2025, 5, 15), CALENDAR)
    assert (found.text, found.soon, found.over) == (text, soon, over)


def test_a_day_missed_over_a_weekend_is_late_without_a_count() -> None:
    assert wait(date(2025, 5, 16), date(2025, 5, 17), CALENDAR).text == "已逾期"
