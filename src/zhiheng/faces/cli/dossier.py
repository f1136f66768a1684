"""`zhiheng dossier`: writing the dossier of a cycle, and proving one with the script that goes into it (L3)."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import django
import typer

app = typer.Typer(help="评审档案", no_args_is_help=True)
Machine = Annotated[bool, typer.Option("--json", help="以JSON输出，供程序读取")]


_WHY = {
    errno.ENOENT: "文件夹不存在",
    errno.EACCES: "没有写入权限",
    errno.EISDIR: "这是一个文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "磁盘只读",
}


def _fail(text: str, as_json: bool) -> typer.Exit:
    """Say what is wrong, for people or for machines; to be raised."""
    typer.echo(json.dumps({"ok": False, "errors": [text]}, ensure_ascii=False, indent=2) if as_json else text, err=not as_json)
    return typer.Exit(1)


@app.command("export")
def export(
    cycle: Annotated[str, typer.Argument(metavar="CYCLE", help="评审周期代码，如2024")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="写出的档案，如dossier.zip")],
    as_json: Machine = False,
) -> None:
    """写出一个评审周期的档案：规则、日志、抽取、评分、表决、公示等全部记录和核验程序。"""
    django.setup()
    from zhiheng.foundation.cycles.models import Cycle
    from zhiheng.process import dossier

    row = Cycle.objects.filter(code=cycle).first()
    if row is None:
        known = "、".join(Cycle.objects.order_by("code").values_list("code", flat=True)) or "（无）"
        raise _fail(f"没有评审周期“{cycle}”，现有：{known}", as_json)
    try:
        found = dossier.export(row, file)
    except OSError as error:
        why = _WHY.get(error.errno or 0, str(error.strerror))
        raise _fail(f"不能写入“{file}”：{why}，请更换位置或清理磁盘后重试", as_json) from None
    except ValueError as error:
        raise _fail(str(error), as_json) from None
    if as_json:
        typer.echo(json.dumps({"ok": True, **found}, ensure_ascii=False, indent=2))
        return
    typer.echo(f"已写出 {found['path']}：{found['files']} 个文件，{found['bytes']} 字节")
    typer.echo(f"日志链头 {found['journal']}（请公布，供他人核对日志末尾）")


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="档案或其解压后的文件夹")],
    head: Annotated[list[str] | None, typer.Option("--head", help="另行公布的日志链头，可多次给出")] = None,
    as_json: Machine = False,
) -> None:
    """核验档案：用随档案提供的同一核验程序另行计算全部结果。不读取本系统的任何数据。"""
    from zhiheng.process.dossier import VERIFIER

    options = [option for value in head or () for option in ("--head", value)] + (["--json"] if as_json else [])
    run = subprocess.run([sys.executable, "-I", str(VERIFIER), str(file), *options], check=False)
    raise typer.Exit(0 if run.returncode == 0 else 1)
