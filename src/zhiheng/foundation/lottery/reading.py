"""People and quotas from CSV files, every fault named by its row."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from zhiheng.foundation.documents.records import Problem
from zhiheng.rules.lottery import Person, Quota

MOST_BYTES = 10 * 1024 * 1024
MOST_PEOPLE = 20_000
MOST_QUOTAS = 1000
_ID = ("id", "编号")
_COLUMNS = {"feature": "特征", "value": "取值", "min": "下限", "max": "上限"}
#: A spreadsheet would take a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file: its name, titles, and rows with their numbers; rows have as many cells as there are titles."""

    name: str
    titles: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def problem(self, row: int, column: str, wrong: str, todo: str) -> Problem:
        """A fault of the file; row 0: of the whole."""
        return Problem(self.name, row, column, wrong, todo)


def table(path: Path, most_rows: int) -> tuple[Table, list[Problem]]:
    """The file as a table, in UTF-8 or GB 18030; and what is wrong with its form."""
    empty = Table(path.name, (), ())
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return empty, [empty.problem(0, "", "没有这个文件", "请检查文件名")]
    except OSError as error:
        return empty, [empty.problem(0, "", f"不能读取文件（{error.strerror}）", "请检查文件和权限")]
    if len(data) > MOST_BYTES:
        return empty, [empty.problem(0, "", "文件超过10MB", "请检查是否选错文件")]
    text = _text(data)
    if text is None or "\0" in text:
        return empty, [empty.problem(0, "", "不是UTF-8或GB18030编码的CSV文件", "请另存为CSV（UTF-8）")]
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        lines = [(reader.line_num, tuple(cell.strip() for cell in row)) for row in reader]
    except csv.Error:
        return empty, [empty.problem(reader.line_num, "", "不能按CSV读取", "请检查引号是否成对")]
    lines = [(number, cells) for number, cells in lines if any(cells)]
    if not lines:
        return empty, [empty.problem(0, "", "文件是空的", "请填写表头和内容")]
    (head, titles), rows = lines[0], lines[1:]
    found = Table(path.name, titles, tuple(rows))
    problems = [found.problem(head, title, "表头重复", "请删去多余的一列") for title, times in Counter(titles).items() if times > 1]
    problems += [
        found.problem(number, "", f"有{len(cells)}格，表头有{len(titles)}格", "请补齐或删去")
        for number, cells in rows
        if len(cells) != len(titles)
    ]
    if len(rows) > most_rows:
        problems.append(found.problem(0, "", f"共{len(rows)}行，超过{most_rows}行", "请检查是否选错文件"))
    return found, problems


def _text(data: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def read(people: Path, quotas: Path) -> tuple[list[Person], list[Quota], list[Problem]]:
    """People and quotas of the two files, or all that is wrong with them."""
    first, problems = table(people, MOST_PEOPLE)
    second, more = table(quotas, MOST_QUOTAS)
    problems += more
    if problems:
        return [], [], problems
    persons, problems = _people(first)
    limits, more = _quotas(second, first, persons)
    problems += more
    asked = {quota.feature for quota in limits}
    rows = [number for number, _ in first.rows]
    for number, person in zip(rows, persons, strict=False):
        problems += [first.problem(number, name, "为空", "请填写") for name in sorted(asked) if not person.features[name]]
    return persons, limits, sorted(problems)


def _people(source: Table) -> tuple[list[Person], list[Problem]]:
    title = next((title for title in _ID if title in source.titles), None)
    if title is None:
        return [], [source.problem(1, "id", "缺少这一列", "请补充编号列")]
    if not source.rows:
        return [], [source.problem(0, "", "没有人员", "请在表头下方填写")]
    found, problems = [], []
    seen: dict[str, int] = {}
    for number, cells in source.rows:
        values = dict(zip(source.titles, cells, strict=True))
        code = values.pop(title)
        if not code:
            problems.append(source.problem(number, title, "为空", "请填写编号"))
        elif code in seen:
            problems.append(source.problem(number, title, f"“{code}”与第{seen[code]}行重复", "请更正或删去一行"))
        elif code.startswith(_FORMULA) or ";" in code or not code.isprintable():
            problems.append(source.problem(number, title, f"“{code}”含不能使用的符号", "编号不以=、+、-、@开头，不含分号"))
        seen.setdefault(code, number)
        found.append(Person(code, values))
    return found, problems


def _quotas(source: Table, people: Table, persons: Sequence[Person]) -> tuple[list[Quota], list[Problem]]:
    titles = {name: next((title for title in (name, chinese) if title in source.titles), "") for name, chinese in _COLUMNS.items()}
    lost = [name for name, title in titles.items() if not title]
    if lost:
        return [], [source.problem(1, name, "缺少这一列", "表头须有feature、value、min、max") for name in lost]
    there = Counter((name, value) for person in persons for name, value in person.features.items())
    features = [title for title in people.titles if title not in _ID]
    found, problems = [], []
    seen: dict[tuple[str, str], int] = {}
    for number, cells in source.rows:
        row = dict(zip(source.titles, cells, strict=True))
        feature, value = row[titles["feature"]], row[titles["value"]]
        faults: list[tuple[str, str, str]] = []
        if feature not in features:
            faults.append(("feature", f"人员名单中没有“{feature}”这一列", f"可用的有：{'、'.join(features) or '无'}"))
        elif not value:
            faults.append(("value", "为空", "请填写"))
        elif (feature, value) in seen:
            faults.append(("value", f"“{feature}={value}”与第{seen[feature, value]}行重复", "请合并为一行"))
        seen.setdefault((feature, value), number)
        least, most, wrong_limits = _limits(row[titles["min"]], row[titles["max"]], len(persons))
        faults += wrong_limits
        if not faults and persons and least == 0 and not there[feature, value]:
            faults.append(("value", f"名单中没有人的“{feature}”为“{value}”", "请更正或删去该行"))
        if faults:
            problems += [source.problem(number, titles[name], wrong, todo) for name, wrong, todo in faults]
        else:
            found.append(Quota(feature, value, least, most))
    return found, problems


def _limits(lower: str, upper: str, people: int) -> tuple[int, int, list[tuple[str, str, str]]]:
    """Both limits as numbers, an empty one not limiting; and what is wrong with them."""
    given = {"min": lower, "max": upper}
    faults = [
        (name, f"“{text}”不是整数", "请填写不小于0的整数，不限的留空")
        for name, text in given.items()
        if text and not (text.isascii() and text.isdigit() and len(text) <= 9)
    ]
    if faults:
        return 0, people, faults
    least, most = int(lower or 0), int(upper or people)
    if upper and least > most:
        faults.append(("min", f"下限{least}大于上限{most}", "请更正"))
    return least, max(least, most), faults
