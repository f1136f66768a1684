"""Scores from marks: checking what an expert enters, totals, the score of several sheets, and how far sheets lie apart (F2, G3).

Everything is exact. A mark is a percentage (method `percentage`) or points (method `points`); see `marks.py` for the check of raw input.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from zhiheng.rules.decision import Decision, Reason, decide, no
from zhiheng.rules.marks import Marks, check_marks
from zhiheng.rules.pack import Criteria, Parameters
from zhiheng.rules.thresholds import plain

__all__ = [
    "Marks", "PanelStats", "Spread", "aggregate", "check_marks", "material_total", "needs_consensus", "panel_stats",
    "section_points", "spread", "total",
]  # fmt: skip
TRIM_FROM = 5  # a trimmed mean needs at least this many sheets (Q2)


@dataclass(frozen=True, slots=True)
class Spread:
    """How far the sheets of one entry lie apart.

    items: item → highest less lowest, in percentage points (method points: per cent of the block); total: of the totals, in points;
    wide_items, total_wide: where it is more than the pack allows, so that consensus is compulsory (Q2).
    """

    items: Mapping[str, Fraction]
    total: Fraction
    wide_items: tuple[str, ...]
    total_wide: bool


@dataclass(frozen=True, slots=True)
class PanelStats:
    """One panel's totals, shown beside the ranking and never used in it (Q26). variance: of the whole group, points squared."""

    entries: int
    mean: Fraction
    variance: Fraction
    low: Fraction
    high: Fraction


def total(marks: Marks, scheme: Criteria) -> Fraction:
    """The score of one sheet, in points: Σ points × percentage, or Σ points. Raises ValueError when items are missing or strange."""
    return material_total([marks], scheme, "mean")


def aggregate(sheets: Sequence[Marks], scheme: Criteria, method: str, consensus: Marks | None = None) -> Marks:
    """The marks of several sheets, item by item (Q2); they may lie off the grid (Q4).

    method: mean, median, trimmed_mean (highest and lowest left out from five sheets on, the mean before) or consensus.
    consensus: marks agreed by the panel; they stand in place of the computed ones on the items that they name, and method `consensus`
    needs them on every item. Raises ValueError without sheets, for an unknown method, or when items are missing or strange.
    """
    codes = tuple(scheme.item_points)
    agreed = {} if consensus is None else dict(consensus)
    if set(agreed) - set(codes):
        raise ValueError("合议结果含有评分标准以外的评价条款")
    if method == "consensus":
        if len(agreed) < len(codes):
            raise ValueError("合议结果未覆盖全部评价条款")
        return {code: agreed[code] for code in codes}
    columns, scale = _columns(sheets, codes)
    divisor = scale * _divisor(method, len(sheets))
    computed = {code: Fraction(_sum(column, method), divisor) for code, column in zip(codes, columns, strict=True)}
    return computed | agreed


def material_total(sheets: Sequence[Marks], scheme: Criteria, method: str, consensus: Marks | None = None) -> Fraction:
    """total(aggregate(...)), exactly the same value, on whole numbers with one fraction at the end (thousands of entries at once)."""
    if consensus is not None or method == "consensus":
        sheets, method = [aggregate(sheets, scheme, method, consensus)], "mean"
    columns, scale = _columns(sheets, tuple(scheme.item_points))
    weights, unit = _weights(scheme)
    scaled = sum(weight * _sum(column, method) for weight, column in zip(weights, columns, strict=True))
    return Fraction(scaled, scale * unit * _divisor(method, len(sheets)))


def section_points(marks: Marks, scheme: Criteria) -> dict[str, Fraction]:
    """Chapter code → the points scored in it. Raises ValueError when items are missing or strange."""
    columns, scale = _columns([marks], tuple(scheme.item_points))
    weights, unit = _weights(scheme)
    points = dict.fromkeys((section.code for section in scheme.sections), 0)
    for section, weight, (mark,) in zip(scheme.section_of.values(), weights, columns, strict=True):
        points[section] += weight * mark
    return {section: Fraction(scaled, scale * unit) for section, scaled in points.items()}


def spread(sheets: Sequence[Marks], scheme: Criteria, params: Parameters) -> Decision[Spread]:
    """How far the sheets of one entry lie apart; where too far, a warning says that consensus is compulsory before release (Q2).

    Refused without sheets. Raises ValueError when items are missing or strange.
    """
    item_limit, total_limit = params.consensus_item_spread, params.consensus_total_spread
    if not sheets:
        return no("尚无专家提交评分表，请待专家独立评分并提交后再作比较", article=item_limit.article, duty="F2", code="spread.none")
    ranges: dict[str, Fraction] = {}
    for code, points in scheme.item_points.items():
        width = max(sheet[code] for sheet in sheets) - min(sheet[code] for sheet in sheets)
        ranges[code] = width if scheme.method == "percentage" else width * 100 / points
    totals = [total(sheet, scheme) for sheet in sheets]
    apart, limit = max(totals) - min(totals), total_limit.value * scheme.full_mark / 100
    wide = tuple(code for code, width in ranges.items() if width > item_limit.value)
    result = Spread(ranges, apart, wide, apart > limit)
    titles = {item.code: item.title for item in scheme.items}
    reasons = [
        _wide(f"“{code} {titles[code]}”各专家评分最大相差{plain(ranges[code])}个百分点，超过{item_limit.value}个百分点", item_limit.article)
        for code in wide
    ]
    if result.total_wide:
        reasons.append(_wide(f"各专家总分最大相差{plain(apart)}分，超过{plain(limit)}分", total_limit.article))
    if not reasons:
        reasons.append(Reason(True, "各专家评分差异在规定范围内，不须合议", item_limit.article, "F2", "spread.narrow"))
    return decide(reasons, result)


def needs_consensus(spread: Spread) -> bool:
    """Whether the panel must agree on the marks before the score is released (Q2)."""
    return bool(spread.wide_items) or spread.total_wide


def panel_stats(totals: Sequence[Fraction]) -> PanelStats:
    """Mean, variance and range of a panel's totals (Q26). Raises ValueError when there are none."""
    if not totals:
        raise ValueError("该评审组尚无得分")
    count = len(totals)
    mean = sum(totals, Fraction(0)) / count
    variance = sum(((value - mean) ** 2 for value in totals), Fraction(0)) / count
    return PanelStats(count, mean, variance, min(totals), max(totals))


def _wide(finding: str, article: str) -> Reason:
    return Reason(False, f"{finding}，须先行合议并形成合议得分，再发布评分结果", article, "F2", "spread.wide", warning=True)


def _weights(scheme: Criteria) -> tuple[list[int], int]:
    """What a mark of each item is worth in points, as whole numbers over one common denominator, and that denominator."""
    if scheme.method == "points":
        return [1] * len(scheme.items), 1
    points = scheme.item_points.values()
    unit = lcm(*(value.denominator for value in points))
    return [value.numerator * (unit // value.denominator) for value in points], unit * 100


def _columns(sheets: Sequence[Marks], codes: Sequence[str]) -> tuple[list[list[int]], int]:
    """Item by item the marks of all sheets as whole numbers over one common denominator, and that denominator."""
    if not sheets:
        raise ValueError("尚无专家评分表")
    try:
        rows = [[sheet[code].as_integer_ratio() for code in codes] for sheet in sheets]
    except KeyError as error:
        raise ValueError(f"评分表缺少评价条款{error.args[0]}") from None
    if any(len(sheet) != len(codes) for sheet in sheets):
        raise ValueError("评分表含有评分标准以外的评价条款")
    scale = lcm(*{denominator for row in rows for _, denominator in row})
    columns = zip(*rows, strict=True)
    if scale == 1:  # sheets on the percentage grid: nearly always
        return [[mark for mark, _ in column] for column in columns], 1
    return [[mark * (scale // denominator) for mark, denominator in column] for column in columns], scale


def _sum(column: list[int], method: str) -> int:
    """What the method keeps of one item's marks, summed; to be divided by _divisor."""
    count = len(column)
    if method == "median":
        ordered = sorted(column)
        return ordered[(count - 1) // 2] + ordered[count // 2]
    if method == "trimmed_mean" and count >= TRIM_FROM:
        return sum(column) - max(column) - min(column)
    return sum(column)


def _divisor(method: str, count: int) -> int:
    if method == "mean":
        return count
    if method == "median":
        return 2
    if method == "trimmed_mean":
        return count - 2 if count >= TRIM_FROM else count
    raise ValueError(f"未知的汇总方法：{method}")
