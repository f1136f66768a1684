"""`zhiheng pack check DIR`: is this rule pack right, and if not, where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from zhiheng.foundation.packs.loader import PackError, describe, load_pack

app = typer.Typer(help="规则包", no_args_is_help=True)


@app.callback()
def _packs() -> None:
    """规则包的校验。"""


@app.command("check")
def check(
    directory: Annotated[Path, typer.Argument(help="规则包目录", metavar="DIR")],
    as_json: Annotated[bool, typer.Option("--json", help="以JSON输出，供程序读取")] = False,
) -> None:
    """校验规则包：结构、合计、条款、引用、日期。每处错误指明文件和行。"""
    try:
        found = describe(load_pack(directory))
    except PackError as error:
        if as_json:
            faults = [{"file": f.file, "line": f.line, "message": f.message} for f in error.faults]
            typer.echo(json.dumps({"ok": False, "faults": faults}, ensure_ascii=False, indent=2))
        else:
            for fault in error.faults:
                typer.echo(str(fault), err=True)
            typer.echo(f"规则包有 {len(error.faults)} 处错误", err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps({"ok": True, **found}, ensure_ascii=False, indent=2, default=str))
        return
    typer.echo(f"规则包 {directory.name} 校验通过")
    for name, value in found.items():
        typer.echo(f"  {name}: {value}")
