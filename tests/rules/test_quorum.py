"""Quorum: two thirds of all members, rounded up."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.worked import worked
from zhiheng.rules.pack import Pack
from zhiheng.rules.quorum import may_open, quorum

TWO_THIRDS = Fraction(2, 3)


@pytest.mark.duty("I1")
@pytest.mark.parametrize("case", worked("committee")["quorum"], ids=lambda case: case["name"])
def test_worked_figures(case: dict[str, Any], hebei: Pack) -> None:
    share = hebei.parameters.quorum.value
    assert quorum(case["members"], share) == case["needed"]
    assert may_open(case["members"], case["needed"], share).ok
    assert not may_open(case["members"], case["needed"] - 1, share).ok


@pytest.mark.duty("I1")
def test_too_few_may_not_vote() -> None:
    decision = may_open(25, 16, TWO_THIRDS)
    assert decision.value == 17
    assert decision.text() == "委员总数25人，出席16人，未达到法定人数17人，不得表决，请待出席人数达到后再开始（《细则》四（七）1）"


@pytest.mark.parametrize(("members", "present", "code"), [(0, 0, "quorum.members"), (25, 26, "quorum.present"), (25, -1, "quorum.present")])
def test_impossible_counts_refuse(members: int, present: int, code: str) -> None:
    assert [reason.code for reason in may_open(members, present, TWO_THIRDS).refusals] == [code]


def test_a_negative_committee_is_an_error() -> None:
    with pytest.raises(ValueError, match="不能为负"):
        quorum(-1, TWO_THIRDS)


@pytest.mark.duty("I1")
@given(members=st.integers(1, 500), present=st.integers(0, 500))
def test_open_exactly_from_the_share_on(members: int, present: int) -> None:
    assert may_open(members, present, TWO_THIRDS).ok == (present <= members and 3 * present >= 2 * members)
