"""Official documents as .docx: title, addressee, body with headings, tables, signature, page numbers (GB/T 9704—2012)."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Emu

from zhiheng.foundation.documents import layout
from zhiheng.foundation.documents.packing import frozen
from zhiheng.foundation.documents.text import balanced, clean, width

Align = Literal["left", "centre", "right"]
_ALIGN = {"left": WD_ALIGN_PARAGRAPH.LEFT, "centre": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
_HEAD1 = re.compile(r"[一二三四五六七八九十百]+、")
_HEAD2 = re.compile(r"（[一二三四五六七八九十百]+）")
_LONG = re.compile(r"[!-~]{30}")
_DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
#: A line after which no heading can be meant: headings are short and end without a full stop.
_SENTENCE_END = ("。", "；", "：", "！", "？")
_HEADING_MOST = 40
_TITLE_MOST = 40  # Latin characters in a line of the title
_ROOM = int(layout.TEXT_WIDTH.pt / (layout.TABLE_SIZE.pt / 2))  # Latin characters in a line of a table
_PADDING = 2  # of a cell, in the same measure
_CALL_MOST = 120


@dataclass(frozen=True, slots=True)
class Properties:
    """What the file says of itself; the same properties and content give the same bytes. created: aware."""

    title: str
    author: str
    created: datetime
    subject: str = ""


class Paper:
    """One official document, written from top to bottom. Text of any kind may be passed in; what a file cannot hold is left out."""

    def __init__(self, properties: Properties) -> None:
        self._document: Any = layout.empty()
        core = self._document.core_properties
        created = properties.created.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        core.title, core.author, core.subject = clean(properties.title), clean(properties.author), clean(properties.subject)
        core.last_modified_by, core.created, core.modified = clean(properties.author), created, created
        core.comments, core.keywords, core.revision, core.language = "", "", 1, "zh-CN"

    def title(self, text: str) -> None:
        """The title, centred, and the empty line below it."""
        self._line(balanced(clean(text), _TITLE_MOST), layout.TITLE)
        self._line("", layout.PLAIN)

    def heading(self, text: str, level: int = 1) -> None:
        """A heading: level 1 in 黑体 (一、), level 2 in 楷体 (（一）)."""
        self._line(text, layout.HEAD1 if level == 1 else layout.HEAD2)

    def caption(self, text: str) -> None:
        """The centred title of a table."""
        self._line(text, layout.CAPTION)

    def addressee(self, text: str) -> None:
        """A line that starts at the margin."""
        self._line(text, layout.PLAIN)

    def paragraph(self, text: str) -> None:
        """A paragraph indented by two characters; each line of the text is one of its own."""
        for part in clean(text).split("\n"):
            line = self._line(part, layout.TEXT)
            if _LONG.search(part) or 2 * sum(map(str.isascii, part)) > len(part):
                # Digests and lists of codes break anywhere; spread over the line, what stands beside them would be torn apart.
                line.alignment = WD_ALIGN_PARAGRAPH.LEFT

    def text(self, lines: str) -> None:
        """Body text, line by line: 一、 and （一） lines are headings; a first line that ends in ： is the addressee."""
        for number, line in enumerate(filter(None, (part.strip() for part in clean(lines).split("\n")))):
            short = len(line) <= _HEADING_MOST and not line.endswith(_SENTENCE_END)
            if number == 0 and line.endswith("：") and len(line) <= _CALL_MOST and "。" not in line:
                self.addressee(line)
            elif short and _HEAD1.match(line):
                self.heading(line)
            elif short and _HEAD2.match(line):
                self.heading(line, 2)
            else:
                self.paragraph(line)

    def letter(self, body: str) -> None:
        """Body text whose last two lines, where they are a unit and a date, are set as the signature."""
        lines = [line.strip() for line in clean(body).strip().split("\n")]
        signed = len(lines) > 1 and _DATE.fullmatch(lines[-1]) is not None and not lines[-2].endswith(_SENTENCE_END)
        self.text("\n".join(lines[:-2] if signed else lines))
        if signed:
            self.signature(lines[-2], lines[-1])

    def annex(self, title: str, label: str = "附件") -> None:
        """An annex on a page of its own, with its title. label: what the text calls it."""
        self._line(label, layout.PLAIN).paragraph_format.page_break_before = True
        self.title(title)

    def table(self, headers: Sequence[str], rows: Sequence[Sequence[str]], align: Sequence[Align] = ()) -> None:
        """A ruled table over the width of the text; its header is repeated on each page and no row is broken. Cells are text."""
        table = self._document.add_table(rows=0, cols=len(headers))
        table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
        layout.narrow_margins(table)
        widths = _widths(headers, rows)
        for column, size in zip(table.columns, widths, strict=True):
            column.width = size
        header = table.add_row()
        self._fill(header, headers, widths, layout.TABLE_HEAD, ())
        _mark(header, "w:tblHeader")
        for row in rows:
            self._fill(table.add_row(), row, widths, layout.CELL, align)

    def signature(self, unit: str, date: str) -> None:
        """The unit, and below it the date four characters in from the right; the shorter one is centred on the longer."""
        unit, date = clean(unit).strip(), clean(date).strip()
        difference = (width(unit) - width(date)) / 4  # half of it, in Chinese characters
        indent = max(4.0, difference)
        self._keep_last_row()
        self._line("", layout.PLAIN).paragraph_format.keep_with_next = True
        for text, right in ((unit, indent - difference), (date, indent)):
            if text:
                paragraph = self._line(text, layout.PLAIN)
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                layout.indent_chars(paragraph._p.get_or_add_pPr(), "rightChars", right)  # noqa: SLF001
                paragraph.paragraph_format.keep_with_next = text == unit

    def to_bytes(self) -> bytes:
        """The file."""
        # Programs want a paragraph after the last table.
        if self._document.element.body.xpath("./w:tbl[last()]/following-sibling::w:p") == []:
            self._line("", layout.CELL)
        target = io.BytesIO()
        self._document.save(target)
        return frozen(target.getvalue(), {"word/fontTable.xml": layout.font_table()})

    def _keep_last_row(self) -> None:
        """A signature never stands on a page of its own: the last row of a table before it goes along."""
        body = self._document.element.body
        if len(body) > 1 and body[-2].tag.endswith("}tbl"):
            for cell in self._document.tables[-1].rows[-1].cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True

    def _line(self, text: str, style: str) -> Any:
        return self._document.add_paragraph(clean(text), style=style)

    def _fill(self, row: Any, texts: Sequence[str], widths: Sequence[Any], style: str, align: Sequence[Align]) -> None:
        _mark(row, "w:cantSplit")
        for number, (cell, text, size) in enumerate(zip(row.cells, texts, widths, strict=True)):
            cell.width, cell.vertical_alignment = size, WD_CELL_VERTICAL_ALIGNMENT.CENTER
            paragraph = cell.paragraphs[0]
            paragraph.style = style
            paragraph.add_run(clean(text))
            if number < len(align):
                paragraph.alignment = _ALIGN[align[number]]


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 - python-docx has no name for these marks


def _widths(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Any]:
    """The text's width shared out: narrow columns get what their widest cell needs, only the wide ones are cut, all to one width."""
    wanted = [max(map(_need, [header, *(clean(row[number]) for row in rows)])) for number, header in enumerate(headers)]
    room, given = _ROOM, dict.fromkeys(range(len(wanted)), 0)
    for place, number in enumerate(sorted(given, key=lambda number: wanted[number])):
        given[number] = max(min(wanted[number], room // (len(wanted) - place)), 1)
        room -= given[number]
    whole = sum(given.values())
    return [Emu(int(layout.TEXT_WIDTH * part // whole)) for part in given.values()]


def _need(text: str) -> int:
    """The width that a cell takes on one line. Latin letters and digits are wider in some fonts than in the one asked for."""
    return width(text) + _PADDING + -(-sum(map(str.isascii, text)) // 8)
