"""A month as a grid of days, each with what our working-day calendar says of it. A year that was not published is not guessed (L2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from zhiheng.process.deadlines import Deadline
from zhiheng.rules.calendar import SATURDAY, WorkCalendar

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


class Kind(StrEnum):
    """What kind of day it is."""

    WORK = "work"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"  # a weekend day that is worked
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a day: the deadline, and whether it begins or ends then, or both."""

    deadline: Deadline
    begins: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the grid. inside: whether it belongs to the month."""

    date: date
    inside: bool
    kind: Kind
    today: bool
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks from Monday. unknown: the years in the grid that our calendar does not have."""

    first: date
    weeks: tuple[tuple[Day, ...], ...]
    unknown: tuple[int, ...]

    @property
    def before(self) -> str:
        """The month before, as addresses name it."""
        return f"{self.first - timedelta(days=1):%Y-%m}"

    @property
    def after(self) -> str:
        """The month after."""
        return f"{self.first + timedelta(days=31):%Y-%m}"


def read(text: str, today: date) -> date:
    """The first day of the month that an address names, 2026-05; of this month where it names none."""
    found = _MONTH.fullmatch(text)
    return date(int(found[1]), int(found[2]), 1) if found else today.replace(day=1)


def month(first: date, days: WorkCalendar, marks: Mapping[date, Iterable[Deadline]], today: date) -> Month:
    """The month that begins on `first`, with the deadlines of each day."""
    start = first - timedelta(days=first.weekday())
    weeks: list[tuple[Day, ...]] = []
    while start.replace(day=1) <= first:
        weeks.append(tuple(_day(start + timedelta(days=n), first, days, marks, today) for n in range(7)))
        start += timedelta(days=7)
    unknown = sorted({day.date.year for week in weeks for day in week if day.inside and day.kind is Kind.UNKNOWN})
    return Month(first, tuple(weeks), tuple(unknown))


def span(first: date) -> tuple[date, date]:
    """The first and the last day of the month's grid."""
    start = first - timedelta(days=first.weekday())
    following = (first + timedelta(days=31)).replace(day=1)
    return start, following + timedelta(days=(7 - following.weekday()) % 7 - 1)


def kind_of(day: date, days: WorkCalendar) -> Kind:
    """What kind of day it is by the calendar."""
    if not days.knows(day):
        return Kind.UNKNOWN
    weekend = day.weekday() >= SATURDAY
    if days.is_workday(day):
        return Kind.MAKEUP if weekend else Kind.WORK
    return Kind.WEEKEND if weekend else Kind.HOLIDAY


def _day(day: date, first: date, days: WorkCalendar, marks: Mapping[date, Iterable[Deadline]], today: date) -> Day:
    found = tuple(Mark(one, one.first == day, one.last == day) for one in marks.get(day, ()))
    return Day(day, (day.year, day.month) == (first.year, first.month), kind_of(day, days), day == today, found)
