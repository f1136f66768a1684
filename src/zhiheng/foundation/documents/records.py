"""From a worksheet to records: finding the header, naming each row, and saying of each fault where it is and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from zhiheng.foundation.documents.reading import Grid, Value

#: A row whose first cell begins so shows how to fill in the form and is no data.
EXAMPLE = "示例"
_SEARCHED = 30  # rows in which the header is looked for


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault: sheet, row (from 1; 0: the sheet as a whole), column title, what is wrong, what to do."""

    sheet: str
    row: int
    column: str
    wrong: str
    todo: str

    def text(self) -> str:
        """The fault as one Chinese line."""
        place = (f"第{self.row}行" if self.row else "") + (f"“{self.column}”" if self.column else "")
        return f"【{self.sheet}】{place}：{self.wrong}，{self.todo}" if place else f"【{self.sheet}】{self.wrong}，{self.todo}"

    def plain(self) -> dict[str, str | int]:
        """The fault for machines."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Record:
    """One row: where it stands, and its cells by column title."""

    sheet: str
    row: int
    cells: dict[str, Value]

    def text(self, column: str) -> str:
        """The cell as text; dates as 2024-01-31; empty when there is nothing."""
        value = self.cells.get(column)
        return "" if value is None else value.isoformat() if isinstance(value, date) else str(value).strip()

    def problem(self, column: str, wrong: str, todo: str) -> Problem:
        """A fault of one of its cells."""
        return Problem(self.sheet, self.row, column, wrong, todo)


def records(
    grid: Grid, required: Sequence[str], optional: Sequence[str] = (), *, free: bool = False, most: int = 5000
) -> tuple[list[Record], list[Problem]]:
    """The rows below the header, example rows and empty rows left out; and what is wrong with the header.

    The header is the first row that holds all `required` titles; free: further columns of any title are taken in (criteria items).
    """
    head = _header(grid, required)
    if head is None:
        best = max((set(_titles(row)) & set(required) for row in grid.rows[:_SEARCHED]), key=len, default=set())
        lost = "、".join(title for title in required if title not in best)
        return [], [Problem(grid.name, 0, "", f"没有找到完整的表头，缺少“{lost}”", "请用模板填写，不要改动表头")]
    titles = _titles(grid.rows[head])
    problems = [
        Problem(grid.name, head + 1, title, "表头重复", "请删去多余的一列")
        for title in dict.fromkeys(titles)
        if title and titles.count(title) > 1
    ]
    if not free:
        known = {*required, *optional}
        problems += [
            Problem(grid.name, head + 1, title, "不是模板中的栏目", "请删去该列或改用模板")
            for title in titles
            if title and title not in known
        ]
    found: list[Record] = []
    for number, row in enumerate(grid.rows[head + 1 :], head + 2):
        cells = {title: value for title, value in zip(titles, row, strict=False) if title}
        if any(value is not None for value in cells.values()) and not str(row[0] or "").startswith(EXAMPLE):
            found.append(Record(grid.name, number, cells))
        if not problems and any(value is not None and not title for title, value in zip(titles, row, strict=False)):
            problems.append(Problem(grid.name, number, "", "在没有表头的列中有内容", "请移到相应的列中或删去"))
    if len(found) > most:
        problems.append(Problem(grid.name, 0, "", f"共{len(found)}行，超过{most}行", "请分批办理"))
    if not found and not problems:
        problems.append(Problem(grid.name, 0, "", "没有可以处理的数据行", "请在表头下方填写"))
    return found, problems


def _titles(row: Sequence[Value]) -> list[str]:
    # A required column carries a star in the templates; line breaks inside a header are layout.
    return ["" if value is None else str(value).replace("\n", "").strip().rstrip("*＊").strip() for value in row]


def _header(grid: Grid, required: Sequence[str]) -> int | None:
    wanted = set(required)
    return next((number for number, row in enumerate(grid.rows[:_SEARCHED]) if wanted <= set(_titles(row))), None)


def as_date(value: Value) -> date | None:
    """A date from a date cell or from text such as 2024-01-31, 2024/1/31, 2024.1.31, 2024年1月31日; None when it is none."""
    if isinstance(value, date):
        return value
    text = str(value or "").strip().removesuffix("日")
    for old in "年月/.":
        text = text.replace(old, "-")
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a calendar day has no zone
    except ValueError:
        return None


def as_exact(value: Value) -> Fraction | None:
    """An exact number from a number cell or from plain text ("12.5"); None when it is none."""
    if isinstance(value, int | Decimal):
        return Fraction(value)
    text = str(value or "").strip()
    whole, _, part = text.partition(".")
    if whole.isdecimal() and whole.isascii() and len(text) <= 24 and (part == "" or (part.isdecimal() and part.isascii())):
        return Fraction(text.rstrip("."))
    return None
