"""Totals, several sheets, spread: the worked figures, and exactness against sums written the naive way."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.worked import every, exact, small_scheme, worked
from zhiheng.rules.pack import Criteria, Pack
from zhiheng.rules.scoring import (
    aggregate,
    material_total,
    needs_consensus,
    panel_stats,
    section_points,
    spread,
    total,
)
from zhiheng.rules.thresholds import passes

F = Fraction
SMALL, BLOCKS = small_scheme(), small_scheme("points")
METHODS = ("mean", "median", "trimmed_mean")


@pytest.mark.duty("F2", "F3")
@pytest.mark.parametrize("case", worked("totals"), ids=lambda case: case["name"])
def test_worked_figures(case: dict[str, Any], hebei: Pack) -> None:
    scheme = hebei.scheme(case["award"], case["category"])
    sheets = [{code: exact(sheet.get(code, sheet["rest"])) for code in scheme.item_points} for sheet in case["sheets"]]
    score = material_total(sheets, scheme, "mean")
    assert score == total(aggregate(sheets, scheme, "mean"), scheme) == exact(case["total"])
    assert passes(score, hebei.award(case["award"]).material_threshold, "材料评审得分", "F3").ok is case["goes_on"]


@pytest.mark.duty("F2")
def test_full_marks_are_the_full_mark(hebei: Pack) -> None:
    for award in hebei.awards:
        for category in award.categories:
            scheme = hebei.scheme(award.code, category.code)
            full = dict.fromkeys(scheme.item_points, F(100)) if scheme.method == "percentage" else scheme.item_points
            assert total(full, scheme) == scheme.full_mark


@pytest.mark.duty("F2")
def test_chapters_add_up(hebei: Pack) -> None:
    scheme = hebei.scheme("organization", "organization")
    points = section_points(every(scheme, 50, i7_1=60, i7_6=45), scheme)
    assert points == {"1": 55, "2": 45, "3": 45, "4": 65, "5": 50, "6": 40, "7": F("205.5")}
    assert section_points({"1.1": F(7), "1.2": F(30), "2.1": F("59.5")}, BLOCKS) == {"1": 37, "2": F("59.5")}


@pytest.mark.duty("F2")
@pytest.mark.parametrize(
    ("method", "marks", "mark"),
    [
        ("mean", (50, 55, 60), F(55)),
        ("mean", (50, 50, 55), F(155, 3)),
        ("median", (50, 90, 55), F(55)),
        ("median", (50, 90, 55, 60), F("57.5")),
        ("median", (50,), F(50)),
        ("trimmed_mean", (0, 50, 55, 65, 100), F(170, 3)),
        ("trimmed_mean", (0, 0, 55, 65, 100), F(40)),
        ("trimmed_mean", (0, 50, 55, 100), F(205, 4)),
        ("mean", (F(1, 3), F(1, 7), F("0.5")), F(41, 126)),
    ],
)
def test_the_methods(method: str, marks: tuple[int | F, ...], mark: F) -> None:
    sheets = [dict.fromkeys(SMALL.item_points, F(m)) for m in marks]
    assert aggregate(sheets, SMALL, method) == dict.fromkeys(SMALL.item_points, mark)
    assert material_total(sheets, SMALL, method) == mark


@pytest.mark.duty("F2")
def test_consensus_stands_in_place_of_the_sheets() -> None:
    sheets = [dict.fromkeys(SMALL.item_points, F(m)) for m in (40, 80)]
    assert aggregate(sheets, SMALL, "mean", {"2.1": F(70)}) == {"1.1": 60, "1.2": 60, "2.1": 70}
    assert material_total(sheets, SMALL, "mean", {"2.1": F(70)}) == 66
    agreed = {"2.1": F(75), "1.1": F(45), "1.2": F(50)}
    assert list(aggregate(sheets, SMALL, "consensus", agreed).items()) == [("1.1", 45), ("1.2", 50), ("2.1", 75)]
    assert material_total([], SMALL, "consensus", agreed) == F("64.625")


@pytest.mark.parametrize(
    ("sheets", "method", "consensus", "message"),
    [
        ([], "mean", None, "尚无专家评分表"),
        ([{"1.1": F(5), "1.2": F(5)}], "mean", None, "缺少评价条款2.1"),
        ([{"1.1": F(5), "1.2": F(5), "2.1": F(5), "9": F(5)}], "mean", None, "标准以外的评价条款"),
        ([every(SMALL, 50)], "mode", None, "未知的汇总方法：mode"),
        ([every(SMALL, 50)], "mean", {"9": F(5)}, "合议结果含有评分标准以外"),
        ([every(SMALL, 50)], "consensus", {"1.1": F(5)}, "合议结果未覆盖全部"),
        ([every(SMALL, 50)], "consensus", None, "合议结果未覆盖全部"),
    ],
)
def test_what_cannot_be_aggregated_is_an_error(
    sheets: list[dict[str, F]], method: str, consensus: dict[str, F] | None, message: str
) -> None:
    for function in (aggregate, material_total):
        with pytest.raises(ValueError, match=message):
            function(sheets, SMALL, method, consensus)


# ---------------------------------------------------------------- spread


@pytest.mark.duty("F2")
def test_sheets_close_together_need_no_consensus(hebei: Pack) -> None:
    scheme = hebei.scheme("organization", "organization")
    decision = spread([every(scheme, 50), every(scheme, 50, i1_1=70), every(scheme, 60)], scheme, hebei.parameters)
    assert decision.ok
    assert decision.warnings == ()
    assert decision.value is not None
    assert (decision.value.items["1.1"], decision.value.items["1.2"], decision.value.total) == (20, 10, 100)
    assert needs_consensus(decision.value) is False


@pytest.mark.duty("F2")
def test_an_item_too_wide_makes_consensus_compulsory(hebei: Pack) -> None:
    scheme = hebei.scheme("organization", "organization")
    decision = spread([every(scheme, 50), every(scheme, 50, i4_6=75)], scheme, hebei.parameters)
    assert decision.ok
    assert [reason.text for reason in decision.warnings] == [
        "“4.6 相关方关系”各专家评分最大相差25个百分点，超过20个百分点，须先行合议并形成合议得分，再发布评分结果"
    ]
    assert decision.value is not None
    assert (decision.value.wide_items, decision.value.total_wide, decision.value.total) == (("4.6",), False, F("1.25"))
    assert needs_consensus(decision.value) is True


@pytest.mark.duty("F2")
def test_totals_too_far_apart_make_consensus_compulsory(hebei: Pack) -> None:
    scheme = hebei.scheme("organization", "organization")
    decision = spread([every(scheme, 50), every(scheme, 60, i4_6=65)], scheme, hebei.parameters)
    assert [reason.text for reason in decision.warnings] == [
        "各专家总分最大相差100.25分，超过100分，须先行合议并形成合议得分，再发布评分结果"
    ]
    assert decision.value is not None
    assert needs_consensus(decision.value) is True


@pytest.mark.duty("F2")
def test_blocks_are_compared_by_their_share(hebei: Pack) -> None:
    scheme = hebei.scheme("individual", "senior_leader")
    high = dict(scheme.item_points)
    low = high | {"performance": F("15.5")} if "performance" in high else high | {scheme.items[-1].code: F("15.5")}
    decision = spread([high, low], scheme, hebei.parameters)
    assert decision.value is not None
    assert decision.value.items[scheme.items[-1].code] == F("22.5")
    assert decision.value.wide_items == (scheme.items[-1].code,)


def test_spread_of_one_sheet_and_of_none(hebei: Pack) -> None:
    one = spread([every(SMALL, 50)], SMALL, hebei.parameters)
    assert one.value is not None
    assert not needs_consensus(one.value)
    assert [reason.code for reason in spread([], SMALL, hebei.parameters).refusals] == ["spread.none"]


def test_panel_stats() -> None:
    stats = panel_stats([F(500), F(510), F(540)])
    assert (stats.entries, stats.mean, stats.variance, stats.low, stats.high) == (3, F(1550, 3), F(2600, 9), 500, 540)
    assert panel_stats([F(500)]).variance == 0
    with pytest.raises(ValueError, match="尚无得分"):
        panel_stats([])


# ---------------------------------------------------------------- properties

grid = st.integers(0, 20).map(lambda step: F(5 * step))
off_grid = st.fractions(min_value=0, max_value=100, max_denominator=60)


def sheets_of(scheme: Criteria, mark: st.SearchStrategy[F], least: int = 1) -> st.SearchStrategy[list[dict[str, F]]]:
    row = st.tuples(*[mark] * len(scheme.items)).map(lambda marks: dict(zip(scheme.item_points, marks, strict=True)))
    return st.lists(row, min_size=least, max_size=7)


def naive(sheets: Sequence[Mapping[str, F]], scheme: Criteria, method: str) -> F:
    """The score as one would write it on paper."""
    score = F(0)
    for section in scheme.sections:
        for item in section.items:
            marks = sorted(sheet[item.code] for sheet in sheets)
            if method == "trimmed_mean" and len(marks) >= 5:
                marks = marks[1:-1]
            if method == "median":
                middle = len(marks) // 2
                marks = marks[middle : middle + 1] if len(marks) % 2 else marks[middle - 1 : middle + 1]
            mark = sum(marks, F(0)) / len(marks)
            score += mark if scheme.method == "points" else item.points * mark / 100
    return score


@pytest.mark.duty("F2")
@given(sheets=sheets_of(SMALL, off_grid), method=st.sampled_from(METHODS))
def test_exact(sheets: list[dict[str, F]], method: str) -> None:
    for scheme in (SMALL, BLOCKS):
        score = naive(sheets, scheme, method)
        assert material_total(sheets, scheme, method) == score
        assert total(aggregate(sheets, scheme, method), scheme) == score


@pytest.mark.duty("F2")
@given(marks=st.lists(grid, min_size=69, max_size=69), method=st.sampled_from(METHODS))
def test_exact_on_the_real_scheme(hebei: Pack, marks: list[F], method: str) -> None:
    scheme = hebei.scheme("organization", "organization")
    sheets = [dict(zip(scheme.item_points, marks[n : n + 23], strict=True)) for n in (0, 23, 46)]
    score = material_total(sheets, scheme, method)
    assert score == naive(sheets, scheme, method)
    assert sum(section_points(aggregate(sheets, scheme, method), scheme).values()) == score


@pytest.mark.duty("F2")
@given(sheets=sheets_of(SMALL, grid), method=st.sampled_from(METHODS), order=st.randoms(use_true_random=False))
def test_the_order_of_experts_is_irrelevant(hebei: Pack, sheets: list[dict[str, F]], method: str, order: Any) -> None:
    shuffled = list(sheets)
    order.shuffle(shuffled)
    assert aggregate(shuffled, SMALL, method) == aggregate(sheets, SMALL, method)
    assert material_total(shuffled, SMALL, method) == material_total(sheets, SMALL, method)
    assert spread(shuffled, SMALL, hebei.parameters) == spread(sheets, SMALL, hebei.parameters)


@pytest.mark.duty("F2")
@given(
    sheets=sheets_of(SMALL, off_grid), method=st.sampled_from(METHODS), who=st.integers(0, 6), code=st.sampled_from(["1.1", "1.2", "2.1"]),
    more=off_grid,
)  # fmt: skip
def test_raising_an_item_never_lowers_the_score(sheets: list[dict[str, F]], method: str, who: int, code: str, more: F) -> None:
    index = who % len(sheets)
    raised = [sheet | {code: min(F(100), sheet[code] + more)} if n == index else sheet for n, sheet in enumerate(sheets)]
    assert material_total(raised, SMALL, method) >= material_total(sheets, SMALL, method)
    before, after = aggregate(sheets, SMALL, method), aggregate(raised, SMALL, method)
    assert all(after[item] >= before[item] for item in SMALL.item_points)


@pytest.mark.duty("F2")
@given(sheets=sheets_of(SMALL, grid, least=2))
def test_consensus_is_compulsory_exactly_when_two_sheets_differ_too_much(hebei: Pack, sheets: list[dict[str, F]]) -> None:
    pairs = [(one, two) for n, one in enumerate(sheets) for two in sheets[n + 1 :]]
    far = any(abs(one[code] - two[code]) > 20 for one, two in pairs for code in SMALL.item_points)
    far = far or any(abs(naive([one], SMALL, "mean") - naive([two], SMALL, "mean")) > 10 for one, two in pairs)
    decision = spread(sheets, SMALL, hebei.parameters)
    assert decision.value is not None
    assert needs_consensus(decision.value) == far == bool(decision.warnings)


@given(totals=st.lists(off_grid, min_size=1, max_size=8))
def test_panel_stats_are_exact(totals: list[F]) -> None:
    stats = panel_stats(totals)
    assert stats.mean * stats.entries == sum(totals)
    # The other formula: mean of the squares less the square of the mean.
    assert stats.variance == sum(value * value for value in totals) / F(len(totals)) - stats.mean**2
    assert all(low <= high for low, high in pairwise([stats.low, *sorted(totals), stats.high]))
