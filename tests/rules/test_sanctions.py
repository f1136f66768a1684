"""Bans and revocations, exact to the day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.worked import with_parameters
from zhiheng.rules.pack import Pack
from zhiheng.rules.sanctions import BanFacts, ban_end, barred, false_material_ban, may_revoke_for_deceit, may_revoke_for_event

WON = date(2022, 11, 15)


def ban(start: date, until: date, article: str = "七(一)", cause: str = "提供虚假材料") -> BanFacts:
    return BanFacts(start, until, article, cause)


@pytest.mark.duty("K1")
@pytest.mark.parametrize(
    ("start", "years", "last"),
    [
        (date(2021, 3, 1), 5, date(2026, 3, 1)),
        (date(2021, 3, 1), 10, date(2031, 3, 1)),
        (date(2024, 2, 29), 5, date(2029, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2023, 2, 28), 5, date(2028, 2, 28)),
        (date(2020, 12, 31), 5, date(2025, 12, 31)),
    ],
)
def test_a_ban_ends_on_the_corresponding_day(start: date, years: int, last: date) -> None:
    assert ban_end(start, years) == last


@pytest.mark.parametrize("years", [0, -5])
def test_a_ban_without_length_is_an_error(years: int) -> None:
    with pytest.raises(ValueError, match="one year"):
        ban_end(date(2024, 1, 1), years)


@pytest.mark.duty("K1")
@pytest.mark.parametrize(
    ("on", "free"),
    [
        (date(2021, 2, 28), True),  # the day before the finding
        (date(2021, 3, 1), False),  # the finding
        (date(2024, 7, 1), False),
        (date(2026, 3, 1), False),  # the last banned day
        (date(2026, 3, 2), True),  # the first free day
    ],
)
def test_first_and_last_day_of_a_ban(on: date, free: bool) -> None:
    assert barred([ban(date(2021, 3, 1), ban_end(date(2021, 3, 1), 5))], on).ok is free


@pytest.mark.duty("K1")
def test_a_ban_says_why_and_when_to_come_back() -> None:
    answer = barred([ban(date(2021, 3, 1), date(2026, 3, 1))], date(2025, 6, 1))
    assert answer.text() == (
        "因提供虚假材料，自2021年3月1日至2026年3月1日（含当日）不予受理其申报，请于2026年3月2日及以后申报（《细则》七（一））"
    )
    assert [reason.duty for reason in answer.refusals] == ["K1"]


@pytest.mark.duty("K1", "K2")
def test_the_later_end_governs() -> None:
    bans = [
        ban(date(2021, 3, 1), date(2026, 3, 1)),
        ban(date(2022, 5, 9), date(2032, 5, 9), "七(二)", "以欺骗手段获奖"),
        ban(date(2015, 1, 1), date(2040, 1, 1)),
    ]
    assert "2040年1月1日" in barred(bans, date(2025, 6, 1)).text()
    answer = barred(bans[:2], date(2025, 6, 1))
    assert [reason.duty for reason in answer.refusals] == ["K2"]
    assert "请于2032年5月10日及以后申报" in answer.text()


def test_nobody_without_a_ban_is_barred() -> None:
    assert barred([], date(2025, 6, 1)).ok


@given(st.dates(date(2000, 1, 1), date(2080, 1, 1)), st.integers(1, 20), st.integers(-8000, 8000))
def test_a_ban_bars_exactly_from_start_to_end(start: date, years: int, offset: int) -> None:
    on, end = start + timedelta(days=offset), ban_end(start, years)
    assert barred([ban(start, end)], on).ok is (on < start or on > end)
    assert (end.year, end.month) == (start.year + years, start.month)


@pytest.mark.duty("K1")
def test_false_materials_bring_a_ban_of_five_years_from_the_finding(hebei: Pack) -> None:
    found = false_material_ban(date(2024, 2, 29), " 业绩证明系伪造 ", hebei)
    assert found.value == BanFacts(date(2024, 2, 29), date(2029, 2, 28), "七(一)", "业绩证明系伪造")
    assert false_material_ban(date(2024, 2, 29), "  ", hebei).refusals[0].code == "no_cause"


@pytest.mark.duty("K2")
def test_deceit_bars_for_ten_years_from_the_finding_whenever_found(hebei: Pack) -> None:
    assert may_revoke_for_deceit(WON, WON, "冀市监处〔2022〕1号", hebei).value == date(2032, 11, 15)
    late = may_revoke_for_deceit(WON, date(2036, 2, 29), "冀市监处〔2036〕8号", hebei)
    assert late.ok
    assert late.value == date(2046, 2, 28)
    assert may_revoke_for_deceit(
        WON, WON, "文书", hebei.model_copy(update={"parameters": with_parameters(hebei.parameters, deceit_ban_years=2)})
    ).value == date(2024, 11, 15)


@pytest.mark.duty("K2")
def test_deceit_needs_evidence_and_an_award(hebei: Pack) -> None:
    answer = may_revoke_for_deceit(WON, WON - timedelta(days=1), " ", hebei)
    assert [(reason.code, reason.article, reason.duty) for reason in answer.refusals] == [
        ("no_evidence", "七(二)", "K2"),
        ("found_before_award", "七(二)", "K2"),
    ]
    assert answer.value is None


@pytest.mark.duty("K3")
@pytest.mark.parametrize(
    ("event", "code"),
    [
        (date(2022, 11, 14), "event_before_award"),
        (date(2022, 11, 15), ""),
        (date(2025, 11, 15), ""),  # the corresponding day belongs to the three years
        (date(2025, 11, 16), "event_after_window"),
    ],
)
def test_the_event_must_fall_into_the_three_years(event: date, code: str, hebei: Pack) -> None:
    answer = may_revoke_for_event(WON, event, True, True, hebei)
    assert [reason.code for reason in answer.refusals] == ([code] if code else [])


@pytest.mark.duty("K3")
def test_an_award_of_29_february_is_watched_to_28_february(hebei: Pack) -> None:
    won = date(2024, 2, 29)
    assert may_revoke_for_event(won, date(2027, 2, 28), True, True, hebei).ok
    assert not may_revoke_for_event(won, date(2027, 3, 1), True, True, hebei).ok


@pytest.mark.duty("K3")
@pytest.mark.parametrize(
    ("verified", "agreed", "codes"),
    [(False, False, ["not_verified", "not_agreed"]), (True, False, ["not_agreed"]), (False, True, ["not_verified"]), (True, True, [])],
)
def test_verification_and_consent_come_first(verified: bool, agreed: bool, codes: list[str], hebei: Pack) -> None:
    answer = may_revoke_for_event(WON, WON, verified, agreed, hebei)
    assert [reason.code for reason in answer.refusals] == codes
    assert all((reason.article, reason.duty) == ("七(三)", "K3") for reason in answer.reasons)
