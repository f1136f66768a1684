"""The public satisfaction score: a weighted mean, too few answers refuse."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.worked import exact, with_parameters, worked
from zhiheng.rules.pack import Pack
from zhiheng.rules.survey import satisfaction

FULL = Fraction(20)


@pytest.mark.duty("F5", "H2")
@pytest.mark.parametrize("case", worked("survey"), ids=lambda case: case["name"])
def test_worked_figures(case: dict[str, Any], hebei: Pack) -> None:
    decision = satisfaction(case["counts"], exact(case["full"]), hebei.parameters)
    assert decision.ok
    assert decision.value == exact(case["score"]) == exact(case["share"]) * exact(case["full"])


@pytest.mark.duty("F5")
def test_unknown_is_neither_valid_nor_counted(hebei: Pack) -> None:
    decision = satisfaction({"satisfied": 99, "unknown": 500}, FULL, hebei.parameters)
    assert decision.value is None
    assert decision.text() == "有效测评99份，少于100份，不能据以计分，请省质评办研究提出处理意见并记录在案（《细则》四（四）5）"
    assert satisfaction({"satisfied": 100, "unknown": 500}, FULL, hebei.parameters).value == 20


@pytest.mark.duty("F5")
@pytest.mark.parametrize(
    ("counts", "codes"),
    [
        ({}, ["survey.few"]),
        ({"satisfied": -1}, ["survey.count"]),
        ({"satisfied": True}, ["survey.count"]),
        ({"satisfied": 100.0}, ["survey.count"]),
        ({"satisfied": 200, "excellent": 3}, ["survey.unknown"]),
        ({"satisfied": -5, "excellent": 3}, ["survey.count", "survey.unknown"]),
    ],
)
def test_bad_counts_refuse(counts: dict[str, Any], codes: list[str], hebei: Pack) -> None:
    decision = satisfaction(counts, FULL, hebei.parameters)
    assert decision.value is None
    assert [reason.code for reason in decision.refusals] == codes


def test_no_answers_refuse_even_without_a_minimum(hebei: Pack) -> None:
    params = with_parameters(hebei.parameters, survey_min_valid=0)
    assert not satisfaction({"unknown": 3}, FULL, params).ok
    assert satisfaction({"dissatisfied": 3}, FULL, params).value == 11


counts = st.integers(0, 3000)


@pytest.mark.duty("F5")
@given(good=counts, fair=counts, bad=counts, unknown=counts)
def test_exact_and_monotonic(hebei: Pack, good: int, fair: int, bad: int, unknown: int) -> None:
    params = with_parameters(hebei.parameters, survey_min_valid=1)
    given_counts = {"satisfied": good, "basically_satisfied": fair, "dissatisfied": bad, "unknown": unknown}
    value = satisfaction(given_counts, FULL, params).value
    if good + fair + bad == 0:
        assert value is None
        return
    assert value == Fraction(100 * good + 75 * fair + 55 * bad, 100 * (good + fair + bad)) * 20
    better = satisfaction(given_counts | {"satisfied": good + 1}, FULL, params).value
    assert better is not None
    assert value <= better <= 20
