"""`zhiheng simulate`: a whole cycle at any size, in a database of its own, with every list, minute and the dossier."""

from __future__ import annotations

import gc
import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

import django
import typer
from rich.console import Console

from zhiheng.faces.cli.progress import shown
from zhiheng.faces.cli.telling import tell

YEAR = 2024


def simulate(
    organizations: Annotated[int, typer.Option(min=1, max=20000, help="申报组织数")] = 40,
    individuals: Annotated[int, typer.Option(min=0, max=10000, help="申报个人数")] = 16,
    experts: Annotated[int, typer.Option(min=10, max=30000, help="专家数")] = 120,
    seed: Annotated[int, typer.Option(help="随机种子：相同种子得到相同结果")] = 1,
    out: Annotated[Path, typer.Option(help="文书和档案的输出目录", metavar="DIR")] = Path("simulation"),
    pack: Annotated[Path | None, typer.Option(help="规则包目录", metavar="DIR")] = None,
    database: Annotated[str, typer.Option(help="使用指定数据库（默认为一次性数据库）", metavar="URL")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="以JSON输出，供程序读取")] = False,
) -> None:
    """经由同一套办理动作推演一个完整周期：从通知公告到获奖后监督，包括各种疑难情形。"""
    started = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="zhiheng-") as scratch:
        os.environ["ZHIHENG_DATABASE_URL"] = database or f"sqlite:///{scratch}/zhiheng.sqlite3"
        os.environ["ZHIHENG_MEDIA"] = f"{scratch}/files"
        django.setup()
        from zhiheng.foundation.acts import ActError

        try:
            with shown(quiet=as_json) as progress:
                found = _play(pack, organizations, individuals, experts, seed, out, progress, lasting=bool(database))
        except ActError as refused:
            typer.echo(f"推演在办理中被拒绝：{refused}。请增加专家或申报数量后重试", err=True)
            raise typer.Exit(1) from None
    found["seconds"] = round(time.monotonic() - started, 1)
    if as_json:
        typer.echo(json.dumps({"ok": True, **found}, ensure_ascii=False, indent=2))
    else:
        tell(found, Console())


def _play(
    pack_dir: Path | None, organizations: int, individuals: int, experts: int, seed: int, out: Path, progress: Any, *, lasting: bool
) -> dict[str, Any]:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from zhiheng.foundation import clock, entropy
    from zhiheng.foundation.cycles.models import Cycle
    from zhiheng.foundation.notifications.services import indoors
    from zhiheng.foundation.packs.loader import load_pack
    from zhiheng.process import dossier
    from zhiheng.process.papers.folder import write_all
    from zhiheng.simulation import deciding, play, summary

    call_command("migrate", verbosity=0)
    if not lasting:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")  # a throw-away database need not survive a power cut
    gc.freeze()  # what is loaded by now stays: collecting it again and again would take a tenth of the time
    gc.set_threshold(50_000, 20, 50)
    if Cycle.objects.exists():
        typer.echo("指定的数据库中已有评审周期，请使用空数据库", err=True)
        raise typer.Exit(1)
    rules = load_pack(pack_dir or settings.RULEPACKS_DIR / "hebei-2022")
    with entropy.seeded(seed) as rng, clock.travel(clock.now()), indoors():
        players = play.players(rng, organizations, individuals, experts, YEAR)
        world = play.begin(rules, players, rng, progress)
        cycle = play.cycle(world, YEAR, play.applicants(players), play.Plot())
        deciding.follow_up(world, cycle)
        play.next_call(world, cycle)
        cycle.refresh_from_db()
        progress("写出文书", 0, 2)
        written = write_all(cycle, out)
        progress("写出文书", 1, 2)
        dossier.export(cycle, out / "dossier.zip")
        shutil.copyfile(dossier.VERIFIER, out / "verify.py")
        progress("写出文书", 2, 2)
        found = summary.of(world, cycle)
    found["documents"] = sorted(p.name for p in written)
    found["dossier"] = str(out / "dossier.zip")
    return found
