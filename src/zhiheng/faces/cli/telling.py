"""The summary of a simulated cycle, as a person enjoys reading it."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

WIDTH = 30


def tell(found: dict[str, Any], console: Console) -> None:
    """Print the funnel, the gates, the winners, the turns, what was refused, and where the papers are."""
    console.print(Panel(f"[bold]{found['title']}[/bold]  {found['pack']}  当前：{found['stage']}阶段", style="red", expand=False))
    for award, steps in found["funnel"].items():
        _funnel(award, steps, console)
    _gates(found["gates"], console)
    _winners(found["winners"], console)
    if found["turns"]:
        console.print("\n[bold]转折[/bold]")
        for turn in found["turns"]:
            console.print(f"  · {turn}")
    refused = Table(title="依规拒绝的操作", title_justify="left", show_lines=False)
    for name in ("情形", "系统答复", "依据"):
        refused.add_column(name, overflow="fold")
    for row in found["refused"]:
        refused.add_row(row["what"], row["text"], "、".join(row["articles"][:2]))
    console.print(refused)
    journal = found["journal"]
    console.print(f"\n办理动作 {found['acts']} 次，本周期日志 {journal['entries']} 条（其中拒绝 {journal['refusals']} 条）")
    console.print(f"文书 {len(found['documents'])} 份，档案 {found['dossier']}（用其中的 verify.py 核验），用时 {found['seconds']} 秒")


def _funnel(award: str, steps: list[dict[str, Any]], console: Console) -> None:
    top = max((s["count"] for s in steps), default=0) or 1
    console.print(f"\n[bold]{ {'organization': '组织奖', 'individual': '个人奖'}.get(award, award) }[/bold]")
    for step in steps:
        bar = "█" * max(1, round(step["count"] / top * WIDTH)) if step["count"] else ""
        console.print(f"  {step['title']:　<8}{step['count']:>5}  [red]{bar}[/red]")


def _gates(gates: list[dict[str, str]], console: Console) -> None:
    console.print("\n[bold]阶段进展[/bold]")
    for gate in gates:
        console.print(f"  {gate['on']}  {gate['from']} → {gate['to']}")


def _winners(winners: list[dict[str, Any]], console: Console) -> None:
    table = Table(title="获奖名单", title_justify="left")
    for name in ("奖项", "编号", "名称", "材料", "现场", "满意度", "加分", "最终得分", "证书"):
        table.add_column(name, overflow="fold")
    for row in winners:
        parts = [row[name] or "—" for name in ("material", "site", "survey", "bonus")]
        note = "（已取消）" if row["revoked"] else ""
        table.add_row(row["award"], row["entry"], row["name"] + note, *parts, row["total"], row["certificate"])
    console.print(table)
