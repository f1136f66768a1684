"""The columns of an import: their templates, and the checks that all of them share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from zhiheng.foundation import industries
from zhiheng.foundation.documents.records import EXAMPLE, Problem, Record, as_date
from zhiheng.foundation.documents.sheet import Column, Table
from zhiheng.rules.pack import Pack

MOST_ROWS = 5000
_PARTED = re.compile(r"[、,，;；\s/]+")
_OLDEST = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Field:
    """A column: title, whether it must be filled in, most characters, an example, and the values to choose from."""

    title: str
    required: bool = False
    most: int = 120
    example: str = ""
    choices: tuple[str, ...] = ()


def form(name: str, title: str, fields: Sequence[Field], notes: Sequence[str]) -> Table:
    """The worksheet to fill in: notes, header, one example row that is never imported."""
    columns = tuple(Column(field.title + ("*" if field.required else ""), choices=field.choices) for field in fields)
    example = [field.example for field in fields]
    example[0] = f"{EXAMPLE}{example[0]}"
    told = f"带*的栏目必填；不要改动表头。首列以“{EXAMPLE}”开头的行不导入。一次最多{MOST_ROWS}行，有一处错误则全部不导入。"
    return Table(name, title, columns, [example], (told, *notes), blank=MOST_ROWS)


def required(fields: Sequence[Field]) -> list[str]:
    """The titles that must be in the header."""
    return [field.title for field in fields if field.required]


def optional(fields: Sequence[Field]) -> list[str]:
    """The titles that may be in the header."""
    return [field.title for field in fields if not field.required]


def texts(record: Record, fields: Sequence[Field]) -> list[Problem]:
    """Required cells that are empty, cells that are too long, and choices that are not offered."""
    problems = []
    for field in fields:
        text = record.text(field.title)
        if field.required and not text:
            problems.append(record.problem(field.title, "未填写", "请补填"))
        elif len(text) > field.most:
            problems.append(record.problem(field.title, f"有{len(text)}字，超过{field.most}字", "请精简"))
        elif text and field.choices and text not in field.choices:
            problems.append(record.problem(field.title, f"“{text[:40]}”不在可选范围", f"请填{'、'.join(field.choices[:20])}"))
    return problems


def credit_code(record: Record, column: str) -> tuple[str, list[Problem]]:
    """A unified social credit code with its check digit (GB 32100), upper case."""
    return _number(record, column, uscc.compact(record.text(column)).upper(), uscc.validate, "统一社会信用代码应为18位")


def id_number(record: Record, column: str, today: date) -> tuple[str, list[Problem]]:
    """A resident ID number with its check digit (GB 11643) and a possible date of birth. The number itself is in no message."""
    number, problems = _number(record, column, ric.compact(record.text(column)).upper(), _resident, "居民身份证号码应为18位")
    if number and not problems and not _OLDEST <= ric.get_birth_date(number) <= today:
        problems.append(record.problem(column, "其中的出生日期不可能", "请核对"))
    return number, problems


def _resident(number: str) -> str:
    """Length, digits, check digit and date. The place is not asked: lists of former counties are never complete."""
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdecimal()) or number[-1] != ric.calc_check_digit(number):
        raise ValidationError
    ric.get_birth_date(number)
    return number


def _number(record: Record, column: str, number: str, validate: object, shape: str) -> tuple[str, list[Problem]]:
    if not number:
        return "", []
    if isinstance(record.cells.get(column), int) and len(number) > 15:
        return number, [record.problem(column, "按数字格式填写，末几位已丢失", "请将单元格设为文本格式后重新填写")]
    try:
        assert callable(validate)
        validate(number)
    except ValidationError:
        wrong = f"{shape}，现为{len(number)}位" if len(number) != 18 else "校验位或其中的日期不正确"
        return number, [record.problem(column, wrong, "请核对原件")]
    return number, []


def day(record: Record, column: str, today: date) -> tuple[date | None, list[Problem]]:
    """A date that may have been; None when the cell is empty."""
    text = record.text(column)
    if not text:
        return None, []
    found = as_date(record.cells.get(column))
    if found is None:
        return None, [record.problem(column, f"“{text[:20]}”不是有效日期", "请按“2024-01-31”的格式填写")]
    if not _OLDEST <= found <= today:
        return None, [record.problem(column, f"{found.isoformat()}早于1900年或晚于今天", "请核对")]
    return found, []


def whole(record: Record, column: str, least: int, most: int) -> tuple[int | None, list[Problem]]:
    """A whole number in a range; None when the cell is empty."""
    text = record.text(column)
    if not text:
        return None, []
    if text.isascii() and text.isdecimal() and len(text) <= 12 and least <= int(text) <= most:
        return int(text), []
    return None, [record.problem(column, f"“{text[:20]}”不是{least}至{most}之间的整数", "请更正")]


def yes(record: Record, column: str) -> tuple[bool, list[Problem]]:
    """是 or 否; empty is 否."""
    text = record.text(column)
    if text in ("", "否", "是"):
        return text == "是", []
    return False, [record.problem(column, f"“{text[:20]}”无法识别", "请填“是”或“否”")]


def parts(text: str) -> list[str]:
    """The parts of an enumeration: 26、27."""
    return [part for part in _PARTED.split(text) if part]


def divisions(record: Record, column: str) -> tuple[list[str], list[Problem]]:
    """GB/T 4754 divisions, two digits each; a section's letter before them is taken off ("C26")."""
    value = record.cells.get(column)
    # A single division typed as a number has lost its leading nought.
    typed = [f"{value:02d}"] if isinstance(value, int) else parts(record.text(column))
    known = industries.divisions()
    found: list[str] = []
    strange: list[str] = []
    for part in typed:
        code = part[1:] if part[:1].upper() in industries.sections() and len(part) == 3 else part
        (found if code in known else strange).append(code)
    if strange:
        wrong = f"“{'、'.join(strange)[:40]}”不是《国民经济行业分类》（GB/T 4754—2017）的大类代码"
        return [], [record.problem(column, wrong, "请填两位代码，如26，多个用顿号隔开")]
    return list(dict.fromkeys(found)), []


def city(record: Record, column: str, pack: Pack) -> list[Problem]:
    """Faults of a city that has no recommender."""
    text, known = record.text(column), [recommender.city for recommender in pack.recommenders]
    return [record.problem(column, f"“{text[:20]}”不是推荐单位所在的市", f"请填{'、'.join(known)}")] if text and text not in known else []


def twice(rows: Iterable[tuple[Record, str]], column: str, what: str) -> list[Problem]:
    """The rows that repeat an earlier one."""
    first: dict[str, Record] = {}
    problems = []
    for record, key in rows:
        if key and key in first:
            problems.append(record.problem(column, f"{what}与第{first[key].row}行重复", "请删去多余的一行"))
        elif key:
            first[key] = record
    return problems
