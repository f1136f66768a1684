"""Clocks: the worked periods, never closed early, never guessed."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.worked import with_parameters, worked
from zhiheng.rules.calendar import WorkCalendar
from zhiheng.rules.clocks import BEIJING, PublicityFacts, add_years, handover, may_close_publicity, objection_in_time, period_end
from zhiheng.rules.pack import Pack

MIDNIGHT = time(tzinfo=BEIJING)


def at(text: str) -> datetime:
    """An instant in Beijing."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@pytest.mark.duty("L2", "G5")
@pytest.mark.parametrize("case", worked("clocks"), ids=lambda case: case["name"])
def test_worked_periods(case: dict[str, Any], calendar: WorkCalendar) -> None:
    assert period_end(case["posted"], case["days"], calendar, case["posting_day_counts"]).value == case["ends"]


@pytest.mark.duty("L2")
@pytest.mark.parametrize(
    ("posted", "ends"),
    [
        (date(2026, 3, 2), date(2026, 3, 6)),  # Monday counts
        (date(2026, 3, 7), date(2026, 3, 13)),  # a Saturday is no working day: nothing to count
        (date(2026, 2, 14), date(2026, 2, 27)),  # a make-up Saturday before the festival counts
    ],
)
def test_where_the_posting_day_counts(posted: date, ends: date, calendar: WorkCalendar) -> None:
    assert period_end(posted, 5, calendar, True).value == ends


@pytest.mark.duty("L2")
def test_a_period_past_the_calendar_is_refused_not_guessed(calendar: WorkCalendar) -> None:
    last = period_end(date(2026, 12, 24), 5, calendar, False)
    assert last.value == date(2026, 12, 31)
    decision = period_end(date(2026, 12, 25), 5, calendar, False, article="四(三)2")
    assert not decision.ok
    assert decision.value is None
    assert decision.text() == (
        "工作日历未收录2027年放假安排，无法确定自2026年12月25日起5个工作日的届满日；"
        "请省质评办先录入国务院办公厅公布的2027年放假安排，再办理（《细则》四（三）2）"
    )


@pytest.mark.parametrize("days", [0, -1])
def test_a_period_has_at_least_a_day(days: int, calendar: WorkCalendar) -> None:
    assert [reason.code for reason in period_end(date(2026, 3, 2), days, calendar, False).refusals] == ["period.length"]


@pytest.mark.duty("L2")
def test_a_notice_closes_after_midnight_and_no_earlier(hebei: Pack, calendar: WorkCalendar) -> None:
    facts = PublicityFacts(date(2026, 3, 2), 5, 0, "受理名单")
    early = may_close_publicity(facts, calendar, at("2026-03-09T23:59:59.999999"), hebei.parameters)
    assert not early.ok
    assert early.value == date(2026, 3, 9)
    assert early.text() == "“受理名单”公示期至2026年3月9日24时届满，尚未届满，不得提前结束，请于次日零时后办理（《细则》四（三）2）"
    late = may_close_publicity(facts, calendar, at("2026-03-10T00:00"), hebei.parameters)
    assert late.ok
    assert late.value == date(2026, 3, 9)


@pytest.mark.duty("L2")
def test_the_midnight_is_beijings(hebei: Pack, calendar: WorkCalendar) -> None:
    facts = PublicityFacts(date(2026, 3, 2), 5, 0)
    assert not may_close_publicity(facts, calendar, datetime(2026, 3, 9, 15, 59, tzinfo=UTC), hebei.parameters).ok
    assert may_close_publicity(facts, calendar, datetime(2026, 3, 9, 16, 0, tzinfo=UTC), hebei.parameters).ok


@pytest.mark.duty("L2")
def test_an_open_objection_holds_the_gate(hebei: Pack, calendar: WorkCalendar) -> None:
    for number in (1, 2):
        facts = PublicityFacts(date(2026, 3, 2), 5, number, "受理名单")
        decision = may_close_publicity(facts, calendar, at("2026-04-01T09:00"), hebei.parameters)
        assert [reason.code for reason in decision.refusals] == ["publicity.objections"]
        assert f"尚有{number}件正式异议未办结" in decision.text()


@pytest.mark.duty("L2")
def test_a_notice_shorter_than_the_rules_never_closes(hebei: Pack, calendar: WorkCalendar) -> None:
    decision = may_close_publicity(PublicityFacts(date(2026, 3, 2), 4, 0), calendar, at("2026-04-01T09:00"), hebei.parameters)
    assert [reason.code for reason in decision.refusals] == ["publicity.short"]
    assert may_close_publicity(
        PublicityFacts(date(2026, 3, 2), 4, 0), calendar, at("2026-04-01T09:00"), with_parameters(hebei.parameters, publicity_days=4)
    ).ok


@pytest.mark.duty("L2")
def test_a_notice_past_the_calendar_stays_open(hebei: Pack, calendar: WorkCalendar) -> None:
    decision = may_close_publicity(PublicityFacts(date(2026, 12, 28), 5, 0), calendar, at("2027-06-01T09:00"), hebei.parameters)
    assert [reason.code for reason in decision.refusals] == ["calendar.unknown"]
    assert decision.value is None


def test_a_naive_time_is_an_error(hebei: Pack, calendar: WorkCalendar) -> None:
    with pytest.raises(ValueError, match="须带时区"):
        may_close_publicity(PublicityFacts(date(2026, 3, 2), 5, 0), calendar, datetime(2026, 4, 1), hebei.parameters)  # noqa: DTZ001


@pytest.mark.duty("L2")
@given(posted=st.dates(date(2020, 1, 1), date(2026, 11, 1)), days=st.integers(5, 20), seconds=st.integers(0, 60 * 86400))
def test_a_clock_never_closes_early(hebei: Pack, calendar: WorkCalendar, posted: date, days: int, seconds: int) -> None:
    # Counted by the library, day by day, the posting day left out.
    end, counted = posted, 0
    while counted < days:
        end += timedelta(days=1)
        counted += chinese_calendar.is_workday(end)
    midnight = datetime.combine(end + timedelta(days=1), MIDNIGHT)
    facts = PublicityFacts(posted, days, 0)

    def closes(instant: datetime) -> bool:
        return may_close_publicity(facts, calendar, instant, hebei.parameters).ok

    assert period_end(posted, days, calendar, False).value == end
    assert not closes(midnight - timedelta(microseconds=1))
    assert closes(midnight)
    some = datetime.combine(posted, MIDNIGHT) + timedelta(seconds=seconds)
    assert closes(some) == (some >= midnight)


@given(posted=st.dates(date(2020, 1, 1), date(2026, 10, 1)), days=st.integers(1, 20))
def test_counting_the_posting_day_never_makes_a_period_longer(calendar: WorkCalendar, posted: date, days: int) -> None:
    counted, plain = period_end(posted, days, calendar, True).value, period_end(posted, days, calendar, False).value
    assert counted is not None
    assert plain is not None
    assert calendar.is_workday(counted)
    assert (counted < plain) == calendar.is_workday(posted)
    assert counted <= plain


@pytest.mark.duty("L2", "J2")
@pytest.mark.parametrize(
    ("received", "timely"),
    [
        ("2026-03-01T23:59:59", False),
        ("2026-03-02T00:00:00", True),
        ("2026-03-09T23:59:59.999999", True),
        ("2026-03-10T00:00:00", False),
    ],
)
def test_an_objection_in_time(received: str, timely: bool) -> None:
    assert objection_in_time(date(2026, 3, 2), date(2026, 3, 9), at(received)) is timely


@pytest.mark.duty("G5")
def test_a_late_hand_over_is_flagged_not_refused(calendar: WorkCalendar) -> None:
    on_time = handover(date(2026, 9, 18), 10, date(2026, 10, 9), calendar)
    assert (on_time.ok, on_time.value, on_time.warnings) == (True, date(2026, 10, 9), ())
    late = handover(date(2026, 9, 18), 10, date(2026, 10, 10), calendar)
    assert (late.ok, late.value) == (True, date(2026, 10, 9))
    assert [reason.text for reason in late.warnings] == [
        "相关机构应于2026年10月9日前（含当日）提交汇总材料，已逾期，请省质评办督促并记录原因"
    ]


@pytest.mark.duty("G5")
def test_a_hand_over_past_the_calendar_is_refused(calendar: WorkCalendar) -> None:
    decision = handover(date(2026, 12, 28), 10, date(2026, 12, 29), calendar)
    assert [(reason.code, reason.article, reason.duty) for reason in decision.refusals] == [("calendar.unknown", "四(五)4", "G5")]


@pytest.mark.duty("K1", "K2")
@pytest.mark.parametrize(
    ("day", "years", "later"),
    [
        (date(2024, 5, 6), 5, date(2029, 5, 6)),
        (date(2024, 2, 29), 5, date(2029, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2023, 2, 28), 1, date(2024, 2, 28)),
        (date(2026, 6, 30), -5, date(2021, 6, 30)),
    ],
)
def test_the_corresponding_day(day: date, years: int, later: date) -> None:
    assert add_years(day, years) == later
