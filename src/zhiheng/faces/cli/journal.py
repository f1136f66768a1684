"""`zhiheng journal verify`: is the journal whole."""

from __future__ import annotations

import json
from typing import Annotated

import django
import typer

app = typer.Typer(help="操作日志", no_args_is_help=True)


@app.callback()
def _journal() -> None:
    """操作日志的核验。"""


@app.command("verify")
def verify(as_json: Annotated[bool, typer.Option("--json", help="以JSON输出，供程序读取")] = False) -> None:
    """核验全部日志链：次序、摘要、链接、链头、公告中公布的链头；并核验所存文件。"""
    django.setup()
    from zhiheng.foundation.files.services import integrity_faults
    from zhiheng.foundation.journal import services
    from zhiheng.foundation.journal.models import JournalEntry
    from zhiheng.foundation.publicity.models import Notice

    published = list(Notice.objects.values_list("journal_head", flat=True))
    chains = services.chains(published)
    faults = [fault for chain in chains for fault in services.verify(chain, published)]
    files = integrity_faults()
    ok = not faults and not files
    counts = {chain: JournalEntry.objects.filter(chain=chain).count() for chain in chains}
    if as_json:
        found = [{"chain": f.chain, "seq": f.seq, "text": f.text} for f in faults]
        typer.echo(json.dumps({"ok": ok, "chains": counts, "faults": found, "files": files}, ensure_ascii=False, indent=2))
    else:
        for chain, count in counts.items():
            typer.echo(f"{chain}：{count} 条")
        for fault in faults:
            typer.echo(f"{fault.chain} 第 {fault.seq} 条：{fault.text}", err=True)
        for text in files:
            typer.echo(text, err=True)
        typer.echo("日志和文件完整无改动" if ok else f"发现 {len(faults) + len(files)} 处问题", err=not ok)
    raise typer.Exit(0 if ok else 1)
