"""What the material review waits for: sheets, agreement, reports, scores, hand-over (F2, F3)."""

from __future__ import annotations

from collections.abc import Iterator

from zhiheng.process.agenda.bench import Bench, bench
from zhiheng.process.agenda.results import fresh
from zhiheng.process.agenda.scope import Scope
from zhiheng.process.agenda.spread import must_agree
from zhiheng.process.agenda.todo import Todo, line, todo
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.stages.application.models import Entry

ROUND = "material"
LAST = "待本轮全部申报评审完成后统一办理"  # an entry that waits for the others


def todos(scope: Scope) -> Iterator[Todo]:
    """Sheet by sheet for experts; what a panel owes as one; for the agency the round as a whole."""
    table = bench(scope, ROUND)
    complete = [entry for entry in table.asked(scope) if not table.owing[entry.pk]]
    agree = disagreeing(table, complete)
    if scope.wants(Role.EXPERT):
        yield from sheets(scope, table, "review.submit_sheet")
    for entry in complete:
        panel = table.panels[table.panel_of[entry.pk]]
        if scope.role == Role.EXPERT and not speaks(scope, table, entry.pk):
            continue
        details = {"entry": entry}
        if entry.pk in agree:
            yield todo("review.record_consensus", panel, entry.cycle, line(entry), details=details)
        elif entry.pk not in table.reported:
            yield todo("review.submit_report", panel, entry.cycle, line(entry), details=details)
        elif scope.role is None and scope.entry is not None:
            act = "review.hand_over" if fresh(table, [entry], ROUND) else "review.score"
            yield todo(act, entry.cycle, entry.cycle, entry.cycle.title, blocked=LAST)
    if scope.wants(Role.AGENCY) and scope.entry is None:
        yield from _whole(scope, table, agree)


def sheets(scope: Scope, table: Bench, act: str) -> Iterator[Todo]:
    """The sheets that are missing: an expert's own each by itself, for anybody else how many an entry waits for."""
    for entry in table.asked(scope):
        owing = [seat for seat in table.owing[entry.pk] if table.may(seat, entry.pk)]
        if scope.role is None and owing:
            yield todo(act, entry, entry.cycle, line(entry), count=len(owing))
        elif scope.role is not None and any(seat.person == scope.person for seat in owing):
            yield todo(act, entry, entry.cycle, line(entry))


def speaks(scope: Scope, table: Bench, entry: int, *, leading: bool = False) -> bool:
    """Whether the person sits on the entry's panel (leading it) and may judge the entry."""
    holders = table.holders(table.panel_of[entry])
    return any(s.person == scope.person and table.may(s, entry) and (s.leader or not leading) for s in holders)


def disagreeing(table: Bench, complete: list[Entry]) -> frozenset[int]:
    """Entries whose panel has to agree, for the first time or anew."""
    outdated = {entry.pk for entry in complete if table.is_outdated(entry.pk)}
    open_ones = [entry for entry in complete if not table.is_agreed(entry.pk) and entry.pk not in outdated]
    return must_agree(table, open_ones, ROUND) | outdated


def _whole(scope: Scope, table: Bench, agree: frozenset[int]) -> Iterator[Todo]:
    standing = scope.tally(Stage.MATERIAL_REVIEW)
    for pk, cycle in scope.cycles.items():
        mine = [entry for entry in table.entries.values() if entry.cycle_id == pk]
        if not mine:
            continue
        open_points = _open(table, mine, agree, standing.get(pk, 0) - len(mine))
        act = "review.score" if open_points or not fresh(table, mine, ROUND) else "review.hand_over"
        yield todo(act, cycle, cycle, cycle.title, blocked="、".join(open_points) + "未完成" if open_points else "")


def _open(table: Bench, entries: list[Entry], agree: frozenset[int], apart: int) -> list[str]:
    """What is missing before scores can be computed, in numbers only. apart: entries that are on no panel."""
    counts = {
        "项申报的分组": apart,
        "份评分表": sum(len(table.owing[entry.pk]) for entry in entries),
        "项合议": sum(entry.pk in agree for entry in entries),
        "份评审报告": sum(entry.pk not in table.reported for entry in entries),
        "份应当作废的评分表": table.tainted(entries),
    }
    return [f"{number} {what}" for what, number in counts.items() if number]
