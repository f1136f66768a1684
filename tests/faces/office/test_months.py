"""A month shows our working-day calendar, and nothing guessed where a year was not published."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.faces.office.cycles import World
from tests.faces.seating import text
from zhiheng.faces.office.months import Kind, Month, kind_of, month, read, span
from zhiheng.process.deadlines import Deadline, State, by_day
from zhiheng.process.deadlines import Kind as Matter
from zhiheng.rules.calendar import WorkCalendar, YearPlan
from zhiheng.rules.lifecycle import Role

TODAY = date(2026, 5, 15)
DAYS = WorkCalendar({2026: YearPlan(2026, frozenset({date(2026, 5, 1), date(2026, 5, 4)}), frozenset({date(2026, 5, 9)}))})


def shown(first: date, *found: Deadline) -> Month:
    return month(first, DAYS, by_day(found, *span(first)), TODAY)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("2026-07", date(2026, 7, 1)),
        ("", date(2026, 5, 1)),
        ("2026-13", date(2026, 5, 1)),
        ("1999-01", date(2026, 5, 1)),
        ("x", date(2026, 5, 1)),
    ],
)
def test_the_address_names_a_month(asked: str, first: date) -> None:
    assert read(asked, TODAY) == first


@pytest.mark.parametrize("first", [date(2026, n, 1) for n in range(1, 13)] + [date(2027, 2, 1), date(2021, 2, 1), date(2024, 12, 1)])
def test_the_weeks_run_from_monday_and_hold_the_whole_month(first: date) -> None:
    found = [day.date for week in shown(first).weeks for day in week]
    assert (found[0], found[-1]) == span(first)
    assert found[0].weekday() == 0
    assert found[-1].weekday() == 6
    assert found == [found[0] + timedelta(days=n) for n in range(len(found))]
    following = (first + timedelta(days=31)).replace(day=1)
    assert [day for day in found if first <= day < following] == [first + timedelta(days=n) for n in range((following - first).days)]
    assert found[0] > first - timedelta(days=7)
    assert found[-1] < following + timedelta(days=6)


def test_before_and_after() -> None:
    assert (shown(date(2026, 1, 1)).before, shown(date(2026, 1, 1)).after) == ("2025-12", "2026-02")
    assert shown(date(2026, 12, 1)).after == "2027-01"


def test_the_kinds_of_days() -> None:
    kinds = {day: kind_of(date(2026, 5, day), DAYS) for day in (1, 2, 4, 5, 9, 10)}
    assert kinds == {1: Kind.HOLIDAY, 2: Kind.WEEKEND, 4: Kind.HOLIDAY, 5: Kind.WORK, 9: Kind.MAKEUP, 10: Kind.WEEKEND}
    assert kind_of(date(2027, 1, 4), DAYS) is Kind.UNKNOWN


def test_a_year_not_published_is_not_guessed(world: World) -> None:
    found = shown(date(2027, 1, 1))
    assert found.unknown == (2027,)
    assert {day.kind for week in found.weeks for day in week if day.inside} == {Kind.UNKNOWN}
    page = world.get(Role.OFFICE, "calendar/", view="month", month="2027-01")
    assert "工作日历尚未收录2027年的放假安排" in text(page)
    assert "day-weekend" not in page.content.decode().split("2027-01-04")[1]
    assert "尚未收录" not in text(world.get(Role.OFFICE, "calendar/", view="month", month="2026-05"))


def test_a_matter_stands_where_it_begins_and_where_it_ends() -> None:
    one = Deadline("n", Matter.PUBLICITY, "公示", date(2026, 5, 6), date(2026, 5, 12), "四", "L2", State.DONE)
    brief = Deadline("m", Matter.MEETING, "会议", date(2026, 5, 12), date(2026, 5, 12), "四", "I1", State.DONE)
    endless = Deadline("h", Matter.HANDOVER, "汇总", date(2026, 5, 20), None, "四", "G5", State.UNKNOWN)
    marked = {
        day.date.day: [(mark.deadline.key, mark.begins, mark.ends) for mark in day.marks]
        for week in shown(date(2026, 5, 1), one, brief, endless).weeks
        for day in week
        if day.marks
    }
    assert marked == {6: [("n", True, False)], 12: [("n", False, True), ("m", True, True)], 20: [("h", True, False)]}


def test_today_is_marked_once(world: World) -> None:
    page = world.get(Role.OFFICE, "calendar/", view="month").content.decode()
    assert page.count('aria-current="date"') == 1
    assert "2026年5月" in page
    assert "day-holiday" in page  # Labour Day
