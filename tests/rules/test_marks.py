"""What an expert may enter: on the grid, in range, one mark an item; each fault names its item."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.worked import with_parameters
from zhiheng.rules.marks import check_marks, right_marks
from zhiheng.rules.pack import Pack


def sheet(hebei: Pack, **marks: object) -> dict[str, object]:
    """50 on every item of the organization scheme but those named."""
    return dict.fromkeys(hebei.scheme("organization", "organization").item_points, 50) | {
        code.removeprefix("i").replace("_", "."): mark for code, mark in marks.items()
    }


@pytest.mark.duty("F2")
@pytest.mark.parametrize(
    ("entered", "mark"),
    [
        (0, 0), (100, 100), (55, 55), ("55", 55), ("55%", 55), (" 55 % ", 55), ("５５％", 55), ("55.0", 55), ("+5", 5),
        (Decimal(55), 55), (Decimal("55.00"), 55), (Fraction(55), 55),
    ],
)  # fmt: skip
def test_right_marks(entered: object, mark: int, hebei: Pack) -> None:
    decision = check_marks(sheet(hebei, i4_6=entered), hebei.scheme("organization", "organization"), hebei.parameters)
    assert decision.ok
    assert decision.value is not None
    assert decision.value["4.6"] == mark
    assert all(type(value) is Fraction for value in decision.value.values())
    assert list(decision.value) == list(hebei.scheme("organization", "organization").item_points)


@pytest.mark.duty("F2")
@pytest.mark.parametrize(
    ("entered", "text"),
    [
        (47, "“4.6 相关方关系”的评分47%不是5%的整数倍，请按规定档次更正"),
        ("52.5%", "“4.6 相关方关系”的评分52.5%不是5%的整数倍，请按规定档次更正"),
        (Fraction(1, 3), "“4.6 相关方关系”的评分1/3%不是5%的整数倍，请按规定档次更正"),
        (105, "“4.6 相关方关系”的评分105%超出0至100%的范围，请更正"),
        ("-5", "“4.6 相关方关系”的评分-5%超出0至100%的范围，请更正"),
        (55.0, "“4.6 相关方关系”的评分“55.0”不是有效数字，请填写百分比"),
        (True, "“4.6 相关方关系”的评分“True”不是有效数字，请填写百分比"),
        ("五十五", "“4.6 相关方关系”的评分“五十五”不是有效数字，请填写百分比"),
        ("5e1", "“4.6 相关方关系”的评分“5e1”不是有效数字，请填写百分比"),
        ("=50+5", "“4.6 相关方关系”的评分“=50+5”不是有效数字，请填写百分比"),
        (Decimal("NaN"), "“4.6 相关方关系”的评分“NaN”不是有效数字，请填写百分比"),
        ([55], "“4.6 相关方关系”的评分“非数字内容”不是有效数字，请填写百分比"),
        (None, "“4.6 相关方关系”尚未评分，请评分后再提交"),
        ("", "“4.6 相关方关系”尚未评分，请评分后再提交"),
        (" ", "“4.6 相关方关系”尚未评分，请评分后再提交"),
    ],
)
def test_wrong_marks_name_the_item(entered: object, text: str, hebei: Pack) -> None:
    decision = check_marks(sheet(hebei, i4_6=entered), hebei.scheme("organization", "organization"), hebei.parameters)
    assert decision.value is None
    assert [reason.text for reason in decision.refusals] == [text]
    assert all(reason.article.startswith("附1") and reason.duty == "F2" for reason in decision.refusals)


@pytest.mark.duty("F2")
@pytest.mark.parametrize(
    "entered",
    [
        "9" * 100_000,
        10**9_000,
        -(10**9_000),
        Fraction(10**9_000, 7),
        Fraction(1, 10**9_000),
        Decimal("1E+999999"),
        Decimal("1E-999999"),
        "五" * 500,
    ],
    ids=["digits", "int", "negative", "fraction", "fine fraction", "decimal", "fine decimal", "text"],
)
def test_a_monstrous_entry_is_refused_and_not_echoed_at_length(entered: object, hebei: Pack) -> None:
    decision = check_marks(sheet(hebei, i4_6=entered), hebei.scheme("organization", "organization"), hebei.parameters)
    assert [reason.code for reason in decision.refusals] == ["mark.number"]
    assert len(decision.text()) < 80


@pytest.mark.duty("F2")
def test_every_fault_is_reported_at_once(hebei: Pack) -> None:
    marks = sheet(hebei, i1_1=47, i7_6=101) | {"9.9": 50}
    del marks["2.1"]
    decision = check_marks(marks, hebei.scheme("organization", "organization"), hebei.parameters)
    assert [(reason.code, reason.text[:5]) for reason in decision.refusals] == [
        ("mark.grid", "“1.1 "), ("mark.missing", "“2.1 "), ("mark.range", "“7.6 "), ("mark.unknown", "评分标准中"),
    ]  # fmt: skip


@pytest.mark.duty("F2")
@pytest.mark.parametrize(
    ("entered", "code"),
    [("17.5", None), (Decimal("0.5"), None), (20, None), (0, None), ("17.25", "mark.grid"), ("20.5", "mark.range"), ("50%", "mark.number")],
)
def test_points_of_a_person(entered: object, code: str | None, hebei: Pack) -> None:
    scheme = hebei.scheme("individual", "senior_leader")
    last = scheme.items[-1]
    raw: dict[str, object] = {item.code: item.points for item in scheme.items} | {last.code: entered}
    decision = check_marks(raw, scheme, hebei.parameters)
    assert [reason.code for reason in decision.refusals] == ([] if code is None else [code])
    if decision.value is not None:
        assert decision.value[last.code] == Fraction(str(entered))


@given(entered=st.integers(-50, 200), step=st.sampled_from([1, 5, 10, 20]))
def test_the_packs_own_grid_decides(hebei: Pack, entered: int, step: int) -> None:
    params = with_parameters(hebei.parameters, percentage_step=step)
    decision = check_marks(sheet(hebei, i1_1=entered), hebei.scheme("organization", "organization"), params)
    assert decision.ok == (0 <= entered <= 100 and entered % step == 0 and 50 % step == 0)


@pytest.mark.duty("F2")
def test_marks_of_a_sheet_that_is_still_being_filled_in(hebei: Pack) -> None:
    """Right ones are taken, missing and wrong ones left out; nothing is refused."""
    raw = {"1.1": "55", "1.2": "53", "1.3": " ６０% ", "2.1": "", "2.2": "x", "9.9": "50"}
    scheme = hebei.scheme("organization", "organization")
    assert right_marks(raw, scheme, hebei.parameters) == {"1.1": 55, "1.3": 60}
    assert right_marks({"1.1": "105", "1.2": " ６０% "}, scheme, hebei.parameters) == {"1.2": 60}
    assert right_marks({}, scheme, hebei.parameters) == {}
