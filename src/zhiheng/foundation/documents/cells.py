"""What the XML of a worksheet says and a reader of values does not: formulas, percentages, and how far the cells reach (T5, T7).

Read as a stream, so that a sheet of any size takes little memory; document types were refused before (foundation/files/office).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_REF = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_PERCENT_IDS = frozenset({9, 10})
_MOST_FORMULAS = 20  # that are reported
Place = tuple[int, int]


@dataclass(slots=True)
class SheetFacts:
    """Of one worksheet: cells with formulas and cells shown as per cent, as (row, column) from 1; the last row and column in use."""

    formulas: list[Place] = field(default_factory=list)
    percent: set[Place] = field(default_factory=set)
    rows: int = 0
    columns: int = 0


class TooLarge(Exception):
    """A sheet reaches beyond the rows or columns that are taken in."""


def letters(column: int) -> str:
    """The name of a column: 1 → A, 28 → AB."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def examine(stream: IO[bytes], most_rows: int, most_columns: int) -> dict[str, SheetFacts]:
    """Sheet name → its facts. Raises TooLarge beyond the limits; expat.ExpatError, zipfile.BadZipFile or KeyError for a broken file."""
    with zipfile.ZipFile(stream) as archive:
        targets: dict[str, str] = {}
        names: dict[str, str] = {}

        def relation(tag: str, attributes: dict[str, str]) -> None:
            if tag.endswith("Relationship"):
                target = attributes["Target"]
                targets[attributes["Id"]] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

        def sheet(tag: str, attributes: dict[str, str]) -> None:
            if _local(tag) == "sheet":
                names[attributes["name"]] = next(value for key, value in attributes.items() if key.endswith("relationships|id"))

        _parse(archive, _RELATIONS, relation)
        _parse(archive, "xl/workbook.xml", sheet)
        percent = _percent_styles(archive)
        return {
            name: _sheet(archive, targets[key], percent, most_rows, most_columns)
            for name, key in names.items()
            if "worksheets/" in targets[key]
        }


def _local(tag: str) -> str:
    """The name of a spreadsheet element; empty for those of other vocabularies."""
    space, _, name = tag.rpartition("|")
    return name if space in (_SPACE, _STRICT) else ""


def _parse(archive: zipfile.ZipFile, part: str, start: Callable[[str, dict[str, str]], None]) -> None:
    parser = expat.ParserCreate(namespace_separator="|")
    parser.StartElementHandler = start
    with archive.open(part) as stream:
        parser.ParseFile(stream)


def _percent_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    """The indexes of cell styles that show a number as per cent."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    custom: set[int] = set()
    cells: list[int] = []
    inside = [False]

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "numFmt" and "%" in attributes.get("formatCode", ""):
            custom.add(int(attributes["numFmtId"]))
        elif name in ("cellXfs", "cellStyleXfs"):
            inside[0] = name == "cellXfs"
        elif name == "xf" and inside[0]:
            cells.append(int(attributes.get("numFmtId", "0")))

    _parse(archive, "xl/styles.xml", start)
    return frozenset(index for index, number in enumerate(cells) if number in _PERCENT_IDS or number in custom)


def _sheet(archive: zipfile.ZipFile, part: str, percent: frozenset[int], most_rows: int, most_columns: int) -> SheetFacts:
    facts = SheetFacts()
    row, column, style = 0, 0, ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, style
        name = _local(tag)
        if name == "row":
            row, column = int(attributes.get("r", row + 1)), 0
        elif name == "c":
            found = _REF.fullmatch(attributes.get("r", ""))
            column = _number(found[1]) if found else column + 1
            row = int(found[2]) if found else row
            style = attributes.get("s", "0")
            # A number without type; text shown as per cent is no number.
            if attributes.get("t", "n") == "n" and style.isdecimal() and int(style) in percent:
                facts.percent.add((row, column))
        elif name in ("v", "is", "f"):
            facts.rows, facts.columns = max(facts.rows, row), max(facts.columns, column)
            if row > most_rows or column > most_columns:
                raise TooLarge(letters(column), row)
            if name == "f" and len(facts.formulas) < _MOST_FORMULAS:
                facts.formulas.append((row, column))

    _parse(archive, part, start)
    return facts


def _number(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
