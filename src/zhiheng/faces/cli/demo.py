"""`zhiheng demo load`: the demo cycles, once."""

from __future__ import annotations

import json
from typing import Annotated

import django
import typer

from zhiheng.faces.cli.progress import shown

app = typer.Typer(help="演示数据", no_args_is_help=True)


@app.callback()
def _demo() -> None:
    """演示数据。"""


@app.command("load")
def load(as_json: Annotated[bool, typer.Option("--json", help="以JSON输出，供程序读取")] = False) -> None:
    """载入演示周期：2024年度（已完成）和2026年度（材料评审中）。已有数据时不重复载入。"""
    django.setup()
    from django.conf import settings

    from zhiheng.foundation.cycles.models import Cycle
    from zhiheng.foundation.packs.loader import load_pack
    from zhiheng.simulation import demo

    fresh = not demo.loaded()
    if fresh:
        with shown(quiet=as_json) as progress:
            demo.load(load_pack(settings.RULEPACKS_DIR / "hebei-2022"), progress)
    cycles = [{"code": c.code, "title": c.title, "stage": c.get_stage_display()} for c in Cycle.objects.order_by("code")]
    if as_json:
        typer.echo(json.dumps({"ok": True, "loaded": fresh, "cycles": cycles}, ensure_ascii=False, indent=2))
        return
    typer.echo("演示数据已载入" if fresh else "已有数据，未重复载入")
    for cycle in cycles:
        typer.echo(f"  {cycle['title']}：{cycle['stage']}阶段")
