"""What panels wait for: freeze, commitments, draw; who must be replaced, which sheets voided, who leads (F1, G1, K7)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.agenda.bench import counting
from zhiheng.process.agenda.scope import Scope
from zhiheng.process.agenda.todo import Todo, line, todo
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.panel.models import Draw, Panel, Seat
from zhiheng.stages.panel.selectors import ROUND_OF, STAGE_OF
from zhiheng.stages.panel.services import WITNESSES, changed_since
from zhiheng.stages.review.models import Sheet

ROUNDS = {"material": "材料评审", "site": "现场评审"}
ENOUGH = 2  # witnesses who must have committed to a number


def todos(scope: Scope) -> Iterator[Todo]:
    """Everything about the panels of the round that runs."""
    for stage, name in ROUND_OF.items():
        at = scope.at([stage])
        if at.cycles:
            yield from _draws(at, name)
            if at.wants(Role.OFFICE, Role.AGENCY):
                yield from _replace(at, name)
            if name == "site" and at.wants(Role.OFFICE, Role.AGENCY):
                yield from _leaders(at)


def voids(scope: Scope) -> Iterator[Todo]:
    """Sheets of experts whose conflict stands, of both rounds as long as they can still be voided (K7, Q18)."""
    rows = Sheet.objects.filter(panel__cycle__in=list(scope.cycles), voided_at=None, entry__status__in=scope.present())
    rows = rows.filter(entry__conflicts__person=F("expert__person"), entry__conflicts__status="standing")
    if scope.entry is not None:
        rows = rows.filter(entry=scope.entry)
    rows = rows.select_related("panel", "entry", "expert").only("panel__cycle", "entry__code", "entry__name", "expert__code", "round")
    for sheet in rows.order_by("entry__code", "round", "expert__code"):
        sheet.panel.cycle = scope.cycles[sheet.panel.cycle_id]
        what = f"{line(sheet.entry)}：专家 {sheet.expert.code} 应当回避（{ROUNDS[sheet.round]}）"
        yield todo("review.void_sheet", sheet, sheet.panel.cycle, what)


def _draws(scope: Scope, name: str) -> Iterator[Todo]:
    incoming = scope.tally(STAGE_OF[name])
    rows = Draw.objects.filter(cycle__in=list(scope.cycles), round=name).order_by("version").defer("frozen", "transcript")
    last = {draw.cycle_id: draw for draw in rows}
    for pk, cycle in scope.cycles.items():
        draft = last.get(pk)
        if draft is None and incoming.get(pk):
            yield todo("panel.freeze", cycle, cycle, f"{cycle.title}{ROUNDS[name]}")
        elif draft is not None and draft.drawn_at is None:
            yield from _draw(scope, cycle, draft)


def _draw(scope: Scope, cycle: Cycle, draft: Draw) -> Iterator[Todo]:
    """Who has not committed to a number yet; two must have, and whoever has may not in another role."""
    what = f"{cycle.title}{ROUNDS[draft.round]}专家抽取"
    known = len(draft.seed_commitments)
    missing = [role for role in WITNESSES if role.value not in draft.seed_commitments]
    if missing and not (scope.person is not None and scope.code in draft.witnesses.values()):
        yield todo("panel.commit_seed", cycle, cycle, what, roles=missing)
    why = "" if known >= ENOUGH else f"须有两方以上提交种子承诺，现有 {known} 方"
    draft.cycle = cycle
    if not why and scope.wants(Role.OFFICE, Role.AGENCY) and (changed := changed_since(draft)):
        yield todo("panel.freeze", cycle, cycle, f"{what}：冻结后{changed}", title="写明事由，重新冻结专家池和分组")
        why = f"冻结后{changed}，须重新冻结"
    yield todo("panel.draw", cycle, cycle, what, blocked=why)


def _replace(scope: Scope, name: str) -> Iterator[Todo]:
    """Experts who sit on a panel and may not judge one of its entries that is still judged: barred from it, or out of the library."""
    rows = Seat.objects.filter(panel__draw__in=counting(scope, name), vacated_at=None).select_related("panel", "expert")
    live = scope.entering(STAGE_OF[name])
    if scope.entry is not None:
        rows = rows.filter(panel__entries=scope.entry)
    tie = "expert__person__conflicts__"
    only = {f"{tie}entry": scope.entry} if scope.entry is not None else {}
    barred = rows.filter(
        **{f"{tie}status": "standing", f"{tie}entry__status__in": live, f"{tie}entry__panels": F("panel"), **only},
    )
    gone = rows.exclude(expert__status="active").filter(panel__entries__status__in=live)
    found = {seat.pk: (seat, "应当回避") for seat in barred} | {seat.pk: (seat, "已不在库") for seat in gone}
    for seat, why in sorted(found.values(), key=lambda one: (one[0].panel.code, one[0].expert.code)):
        panel = seat.panel
        panel.cycle = scope.cycles[panel.cycle_id]
        what = f"专家组 {panel.code}：专家 {seat.expert.code} {why}"
        yield todo("panel.replace", panel, panel.cycle, what, details={"out": seat.expert})


def _leaders(scope: Scope) -> Iterator[Todo]:
    rows = Panel.objects.filter(draw__in=counting(scope, "site"))
    led = Seat.objects.filter(leader=True, vacated_at=None, panel__in=rows.values("pk")).values("panel")
    if scope.entry is not None:
        rows = rows.filter(entries=scope.entry)
    for panel in rows.exclude(pk__in=led).order_by("code"):
        panel.cycle = scope.cycles[panel.cycle_id]
        yield todo("panel.name_leader", panel, panel.cycle, f"专家组 {panel.code}")
