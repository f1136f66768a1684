"""Workbooks for the tests, written with a library that the project itself does not use for it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from tests.rules.worked import every
from zhiheng.rules.pack import Pack

LIST = ["申报编号", "名称", "奖项", "类别", "加分", "公众满意度得分"]


def save(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """A workbook of plain rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def rows_of(data: bytes | Path, name: str) -> list[list[Any]]:
    """A worksheet's values, as another program reads them."""
    source = io.BytesIO(data) if isinstance(data, bytes) else data
    return [list(row) for row in openpyxl.load_workbook(source)[name].iter_rows(values_only=True)]


def header(pack: Pack, award: str, category: str) -> list[str]:
    """The header of a sheet of marks."""
    return ["申报编号", "专家", "轮次", *(item.code for item in pack.scheme(award, category).items)]


def marks(pack: Pack, code: str, expert: str, round_: str, rest: int | str, **named: int | str) -> list[Any]:
    """A row of an organization's marks, in per cent."""
    scheme = pack.scheme("organization", "organization")
    return [code, expert, round_, *(str(mark) for mark in every(scheme, rest, **named).values())]


def blocks(code: str, expert: str, round_: str, *points: str) -> list[str]:
    """A row of a person's marks, in points."""
    return [code, expert, round_, *points]
