"""The final score: worked figures, nothing missing, nothing rounded."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.worked import exact, with_award, worked
from zhiheng.rules.final import FinalScore, final_score
from zhiheng.rules.pack import Pack
from zhiheng.rules.thresholds import passes

F = Fraction


@pytest.mark.duty("H1", "H2", "H3")
@pytest.mark.parametrize("case", worked("finals"), ids=lambda case: case["name"])
def test_worked_figures(case: dict[str, Any], hebei: Pack) -> None:
    award = hebei.award(case["award"])
    survey = None if case["survey"] is None else exact(case["survey"])
    decision = final_score(award, exact(case["material"]), exact(case["site"]), survey, exact(case["bonus"]))
    assert decision.ok
    assert decision.value is not None
    assert decision.value.total == exact(case["final"])
    assert passes(decision.value.total, award.final_threshold, "最终得分", "H3").ok is case["candidate"]


@pytest.mark.duty("H2")
def test_the_parts_are_kept(hebei: Pack) -> None:
    decision = final_score(hebei.award("individual"), F(70), F(75), F("12.5"), F(2))
    assert decision.value == FinalScore(F(88), F(21), F("52.5"), F("12.5"), F(2))
    assert decision.reasons[0].text == "最终得分88.00分，其中材料评审21.00分、现场评审52.50分、公众满意度12.50分、加分2分"
    assert (decision.reasons[0].article, decision.reasons[0].duty) == ("四(六)2", "H2")


@pytest.mark.duty("H1", "H2")
@pytest.mark.parametrize(
    ("award", "parts", "codes"),
    [
        ("organization", (F(540), None, None, F(0)), ["final.site"]),
        ("individual", (F(70), F(70), None, F(0)), ["final.survey"]),
        ("individual", (F(70), None, None, F(0)), ["final.site", "final.survey"]),
        ("organization", (F(1001), F(540), None, F(0)), ["final.range"]),
        ("organization", (F(540), F(-1), None, F(0)), ["final.range"]),
        ("individual", (F(70), F(70), F("20.5"), F(0)), ["final.range"]),
        ("organization", (F(540), F(540), None, F(20)), ["final.range"]),
    ],
)
def test_missing_or_impossible_parts_refuse(award: str, parts: tuple[F, F | None, F | None, F], codes: list[str], hebei: Pack) -> None:
    decision = final_score(hebei.award(award), *parts)
    assert decision.value is None
    assert [reason.code for reason in decision.refusals] == codes


def test_a_missing_site_score_says_what_to_do(hebei: Pack) -> None:
    decision = final_score(hebei.award("organization"), F(540), None, None, F(0))
    assert decision.text() == "尚无现场评审得分，不能计算最终得分，请先完成现场评审并提交合议得分（《细则》四（六）1）"


def test_an_award_without_a_site_visit_needs_no_site_score(hebei: Pack) -> None:
    award = with_award(hebei.award("organization"), weights={"material": F(1)})
    decision = final_score(award, F(600), None, None, F(10))
    assert decision.value is not None
    assert decision.value.total == 610


@pytest.mark.duty("H1")
def test_a_survey_of_an_award_without_one_is_left_out(hebei: Pack) -> None:
    decision = final_score(hebei.award("organization"), F(540), F(540), F(20), F(0))
    assert decision.value is not None
    assert decision.value.total == 540


points = st.fractions(min_value=0, max_value=80, max_denominator=10**4)


@pytest.mark.duty("H2")
@given(
    material=points, site=points, survey=points.map(lambda p: p / 4), index=st.integers(0, 2), more=st.fractions(min_value=0, max_value=1)
)
def test_exact_and_monotonic(hebei: Pack, material: F, site: F, survey: F, index: int, more: F) -> None:
    award = hebei.award("individual")
    parts = [material, site, survey]
    before = final_score(award, *parts, F(2)).value
    assert before is not None
    assert before.total == material * 3 / 10 + site * 7 / 10 + survey + 2
    parts[index] += ([F(80), F(80), F(20)][index] - parts[index]) * more
    after = final_score(award, *parts, F(2)).value
    assert after is not None
    assert after.total >= before.total
