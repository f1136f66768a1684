"""`zhiheng rank FILE.xlsx`: ranking, thresholds and candidate list from score sheets, without a database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from zhiheng.faces.cli import answers
from zhiheng.foundation import clock
from zhiheng.foundation.documents.reading import ReadLimits
from zhiheng.process.rankfile import form, writing
from zhiheng.process.rankfile.compute import Ranking, compute, of_award
from zhiheng.process.rankfile.reading import MOST_ROWS, read
from zhiheng.rules.pack import Pack

#: Mounted without a name of its own: `main.add_typer(rank.app)`.
app = typer.Typer()
_LIMITS = ReadLimits(max_bytes=60 * 1024 * 1024, max_rows=MOST_ROWS, max_columns=200)


@app.command("rank")
def rank(
    file: Annotated[Path | None, typer.Argument(help="评分汇总表（xlsx）", metavar="FILE.xlsx")] = None,
    pack: Annotated[Path | None, typer.Option(help="规则包目录", metavar="DIR")] = None,
    out: Annotated[Path | None, typer.Option(help="将排序结果写入此文件", metavar="OUT.xlsx")] = None,
    template: Annotated[Path | None, typer.Option(help="写出一份空白模板后退出", metavar="OUT.xlsx")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以JSON输出，供程序读取")] = False,
) -> None:
    """由评分表计算得分、排序、分数线和授奖候选名单。"""
    rules = answers.pack_in(pack, as_json)
    if template is not None:
        answers.template(template, form.template(rules, clock.now()), as_json)
        return
    book, problems = read(answers.grids(file, _LIMITS, as_json), rules)
    if problems:
        answers.fail_rows(problems, as_json)
    result, problems = compute(book, rules)
    if problems:
        answers.fail_rows(problems, as_json)
    if out is not None:
        answers.write(out, writing.write(result, rules, clock.now()), as_json)
    if as_json:
        answers.say("", writing.as_data(result, rules), as_json)
    else:
        _show(result, rules)
        if out is not None:
            typer.echo(f"排序结果已写入：{out}")


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
