"""Checking the marks that an expert enters: on the grid, within range, one for each item (F2, Q4, Q6)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from numbers import Real

from zhiheng.rules.decision import Decision, Reason, decide
from zhiheng.rules.pack import Criteria, Item, Parameters
from zhiheng.rules.thresholds import plain

#: Item code → percentage (0–100) or points, by the scheme's method.
Marks = Mapping[str, Fraction]
_NUMBER = re.compile(r"[+-]?[0-9]{1,6}(\.[0-9]{1,6})?")
_MOST = 10**6  # beyond any mark: larger numbers, or finer ones, are not taken apart
_ECHO = 20  # how much of a wrong entry is shown back


def check_marks(raw: Mapping[str, object], scheme: Criteria, params: Parameters) -> Decision[dict[str, Fraction]]:
    """Exact marks from what was entered: whole numbers, decimals, fractions or text such as "55" and "55%" (never floats).

    Value: item → mark, in the scheme's order, when all are right. Each wrong or missing mark is a refusal naming the item.
    """
    reasons: list[Reason] = []
    marks: dict[str, Fraction] = {}
    for item in scheme.items:
        entered = raw.get(item.code)
        if entered is None or (isinstance(entered, str) and not entered.strip()):
            reasons.append(_refuse(item, "尚未评分，请评分后再提交", scheme.article, "mark.missing"))
            continue
        mark = _exact(entered, percent=scheme.method == "percentage")
        if mark is None:
            text = f"的评分“{_echo(entered)}”不是有效数字，请填写{'百分比' if scheme.method == 'percentage' else '分数'}"
            reasons.append(_refuse(item, text, scheme.article, "mark.number"))
            continue
        wrong = _off(mark, item, scheme, params)
        if wrong:
            reasons.append(wrong)
        marks[item.code] = mark
    known = set(scheme.item_points)
    for code in raw:
        if code not in known:
            text = f"评分标准中没有评价条款“{_echo(code)}”，请删除该项评分"
            reasons.append(Reason(False, text, scheme.article, "F2", "mark.unknown"))
    if reasons:
        return decide(reasons)
    return decide([Reason(True, f"{len(marks)}项评价条款均已按规定评分", scheme.article, "F2", "mark.complete")], marks)


def right_marks(raw: Mapping[str, object], scheme: Criteria, params: Parameters) -> dict[str, Fraction]:
    """The marks of a sheet that is still being filled in: those that are right by themselves, missing and wrong ones left out."""
    found = {}
    for item in scheme.items:
        mark = _exact(raw.get(item.code), percent=scheme.method == "percentage")
        if mark is not None and _off(mark, item, scheme, params) is None:
            found[item.code] = mark
    return found


def _off(mark: Fraction, item: Item, scheme: Criteria, params: Parameters) -> Reason | None:
    """The refusal of a mark out of range or off the grid, or None."""
    if scheme.method == "percentage":
        full, step, unit, article = Fraction(100), Fraction(params.percentage_step.value), "%", params.percentage_step.article
    else:
        full, step, unit, article = item.points, params.point_step.value, "分", params.point_step.article
    if not 0 <= mark <= full:
        return _refuse(item, f"的评分{plain(mark)}{unit}超出0至{plain(full)}{unit}的范围，请更正", article, "mark.range")
    if (mark / step).denominator != 1:
        return _refuse(item, f"的评分{plain(mark)}{unit}不是{plain(step)}{unit}的整数倍，请按规定档次更正", article, "mark.grid")
    return None


def _refuse(item: Item, text: str, article: str, code: str) -> Reason:
    return Reason(False, f"“{item.code} {item.title}”{text}", article, "F2", code)


def _exact(value: object, *, percent: bool) -> Fraction | None:
    """The exact number that was meant, or None. Floats are no exact numbers, truth values are no marks."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Fraction):
        return Fraction(value) if max(abs(value.numerator), value.denominator) < _MOST else None
    if isinstance(value, Decimal):
        sound = value.is_finite() and abs(value) < _MOST and value == value.quantize(Decimal(1) / _MOST)
        return Fraction(value) if sound else None
    if not isinstance(value, str):
        return None
    # NFKC turns the full-width digits and percent sign of Chinese keyboards into plain ones.
    text = unicodedata.normalize("NFKC", value).strip()
    if percent:
        text = text.removesuffix("%").rstrip()
    return Fraction(text) if _NUMBER.fullmatch(text) else None


def _echo(value: object) -> str:
    """What was entered, shortened: an entry may be of any length and kind."""
    if isinstance(value, int | Fraction) and max(abs(value.numerator), value.denominator) >= _MOST:
        return "位数过多的数"
    if not isinstance(value, str | Decimal | Real):
        return "非数字内容"
    text = str(value)
    return text if len(text) <= _ECHO else text[:_ECHO] + "……"
