"""Working days: weekdays less holidays plus make-up days; what is not known is not guessed."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from zhiheng.rules.calendar import UnknownYear, WorkCalendar, YearPlan

NEW_YEAR = YearPlan(2026, frozenset({date(2026, 1, 1), date(2026, 1, 2)}), frozenset({date(2026, 1, 4)}))


@pytest.mark.duty("L2")
@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 1, 1), False),  # holiday on a Thursday
        (date(2026, 1, 3), False),  # Saturday
        (date(2026, 1, 4), True),  # make-up Sunday
        (date(2026, 1, 5), True),  # Monday
    ],
)
def test_a_day_works_or_not(day: date, works: bool) -> None:
    assert WorkCalendar({2026: NEW_YEAR}).is_workday(day) is works


@pytest.mark.duty("L2")
def test_every_day_of_seven_years_agrees_with_the_library(calendar: WorkCalendar) -> None:
    day, wrong = date(2020, 1, 1), []
    while day.year <= 2026:
        if calendar.is_workday(day) != chinese_calendar.is_workday(day):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


@pytest.mark.duty("L2")
def test_an_unknown_year_is_an_error_that_says_what_to_do() -> None:
    calendar = WorkCalendar({2026: NEW_YEAR})
    assert not calendar.knows(date(2027, 1, 4))
    with pytest.raises(UnknownYear, match="2027年节假日安排") as error:
        calendar.is_workday(date(2027, 1, 4))
    assert error.value.year == 2027


def test_next_years_plan_may_move_a_day_of_this_december() -> None:
    moved = YearPlan(2027, frozenset({date(2027, 1, 1)}), frozenset({date(2026, 12, 27)}))
    assert not WorkCalendar({2026: NEW_YEAR}).is_workday(date(2026, 12, 27))
    assert WorkCalendar({2026: NEW_YEAR, 2027: moved}).is_workday(date(2026, 12, 27))


def test_a_plan_that_contradicts_itself_is_refused() -> None:
    day = date(2026, 10, 1)
    with pytest.raises(ValueError, match="2026-10-01既列为节假日又列为调休上班日"):
        YearPlan(2026, frozenset({day}), frozenset({day}))


@pytest.mark.parametrize("day", [date(2025, 11, 30), date(2027, 1, 1)])
def test_a_day_of_another_year_is_refused(day: date) -> None:
    with pytest.raises(ValueError, match="不属于2026年放假安排"):
        YearPlan(2026, frozenset({day}), frozenset())


def test_a_plan_under_another_years_key_is_refused() -> None:
    with pytest.raises(ValueError, match="2025年项下登记的是2026年"):
        WorkCalendar({2025: NEW_YEAR})


def test_json_there_and_back(calendar: WorkCalendar) -> None:
    data = WorkCalendar({2026: NEW_YEAR}).to_json()
    assert data == {"2026": {"holidays": ["2026-01-01", "2026-01-02"], "workdays": ["2026-01-04"]}}
    assert WorkCalendar.from_json(data) == WorkCalendar({2026: NEW_YEAR})
    assert WorkCalendar.from_json(calendar.to_json()) == calendar


@pytest.mark.parametrize(
    "data",
    [
        {"2026": {"holidays": ["2026-13-01"], "workdays": []}},
        {"2026": {"holidays": [], "workdays": [], "rest": []}},
        {"twenty": {"holidays": [], "workdays": []}},
    ],
)
def test_bad_json_is_refused(data: dict[str, dict[str, list[str]]]) -> None:
    with pytest.raises(ValueError, match=r"“2026-13-01”不是日期|未知栏目：rest|“twenty”不是年份"):
        WorkCalendar.from_json(data)


@pytest.mark.duty("L2")
def test_the_digest_names_the_calendar_whatever_the_order() -> None:
    other = YearPlan(2025, frozenset(), frozenset())
    one, two = WorkCalendar({2025: other, 2026: NEW_YEAR}), WorkCalendar({2026: NEW_YEAR, 2025: other})
    assert one.digest == two.digest
    assert len(one.digest) == 64
    changed = YearPlan(2026, NEW_YEAR.holidays | {date(2026, 1, 5)}, NEW_YEAR.workdays)
    assert WorkCalendar({2025: other, 2026: changed}).digest != one.digest
