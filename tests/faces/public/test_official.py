"""Dates, numbers and order as official documents write them."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from zhiheng.faces.shared import official
from zhiheng.faces.shared.ordering import by_name


def test_dates_are_beijing_dates() -> None:
    late = datetime(2026, 3, 1, 16, 5, tzinfo=UTC)
    assert official.day(late) == "2026年3月2日"
    assert official.weekday(late) == "2026年3月2日（星期一）"
    assert official.moment(late) == "2026年3月2日 0时05分"
    assert official.iso(late) == "2026-03-02"
    assert official.weekday(date(2026, 3, 8)) == "2026年3月8日（星期日）"
    assert [official.day(None), official.weekday(None), official.moment(None), official.iso(None)] == ["", "", "", ""]


@pytest.mark.parametrize(
    ("value", "text"),
    [(110, "110"), (Fraction(1, 2), "0.5"), (Fraction(-5, 4), "-1.25"), (Fraction(2, 3), "2/3"), (Fraction(1, 1000), "0.001")],
)
def test_exact_numbers_lose_nothing(value: Fraction | int, text: str) -> None:
    assert official.exact(value) == text


def test_money_and_citation() -> None:
    assert [official.yuan(500000), official.yuan(20000), official.yuan(5000)] == ["50万元", "2万元", "5000元"]
    assert official.citation("四(三)2") == "《细则》四（三）2"
    assert official.citation("") == ""


def test_names_sort_by_pinyin() -> None:
    names = ["中兴厂", "安平厂", "长城厂", "白洋淀厂", "重庆厂", "安平厂"]
    assert sorted(names, key=by_name) == ["安平厂", "安平厂", "白洋淀厂", "长城厂", "重庆厂", "中兴厂"]


def test_family_names_keep_their_reading() -> None:
    people = ["赵立", "曾立", "单立", "钱立", "仇立"]
    assert sorted(people, key=lambda name: by_name(name, person=True)) == ["钱立", "仇立", "单立", "曾立", "赵立"]
    assert by_name("单位", person=False)[0].startswith("dan1")
