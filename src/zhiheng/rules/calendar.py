"""The Chinese working-day calendar as data: one plan a year, as the State Council publishes it (L2, Q14)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import rfc8785

SATURDAY = 5


class UnknownYear(LookupError):
    """The calendar has no plan for a year that a clock would need. Nothing may be guessed then."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(f"工作日历未收录{year}年的放假安排，请先录入国务院办公厅公布的{year}年节假日安排")


@dataclass(frozen=True, slots=True)
class YearPlan:
    """One year's plan. holidays: weekdays off as well; workdays: make-up working days on a weekend.

    Raises ValueError when a day is both, or when a day lies neither in the year nor in the December before it.
    """

    year: int
    holidays: frozenset[date]
    workdays: frozenset[date]

    def __post_init__(self) -> None:
        both = self.holidays & self.workdays
        if both:
            raise ValueError(f"{min(both).isoformat()}既列为节假日又列为调休上班日，请核对{self.year}年放假安排")
        # A plan may move a working day into the last days of the year before (New Year's Day).
        for day in sorted(self.holidays | self.workdays):
            if day.year != self.year and (day.year, day.month) != (self.year - 1, 12):
                raise ValueError(f"{day.isoformat()}不属于{self.year}年放假安排，请核对")


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The plans known, by year. Raises ValueError when a plan stands under another year's key."""

    plans: Mapping[int, YearPlan]

    def __post_init__(self) -> None:
        for year, plan in self.plans.items():
            if plan.year != year:
                raise ValueError(f"{year}年项下登记的是{plan.year}年的放假安排，请核对")

    def knows(self, day: date) -> bool:
        """Whether the plan of the day's year is known."""
        return day.year in self.plans

    def is_workday(self, day: date) -> bool:
        """Whether `day` is a working day. Raises UnknownYear when its year has no plan."""
        if day.year not in self.plans:
            raise UnknownYear(day.year)
        relevant = [plan for plan in (self.plans[day.year], self.plans.get(day.year + 1)) if plan]
        if any(day in plan.workdays for plan in relevant):
            return True
        return day.weekday() < SATURDAY and not any(day in plan.holidays for plan in relevant)

    def to_json(self) -> dict[str, dict[str, list[str]]]:
        """The calendar as plain data: year → holidays and make-up working days, ISO dates ascending."""
        return {str(year): {"holidays": _iso(plan.holidays), "workdays": _iso(plan.workdays)} for year, plan in sorted(self.plans.items())}

    @classmethod
    def from_json(cls, data: Mapping[str, Mapping[str, Iterable[str]]]) -> WorkCalendar:
        """The reverse of to_json. Raises ValueError on an unknown key or a bad date, KeyError on a missing part."""
        plans: dict[int, YearPlan] = {}
        for year, parts in data.items():
            unknown = set(parts) - {"holidays", "workdays"}
            if unknown:
                raise ValueError(f"{year}年放假安排含有未知栏目：{'、'.join(sorted(unknown))}")
            if not (year.isascii() and year.isdigit()):
                raise ValueError(f"“{year}”不是年份，请写成四位数字，例如2026")
            plans[int(year)] = YearPlan(int(year), _dates(parts["holidays"]), _dates(parts["workdays"]))
        return cls(plans)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical JSON: which calendar a clock was counted by."""
        return hashlib.sha256(rfc8785.dumps(self.to_json())).hexdigest()


def _iso(days: Iterable[date]) -> list[str]:
    return [day.isoformat() for day in sorted(days)]


def _dates(texts: Iterable[str]) -> frozenset[date]:
    return frozenset(_date(text) for text in texts)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}”不是日期，请写成年-月-日，例如2026-10-01") from None
