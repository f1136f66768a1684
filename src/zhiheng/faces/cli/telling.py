"""The summary of a simulated cycle, as a person enjoys reading it."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.panel import Panel

WIDTH = 30


def tell(found: dict[str, Any], console: Console) -> None:
    """Print the funnel, the gates, the winners, the turns, what was refused, and where the papers are."""
    console.print(Panel(f"[bold]{found['title']}[/bold]  {found['pack']}  当前：{found['stage']}阶段", style="red", expand=False))
    for award, steps in found["funnel"].items():
        _funnel(award, steps, console)
    _gates(found["gates"], console)
    _winners(found["winners"], console)
    _list("转折", found["turns"], console)
    _list("依规拒绝的操作", [f"[bold]{r['what']}[/bold]：{r['text']}（{'、'.join(r['articles'][:2])}）" for r in found["refused"]], console)
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
    parts = {"material": "材料", "site": "现场", "survey": "满意度", "bonus": "加分"}
    award = ""
    for row in winners:
        if row["award"] != award:
            award = row["award"]
            console.print(f"\n[bold]获奖名单（{award}）[/bold]")
        made = " · ".join(f"{title} {row[name]}" for name, title in parts.items() if row[name] not in (None, "0.00"))
        voted = f"，赞成 {row['votes']} 票" if row["votes"] else ""
        end = "  [red]奖励已取消[/red]" if row["revoked"] else ""
        console.print(f"  [bold]{row['total']}[/bold]  {row['name']}（{row['entry']}）{end}")
        console.print(f"          {made}{voted}，证书 {row['certificate']}", style="dim", soft_wrap=True)


def _list(title: str, lines: list[str], console: Console) -> None:
    if lines:
        console.print(f"\n[bold]{title}[/bold]")
    for line in lines:
        console.print(f"  · {line}", soft_wrap=True)
