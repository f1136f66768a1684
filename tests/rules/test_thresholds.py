"""Thresholds take the exact score; what is shown never looks better than it is."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.rules.pack import Pack, Value
from zhiheng.rules.thresholds import passes, plain, shown


@pytest.mark.duty("F3", "H3")
@pytest.mark.parametrize(
    ("score", "decimals", "threshold", "text"),
    [
        ("550", 2, "550", "550.00"),
        ("549.975", 2, "550", "549.98"),
        ("549.995", 2, "550", "549.99 (<550)"),
        ("549.9999", 2, "550", "549.99 (<550)"),
        ("5999/12", 2, "500", "499.92"),
        ("5999/12", 0, "500", "499 (<500)"),
        ("549.875", 0, "550", "549 (<550)"),
        ("549.995", 2, None, "550.00"),
        ("84.995", 2, "85", "84.99 (<85)"),
        ("69.996", 2, "70.5", "70.00"),
        ("70.496", 2, "70.5", "70.49 (<70.5)"),
        ("2/3", 2, None, "0.67"),
        ("0.125", 2, None, "0.13"),
        ("-0.125", 2, None, "-0.13"),
        ("17.6", 2, None, "17.60"),
        ("17.6", 0, None, "18"),
        ("1000000000", 2, None, "1000000000.00"),
    ],
)
def test_shown(score: str, decimals: int, threshold: str | None, text: str) -> None:
    assert shown(Fraction(score), decimals, None if threshold is None else Fraction(threshold)) == text


fractions = st.fractions(min_value=0, max_value=1100, max_denominator=10**6)


@pytest.mark.duty("F3", "H3")
@given(threshold=fractions, below=st.fractions(min_value=0, max_value=1, max_denominator=10**7), decimals=st.integers(0, 4))
def test_a_failing_score_is_never_shown_as_reaching(threshold: Fraction, below: Fraction, decimals: int) -> None:
    score = threshold - below
    number = Fraction(shown(score, decimals, threshold).split(" ")[0])
    if below > 0:
        assert number < threshold
        assert abs(number - score) <= Fraction(1, 10**decimals)
    else:
        assert number == Fraction(shown(score, decimals))


@given(score=fractions, decimals=st.integers(0, 4))
def test_without_a_threshold_it_is_the_nearest_number(score: Fraction, decimals: int) -> None:
    number = Fraction(shown(score, decimals))
    assert -Fraction(1, 2) < (score - number) * 10**decimals < Fraction(1, 2) or (number - score) * 10**decimals == Fraction(1, 2)


@pytest.mark.parametrize(
    ("number", "text"),
    [("550", "550"), ("1000", "1000"), ("0.5", "0.5"), ("84.995", "84.995"), ("2/3", "2/3"), ("-1/8", "-0.125"), ("0", "0")],
)
def test_plain(number: str, text: str) -> None:
    assert plain(Fraction(number)) == text


@given(number=st.decimals(min_value=-1000, max_value=1000, places=5))
def test_plain_loses_nothing(number: Fraction) -> None:
    assert Fraction(plain(Fraction(number))) == Fraction(number)


@pytest.mark.duty("F3")
def test_reaching_the_threshold_is_enough(hebei: Pack) -> None:
    threshold = hebei.award("organization").material_threshold
    reached = passes(Fraction(500), threshold, "材料评审得分", "F3")
    assert (reached.ok, reached.value) == (True, 500)
    assert [(r.text, r.article, r.duty) for r in reached.reasons] == [("材料评审得分500.00分，达到500分及以上", "四(四)3", "F3")]
    below = passes(Fraction(5999, 12), threshold, "材料评审得分", "F3")
    assert (below.ok, below.value) == (False, Fraction(5999, 12))
    assert below.text() == "材料评审得分499.92分，未达到500分，不能进入下一环节（《细则》四（四）3）"


@given(score=fractions, line=fractions)
def test_the_exact_score_decides(score: Fraction, line: Fraction) -> None:
    threshold = Value[Fraction](value=line, unit="分", article="四(四)3")
    assert passes(score, threshold, "得分", "F3").ok == (score >= line)
