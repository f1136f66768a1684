"""What the tests of the rules share: the Hebei pack and a calendar from an independent library."""

import chinese_calendar
import pytest

from tests.rules.worked import HEBEI
from zhiheng.foundation.packs.loader import load_pack
from zhiheng.rules.calendar import WorkCalendar, YearPlan
from zhiheng.rules.pack import Pack


@pytest.fixture(scope="session")
def hebei() -> Pack:
    """The real pack."""
    return load_pack(HEBEI)


@pytest.fixture(scope="session")
def calendar() -> WorkCalendar:
    """2020 to 2026 from a published library, so that the clocks are not tested against our own files alone."""

    def plan(year: int) -> YearPlan:
        off = {day for day in chinese_calendar.constants.holidays if day.year == year}
        on = {day for day in chinese_calendar.constants.workdays if day.year == year}
        return YearPlan(year, frozenset(off), frozenset(on))

    return WorkCalendar({year: plan(year) for year in range(2020, 2027)})
