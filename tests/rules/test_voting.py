"""The ballot: yes votes against everyone attending."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.worked import worked
from zhiheng.rules.pack import Pack
from zhiheng.rules.voting import VOTES, Tally, tally

TWO_THIRDS = Fraction(2, 3)


@pytest.mark.duty("I2")
@pytest.mark.parametrize("case", worked("committee")["majority"], ids=lambda case: case["name"])
def test_worked_figures(case: dict[str, Any], hebei: Pack) -> None:
    share, attending, needed = hebei.parameters.majority.value, case["attending"], case["needed"]
    enough = tally(["yes"] * needed + ["no"] * (attending - needed), attending, share).value
    assert enough == Tally(needed, attending - needed, 0, 0, attending, needed, True)
    short = tally(["yes"] * (needed - 1) + ["no"] * (attending - needed + 1), attending, share).value
    assert short == Tally(needed - 1, attending - needed + 1, 0, 0, attending, needed, False)


@pytest.mark.duty("I2")
def test_abstentions_and_missing_ballots_are_no_yes() -> None:
    decision = tally(["yes"] * 11 + ["abstain"] * 2 + ["no"], 17, TWO_THIRDS)
    assert decision.ok
    assert decision.value == Tally(yes=11, no=1, abstain=2, missing=3, attending=17, needed=12, passed=False)
    assert decision.text() == (
        "可参加表决的出席委员17人，赞成11票、反对1票、弃权2票、未投3票；赞成票未达到所需的12票，未通过（《细则》四（七）2）"
    )


@pytest.mark.duty("I2", "K7")
def test_a_recused_member_leaves_the_denominator() -> None:
    votes = ["yes"] * 12 + ["no"] * 6
    assert [decision.value.passed for decision in (tally(votes, 18, TWO_THIRDS), tally(votes, 19, TWO_THIRDS)) if decision.value] == [
        True,
        False,
    ]


@pytest.mark.duty("I2")
@pytest.mark.parametrize(
    ("votes", "attending", "codes"),
    [
        (["yes", "yes"], 1, ["vote.surplus"]),
        ([], 0, ["vote.nobody"]),
        (["yes", "maybe"], 3, ["vote.unknown"]),
        (["YES", "yes", "yes"], 2, ["vote.surplus", "vote.unknown"]),
    ],
)
def test_what_cannot_be_counted_refuses(votes: list[str], attending: int, codes: list[str]) -> None:
    decision = tally(votes, attending, TWO_THIRDS)
    assert decision.value is None
    assert [reason.code for reason in decision.refusals] == codes


@pytest.mark.duty("I2")
@given(
    votes=st.lists(st.sampled_from(VOTES), max_size=60),
    missing=st.integers(0, 20),
    share=st.fractions(min_value=Fraction(1, 10), max_value=1, max_denominator=12),
    order=st.randoms(use_true_random=False),
)
def test_passed_exactly_from_the_share_on(votes: list[str], missing: int, share: Fraction, order: Any) -> None:
    attending = len(votes) + missing
    value = tally(votes, attending, share).value
    if attending == 0:
        assert value is None
        return
    assert value is not None
    assert value.passed == (value.yes * share.denominator >= share.numerator * attending)
    assert value.yes + value.no + value.abstain + value.missing == attending
    shuffled = list(votes)
    order.shuffle(shuffled)
    assert tally(shuffled, attending, share).value == value
