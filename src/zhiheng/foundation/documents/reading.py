"""Reading .xlsx workbooks that people filled in: bounded, values only, numbers exact (T5, T7)."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

import python_calamine

from zhiheng.foundation.documents import cells
from zhiheng.foundation.documents.text import clean
from zhiheng.foundation.files.inspect import Limits, inspect_upload
from zhiheng.rules.decision import Decision, Reason, decide, no

#: A cell: text, a whole number, an exact decimal, a date, a truth value (as text), or None.
Value = str | int | Decimal | date | None
MEGABYTE = 1024 * 1024
_SPARE_ROWS = 50  # for titles, notes and headers above the rows


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """How large a workbook may be: bytes, rows and columns of a sheet, characters of a cell, sheets."""

    max_bytes: int = 10 * MEGABYTE
    max_rows: int = 5000
    max_columns: int = 80
    max_text: int = 5000
    max_sheets: int = 20


@dataclass(frozen=True, slots=True)
class Grid:
    """One worksheet: rows from the sheet's first row, cells from its first column."""

    name: str
    rows: tuple[tuple[Value, ...], ...]


def read_workbook(path: Path, limits: ReadLimits) -> Decision[tuple[Grid, ...]]:
    """The worksheets of a file. Refused, each with what to do: no .xlsx by its content, broken, packed too tightly, too many rows or
    columns, a cell too long, formulas."""
    if not path.is_file():
        return no(f"找不到文件“{path.name}”，请检查路径", code="read.missing")
    with path.open("rb") as stream:
        return read_stream(path.name, stream, limits)


def read_stream(name: str, stream: BinaryIO, limits: ReadLimits) -> Decision[tuple[Grid, ...]]:
    """As `read_workbook`, from a seekable stream."""
    allowed = Limits(max_bytes=limits.max_bytes, max_unpacked=12 * limits.max_bytes, max_entries=500, kinds=frozenset({"xlsx"}))
    looked = inspect_upload(name, stream, allowed)
    if not looked.ok:
        return decide(Reason(False, reason.text, code=reason.code) for reason in looked.refusals)
    try:
        stream.seek(0)
        facts = cells.examine(stream, limits.max_rows + _SPARE_ROWS, limits.max_columns)
        stream.seek(0)
        return _values(stream, facts, limits)
    except cells.TooLarge as error:
        column, row = error.args
        text = f"表格内容延伸到{column}{row}单元格，超出{limits.max_rows}行、{limits.max_columns}列的上限，请删除多余内容或分批办理"
        return no(text, code="read.size")
    except (python_calamine.CalamineError, expat.ExpatError, zipfile.BadZipFile, KeyError, ValueError, StopIteration):
        return no("文件内部结构不完整，无法读取，请用表格软件打开后另存为xlsx文件再试", code="read.broken")


def _values(stream: BinaryIO, facts: dict[str, cells.SheetFacts], limits: ReadLimits) -> Decision[tuple[Grid, ...]]:
    if len(facts) > limits.max_sheets:
        return no(f"工作表有{len(facts)}张，超过{limits.max_sheets}张，请只保留需要的工作表", code="read.size")
    reasons = [
        Reason(False, f"工作表“{name}”单元格{cells.letters(column)}{row}含有公式，请复制后“选择性粘贴—数值”", code="read.formula")
        for name, sheet in facts.items()
        for row, column in sheet.formulas
    ]
    if reasons:
        return decide(reasons)
    grids = []
    with python_calamine.CalamineWorkbook.from_filelike(stream) as book:
        for name, sheet in facts.items():
            raw = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            rows = tuple(
                tuple(_value(cell, percent=(r, c) in sheet.percent) for c, cell in enumerate(line, 1)) for r, line in enumerate(raw, 1)
            )
            for r, line in enumerate(rows, 1):
                for c, cell in enumerate(line, 1):
                    if isinstance(cell, str) and len(cell) > limits.max_text:
                        text = f"工作表“{name}”单元格{cells.letters(c)}{r}有{len(cell)}字，超过{limits.max_text}字，请精简"
                        reasons.append(Reason(False, text, code="read.text"))
            grids.append(Grid(name, rows))
    return decide(reasons) if reasons else Decision((), tuple(grids))


def _value(cell: object, *, percent: bool) -> Value:
    """A cell's value. Numbers come as binary floats of what was typed: 15 digits are what spreadsheet programs keep and show."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        number = Decimal(f"{cell:.15g}")
        if percent:
            return f"{_plain(number * 100)}%"
        return int(number) if number == number.to_integral_value() else number
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return clean(str(cell)).strip() or None


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")
