"""What the commands that work on office files say, to people and to machines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import typer
from django.conf import settings

from zhiheng.foundation.documents.reading import Grid, ReadLimits, read_workbook
from zhiheng.foundation.documents.records import Problem
from zhiheng.foundation.packs.loader import PackError, load_pack
from zhiheng.rules.pack import Pack

DEFAULT_PACK = "hebei-2022"
_MOST_SHOWN = 50  # faults; --json gives all


def fail(texts: Sequence[str], as_json: bool, problems: Sequence[Problem] = ()) -> NoReturn:
    """Say what is wrong and leave with exit code 1; nothing was changed."""
    if as_json:
        found = [problem.plain() for problem in problems]
        typer.echo(json.dumps({"ok": False, "errors": list(texts), "problems": found}, ensure_ascii=False, indent=2))
    else:
        for text in texts[:_MOST_SHOWN]:
            typer.echo(text, err=True)
        if len(texts) > _MOST_SHOWN:
            typer.echo(f"……共{len(texts)}处，其余用 --json 查看", err=True)
    raise typer.Exit(1)


def fail_rows(problems: Sequence[Problem], as_json: bool) -> NoReturn:
    """The faults of rows."""
    fail([problem.text() for problem in problems], as_json, problems)


def say(text: str, data: Mapping[str, Any], as_json: bool) -> None:
    """All is well: a line for people, or data for machines."""
    typer.echo(json.dumps({"ok": True, **data}, ensure_ascii=False, indent=2) if as_json else text)


def grids(file: Path | None, limits: ReadLimits, as_json: bool) -> tuple[Grid, ...]:
    """The worksheets of the file named."""
    if file is None:
        fail(["请指定文件，或用 --template 写出模板"], as_json)
    read = read_workbook(file, limits)
    if read.value is None:
        fail([reason.text for reason in read.refusals], as_json)
    return read.value


def pack_in(directory: Path | None, as_json: bool) -> Pack:
    """The pack of a directory, or the one that comes with the program."""
    try:
        return load_pack(directory or settings.RULEPACKS_DIR / DEFAULT_PACK)
    except PackError as error:
        fail([str(fault) for fault in error.faults], as_json)


def write(path: Path, data: bytes, as_json: bool) -> None:
    """Write a file, or say why it cannot be written."""
    try:
        path.write_bytes(data)
    except OSError as error:
        fail([f"不能写入“{path}”：{error.strerror}，请更换位置"], as_json)


def template(path: Path, data: bytes, as_json: bool) -> None:
    """Write a template and say where it is."""
    write(path, data, as_json)
    say(f"模板已写出：{path}", {"template": str(path)}, as_json)
