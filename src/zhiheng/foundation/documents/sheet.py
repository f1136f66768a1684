"""Tables as .xlsx: title, header, typed cells, ready to print. Text stays text: no cell is ever a formula or a link (T7)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, cast

import xlsxwriter

from zhiheng.foundation.documents.packing import frozen
from zhiheng.foundation.documents.text import clean, width
from zhiheng.foundation.documents.word import Properties

#: text: as it is; integer: whole numbers; score: a shown score ("549.99"), a number where it is nothing but a number; exact: an exact
#: number as text; money: whole yuan with separators; date.
Kind = Literal["text", "integer", "score", "exact", "money", "date"]
Cell = str | int | Fraction | date | None
_A4 = 9
_NARROWEST, _WIDEST = 6, 46  # of a column, in Latin characters
_ONE_LINE = 12  # of a header, in the same measure
_MOST_CELL = 32_767  # characters that a cell can hold
_MOST_NAME = 31
_MOST_CHOICES = 255  # characters of a list to choose from
_NOT_IN_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))
#: A quote prefix keeps these as text even when someone edits the cell.
_RISKY = ("=", "+", "-", "@", "\t", "'")
_FORMATS = {"integer": "0", "score": "0.00", "money": "#,##0", "date": "yyyy-mm-dd"}
_CENTRED = ("integer", "date")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, what its cells hold, and where apt the only values that may be chosen in it."""

    title: str
    kind: Kind = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One worksheet: its name, title, columns and rows, with notes below the title. blank: rows kept free for filling in."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    notes: tuple[str, ...] = field(default=())
    blank: int = 0


def columns(*titles: str) -> tuple[Column, ...]:
    """Columns from their titles; a kind other than text follows a bar: "名次|integer"."""
    parted = (title.partition("|") for title in titles)
    return tuple(Column(title, cast("Kind", kind or "text")) for title, _, kind in parted)


def workbook(tables: Sequence[Table], properties: Properties) -> bytes:
    """The file. Raises ValueError for a row that is not as long as the columns."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    created = properties.created.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.set_properties({"title": clean(properties.title), "author": clean(properties.author), "created": created})
    styles = _Styles(book)
    for table in tables:
        _write(book, styles, table)
    book.close()
    return frozen(target.getvalue())


def header_row(table: Table) -> int:
    """The row (from 0) that holds the column headers: below the title and the notes."""
    return 1 + len(table.notes)


class _Styles:
    """The cell formats of a workbook, made when first wanted."""

    def __init__(self, book: Any) -> None:
        self._book, self._made = book, {}  # type: Any, dict[tuple[Kind, bool, bool], Any]
        self.title = book.add_format(
            {"font_name": "方正小标宋简体", "font_size": 18, "align": "center", "valign": "vcenter", "text_wrap": True}
        )
        self.note = book.add_format({"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True})
        self.header = book.add_format(
            {
                "font_name": "黑体",
                "font_size": 11,
                "align": "center",
                "valign": "vcenter",
                "border": 1,
                "text_wrap": True,
                "bg_color": "#E7ECF3",
            }
        )

    def cell(self, kind: Kind, *, quoted: bool = False, bare: bool = False) -> Any:
        """The format of a cell. quoted: marked as text; bare: without a border, for whole columns of a form."""
        key = (kind, quoted, bare)
        if key not in self._made:
            style: dict[str, Any] = {"font_name": "宋体", "font_size": 11, "valign": "vcenter", "text_wrap": True}
            style |= {} if bare else {"border": 1}
            style["num_format"] = _FORMATS.get(kind, "@")
            style["quote_prefix"] = quoted
            if kind in ("score", "exact", "money"):
                style["align"] = "right"
            elif kind in _CENTRED:
                style["align"] = "center"
            self._made[key] = self._book.add_format(style)
        return self._made[key]


def _write(book: Any, styles: _Styles, table: Table) -> None:
    sheet = book.add_worksheet(clean(table.name).translate(_NOT_IN_NAME)[:_MOST_NAME].strip("'"))
    last, head = len(table.columns) - 1, header_row(table)
    if any(len(row) != len(table.columns) for row in table.rows):
        raise ValueError(f"a row of {table.name} is not as long as its columns")
    widths = [_width(table, number) for number in range(len(table.columns))]
    for number, (column, size) in enumerate(zip(table.columns, widths, strict=True)):
        sheet.set_column(number, number, size, styles.cell(column.kind, bare=True) if table.blank else None)
    whole = sum(widths)
    _across(sheet, 0, last, clean(table.title), styles.title)
    sheet.set_row(0, 26 * _lines(table.title, whole * 11 // 18))
    for number, note in enumerate(table.notes, 1):
        _across(sheet, number, last, clean(note), styles.note)
        sheet.set_row(number, 15 * _lines(note, whole))
    sheet.set_row(head, 16 * max(_lines(column.title, size) for column, size in zip(table.columns, widths, strict=True)) + 2)
    for number, column in enumerate(table.columns):
        sheet.write_string(head, number, clean(column.title), styles.header)
        if column.choices and table.blank and len(",".join(column.choices)) <= _MOST_CHOICES:
            source = {"validate": "list", "source": [clean(choice) for choice in column.choices]}
            sheet.data_validation(head + 1, number, head + len(table.rows) + table.blank, number, source)
    for offset, row in enumerate(table.rows, head + 1):
        for number, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            _cell(sheet, offset, number, column.kind, value, styles)
        # Wrapped text: not every program finds the height by itself.
        sheet.set_row(offset, 16 * max(_lines(str(value), size) for value, size in zip(row, widths, strict=True)) + 2)
    sheet.freeze_panes(head + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.center_horizontally()
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _across(sheet: Any, row: int, last: int, text: str, style: Any) -> None:
    """A line over all columns. Written as a string beside the merging, which would look for formulas and links."""
    if last:
        sheet.merge_range(row, 0, row, last, "", style)
    sheet.write_string(row, 0, text, style)


def _cell(sheet: Any, row: int, number: int, kind: Kind, value: Cell, styles: _Styles) -> None:
    if value is None or value == "":
        sheet.write_blank(row, number, None, styles.cell(kind))
    elif kind in ("integer", "money") and isinstance(value, int):
        sheet.write_number(row, number, value, styles.cell(kind))
    elif kind == "date" and isinstance(value, date):
        sheet.write_datetime(row, number, value, styles.cell(kind))
    elif kind == "score" and isinstance(value, str) and value.replace(".", "", 1).removeprefix("-").isdecimal():
        # The shown score, already rounded by the rules: the cell's own rounding must find nothing left to round.
        sheet.write_number(row, number, Decimal(value), styles.cell(kind))
    else:
        text = clean(str(value))[:_MOST_CELL]
        sheet.write_string(row, number, text, styles.cell(kind, quoted=text.startswith(_RISKY)))


def _width(table: Table, number: int) -> int:
    cells = (str(row[number]) for row in table.rows if row[number] is not None)
    title = width(table.columns[number].title)
    # A long header takes two lines rather than make its column wide.
    head = title if title <= _ONE_LINE else max(_ONE_LINE, -(-title // 2) + 2)
    widest = max([head, *(width(cell) for cell in cells)])
    return min(max(widest, _NARROWEST), _WIDEST) + 2


def _lines(text: str, size: int) -> int:
    """How many lines a text takes in a merged cell, whose height no program finds by itself."""
    return sum(max(1, -(-width(line) // max(size - 2, 1))) for line in clean(text).split("\n"))
