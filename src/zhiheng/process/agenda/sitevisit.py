"""What site visits wait for: plan, steps, sheets, agreement, report, papers, scores, hand-over (G2–G5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process.agenda.bench import bench
from zhiheng.process.agenda.results import fresh
from zhiheng.process.agenda.review import LAST, speaks
from zhiheng.process.agenda.scope import Scope
from zhiheng.process.agenda.todo import Todo, line, panel_line, todo
from zhiheng.rules.clocks import chinese_date, handover
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.rules.pack import Step
from zhiheng.stages.application.models import Entry
from zhiheng.stages.sitevisit.models import Papers, Visit, VisitStep

ROUND = "site"


class Round:
    """The visits of the scope beside its bench: entry → visit, visit → steps done, panels (pk) whose papers are in."""

    def __init__(self, scope: Scope) -> None:
        self.scope, self.table = scope, bench(scope, ROUND)
        panels = list(self.table.panels)
        self.visits = {visit.entry_id: visit for visit in Visit.objects.filter(panel__in=panels).defer("plan")}
        self.done: dict[int, set[str]] = defaultdict(set)
        for visit, code in VisitStep.objects.filter(visit__panel__in=panels).values_list("visit", "code"):
            self.done[visit].add(code)
        self.handed = set(Papers.objects.filter(panel__in=panels).values_list("panel", flat=True))

    def left(self, entry: Entry) -> list[Step]:
        """The steps still to be done, in order."""
        visit = self.visits.get(entry.pk)
        done = self.done[visit.pk] if visit else set()
        return [step for step in rules_of(entry.cycle).steps if entry.award in step.awards and step.code not in done]

    def begun(self, entry: int) -> bool:
        """Whether a step of the visit is on record."""
        return entry in self.visits and bool(self.done[self.visits[entry].pk])


def todos(scope: Scope) -> Iterator[Todo]:
    """What leaders, experts and the agency have to do."""
    now = Round(scope)
    for entry in now.table.asked(scope):
        if scope.wants(Role.EXPERT):
            yield from _sheet(now, entry)
            if scope.role is None or speaks(scope, now.table, entry.pk, leading=True):
                yield from _leader(now, entry)
        if scope.role is None and scope.entry is not None and now.table.panel_of[entry.pk] in now.handed:
            act = "sitevisit.hand_over" if fresh(now.table, [entry], ROUND) else "sitevisit.score"
            yield todo(act, entry.cycle, entry.cycle, entry.cycle.title, blocked=LAST)
    if scope.wants(Role.EXPERT):
        yield from _papers(now)
    if scope.wants(Role.AGENCY) and scope.entry is None:
        yield from _whole(now)


def _sheet(now: Round, entry: Entry) -> Iterator[Todo]:
    """An expert's own sheet, once the visit has begun; for anybody else how many are missing."""
    owing = [seat for seat in now.table.owing[entry.pk] if now.table.may(seat, entry.pk)]
    if now.scope.role is not None:
        owing = [seat for seat in owing if seat.person == now.scope.person]
    if owing:
        visit = now.visits.get(entry.pk)
        why = "" if now.begun(entry.pk) else "现场评审尚未开始"
        until = visit.planned_until if visit else None
        yield todo("sitevisit.submit_sheet", entry, entry.cycle, line(entry), until=until, term=True, blocked=why, count=len(owing))


def _leader(now: Round, entry: Entry) -> Iterator[Todo]:
    visit, table = now.visits.get(entry.pk), now.table
    if visit is None:
        yield todo("sitevisit.plan", entry, entry.cycle, line(entry))
        return
    if left := now.left(entry):
        visit.cycle, visit.entry = entry.cycle, entry
        early = clock.today() < visit.planned_from
        why = f"现场评审计划于{chinese_date(visit.planned_from)}开始" if early else ""
        what = f"{line(entry)}：{left[0].title}"
        yield todo(
            "sitevisit.step", visit, entry.cycle, what, until=visit.planned_until, term=True, blocked=why, details={"code": left[0].code}
        )
    if table.owing[entry.pk] or not now.begun(entry.pk):
        return
    panel, details = table.panels[table.panel_of[entry.pk]], {"entry": entry}
    if not table.is_agreed(entry.pk):
        yield todo("sitevisit.record_consensus", panel, entry.cycle, line(entry), details=details)
    elif entry.pk not in table.reported:
        yield todo("sitevisit.submit_report", panel, entry.cycle, line(entry), details=details)


def _papers(now: Round) -> Iterator[Todo]:
    """A panel hands in its papers when all its visits have ended and each is agreed upon and reported."""
    table, scope = now.table, now.scope
    of_panel: dict[int, list[Entry]] = defaultdict(list)
    for entry in table.entries.values():
        of_panel[table.panel_of[entry.pk]].append(entry)
    for pk, entries in of_panel.items():
        led = any(s.leader and s.person == scope.person for s in table.holders(pk))
        if pk in now.handed or not (scope.role is None or led):
            continue
        open_ones = [e for e in entries if now.left(e) or not table.is_agreed(e.pk) or e.pk not in table.reported]
        if len(open_ones) == len(entries):
            continue  # nothing to hand in yet
        panel = table.panels[pk]
        why = f"尚有 {len(open_ones)} 项现场评审未结束或未提交报告" if open_ones else ""
        yield todo("sitevisit.hand_in", panel, panel.cycle, f"{panel_line(panel)}（{len(entries)}项申报）", blocked=why)


def _whole(now: Round) -> Iterator[Todo]:
    scope, table = now.scope, now.table
    standing = scope.tally(Stage.SITE_VISIT)
    for pk, cycle in scope.cycles.items():
        mine = [entry for entry in table.entries.values() if entry.cycle_id == pk]
        if not mine:
            continue
        until, open_points = _due(now, cycle, mine), _open(now, mine, standing.get(pk, 0) - len(mine))
        act = "sitevisit.score" if open_points or not fresh(table, mine, ROUND) else "sitevisit.hand_over"
        why = "、".join(open_points) + "未完成" if open_points else ""
        yield todo(act, cycle, cycle, cycle.title, until=until, term=True, blocked=why)


def _due(now: Round, cycle: Cycle, entries: list[Entry]) -> date | None:
    """The agency's last day, once all visits have ended (G5, Q28); None before, or where the calendar does not reach."""
    ends = [visit.ended_on for entry in entries if (visit := now.visits.get(entry.pk)) and visit.ended_on]
    if len(ends) < len(entries):
        return None
    return handover(max(ends), rules_of(cycle).parameters.handover_days.value, clock.today(), now.scope.days.known).value


def _open(now: Round, entries: list[Entry], apart: int) -> list[str]:
    """What is missing before scores can be computed, in numbers only. apart: entries that are on no panel."""
    table = now.table
    counts = {
        "项申报的分组": apart,
        "项现场评审": sum(bool(now.left(e)) for e in entries),
        "份评分表": sum(len(table.owing[e.pk]) for e in entries),
        "项合议": sum(not table.is_agreed(e.pk) for e in entries),
        "份评审报告": sum(e.pk not in table.reported for e in entries),
        "个专家组的材料": len({table.panel_of[e.pk] for e in entries} - now.handed),
        "份应当作废的评分表": table.tainted(entries),
    }
    return [f"{number} {what}" for what, number in counts.items() if number]
