"""`zhiheng rank FILE.xlsx`: ranking, thresholds and candidate list from score sheets, without a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from zhiheng.foundation import clock
from zhiheng.foundation.documents.reading import ReadLimits, read_workbook
from zhiheng.foundation.documents.records import Problem
from zhiheng.foundation.packs.loader import PackError, load_pack
from zhiheng.process.rankfile import form, writing
from zhiheng.process.rankfile.compute import Ranking, compute, of_award
from zhiheng.process.rankfile.reading import MOST_ROWS, read
from zhiheng.rules.pack import Pack

#: Mounted without a name of its own: `main.add_typer(rank.app)`.
app = typer.Typer()
DEFAULT_PACK = "hebei-2022"
_LIMITS = ReadLimits(max_bytes=60 * 1024 * 1024, max_rows=MOST_ROWS, max_columns=200)
_MOST_SHOWN = 50  # problems; --json gives all


@app.command("rank")
def rank(
    file: Annotated[Path | None, typer.Argument(help="评分汇总表（xlsx）", metavar="FILE.xlsx")] = None,
    pack: Annotated[Path | None, typer.Option(help="规则包目录", metavar="DIR")] = None,
    out: Annotated[Path | None, typer.Option(help="将排序结果写入此文件", metavar="OUT.xlsx")] = None,
    template: Annotated[Path | None, typer.Option(help="写出一份空白模板后退出", metavar="OUT.xlsx")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以JSON输出，供程序读取")] = False,
) -> None:
    """由评分表计算得分、排序、分数线和授奖候选名单。"""
    rules = _rules(pack, as_json)
    if template is not None:
        _write(template, form.template(rules, clock.now()), as_json)
        _say({"ok": True, "template": str(template)}, f"模板已写出：{template}", as_json)
        return
    if file is None:
        _fail(["请指定评分汇总表文件，或用 --template 写出模板"], as_json)
        return
    grids = read_workbook(file, _LIMITS)
    if grids.value is None:
        _fail([reason.text for reason in grids.refusals], as_json)
        return
    book, problems = read(grids.value, rules)
    if not problems:
        result, problems = compute(book, rules)
    if problems:
        _fail([problem.text() for problem in problems], as_json, problems)
        return
    if out is not None:
        _write(out, writing.write(result, rules, clock.now()), as_json)
    if as_json:
        typer.echo(json.dumps({"ok": True, **writing.as_data(result, rules)}, ensure_ascii=False, indent=2))
    else:
        _show(result, rules)
        if out is not None:
            Console().print(f"排序结果已写入：{out}", markup=False)


def _rules(directory: Path | None, as_json: bool) -> Pack:
    try:
        return load_pack(directory or settings.RULEPACKS_DIR / DEFAULT_PACK)
    except PackError as error:
        _fail([str(fault) for fault in error.faults], as_json)
        raise  # never reached: _fail leaves the program


def _show(result: Ranking, pack: Pack) -> None:
    console = Console()
    for award in pack.awards:
        lines = of_award(result.lines, award)
        if not lines:
            continue
        table = Table(title=f"{pack.award_name}{award.title}", title_justify="left")
        titles = [title for title, kind in writing.score_columns(award) if kind == "score"]
        for title in ("名次", "申报编号", "名称"):
            table.add_column(title)
        for title in titles:
            table.add_column(title, justify="right")
        table.add_column("结果")
        for line in lines:
            cells = writing.cells(line, pack)[: len(titles)]
            place = "" if line.place is None else str(line.place)
            named = (escape(text) for text in (line.listed.code, line.listed.name))
            table.add_row(place, *named, *(cell or "" for cell in cells), writing.OUTCOMES[line.outcome])
        console.print(table)
    if result.stage == "final":
        console.print(f"授奖候选名单：{len(result.chosen)}个，{'、'.join(result.chosen) or '无'}", markup=False)
    for note in result.notes:
        console.print(note, markup=False)
    for warning in result.warnings:
        console.print(f"须处理：{warning}", markup=False, style="yellow")


def _write(path: Path, data: bytes, as_json: bool) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        _fail([f"不能写入“{path}”：{error.strerror}，请更换位置"], as_json)


def _say(data: dict[str, object], text: str, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(data, ensure_ascii=False))
    else:
        typer.echo(text)


def _fail(texts: list[str], as_json: bool, problems: list[Problem] | None = None) -> None:
    """Say what is wrong and leave with exit code 1; nothing was written."""
    if as_json:
        found = [problem.plain() for problem in problems or []]
        typer.echo(json.dumps({"ok": False, "errors": texts, "problems": found}, ensure_ascii=False, indent=2))
    else:
        for text in texts[:_MOST_SHOWN]:
            typer.echo(text, err=True)
        if len(texts) > _MOST_SHOWN:
            typer.echo(f"……共{len(texts)}处，其余用 --json 查看", err=True)
    raise typer.Exit(1)
