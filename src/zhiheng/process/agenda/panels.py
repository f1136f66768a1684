"""What panels wait for: freeze, commitments, draw; who must be replaced, which sheets voided, who leads (F1, G1, K7)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.agenda.bench import counting
from zhiheng.process.agenda.scope import Scope
from zhiheng.process.agenda.todo import Todo, line, panel_line, todo
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.panel.drawing import numbers_missing
from zhiheng.stages.panel.models import Draw, Panel, Seat
from zhiheng.stages.panel.seeds import PARTIES, WITNESSES
from zhiheng.stages.panel.selectors import ROUND_OF, STAGE_OF
from zhiheng.stages.panel.services import changed_since
from zhiheng.stages.review.models import Sheet

ROUNDS = {"material": "材料评审", "site": "现场评审"}
#: Of seats: who has handed in a sheet, and has answered the invitation by that.
AT_WORK = Exists(Sheet.objects.filter(panel=OuterRef("panel"), expert=OuterRef("expert")))


def todos(scope: Scope) -> Iterator[Todo]:
    """Everything about the panels of the round that runs."""
    for stage, name in ROUND_OF.items():
        at = scope.at([stage])
        if at.cycles:
            yield from _draws(at, name)
            if at.wants(Role.OFFICE, Role.AGENCY):
                yield from _replace(at, name)
                yield from _open_seats(at, name)
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
    rows = Draw.objects.filter(cycle__in=list(scope.cycles), round=name).order_by("version").select_related("lottery")
    last = {draw.cycle_id: draw for draw in rows.defer("frozen", "lottery__content")}
    for pk, cycle in scope.cycles.items():
        draft = last.get(pk)
        if draft is None and incoming.get(pk):
            yield todo("panel.freeze", cycle, cycle, f"{cycle.title}{ROUNDS[name]}")
        elif draft is not None and draft.drawn_at is None:
            if scope.role == Role.APPLICANT and draft.representative_id != scope.person:
                continue  # of the applicants only the one who was named takes part
            draft.cycle = cycle
            yield from _draw(scope, cycle, draft)


def _draw(scope: Scope, cycle: Cycle, draft: Draw) -> Iterator[Todo]:
    """The steps to a draw: tickets, commitments, reveals, the public number, the ticket; each by who owes it."""
    what = f"{cycle.title}{ROUNDS[draft.round]}专家抽取"
    lottery = draft.lottery if hasattr(draft, "lottery") else None
    if lottery is None or lottery.published_at is None:
        why = f"抽签方案无法形成：{lottery.refusals[0]}" if lottery and lottery.refusals else ""
        if why:
            yield todo("panel.freeze", cycle, cycle, f"{what}：{why}", title="调整分组或专家库后，写明事由重新冻结")
        yield todo("panel.publish_lottery", cycle, cycle, what, blocked="抽签方案无法形成，须调整后重新冻结" if why else "")
        return
    why = numbers_missing(draft)
    mine = scope.person is not None and scope.code in draft.witnesses.values()
    parties = [role for role in WITNESSES if role != Role.APPLICANT or draft.representative_id]
    if draft.method == "balls":
        missing = [role for role in parties if role.value not in draft.seeds]
        if why and missing and not mine:
            yield todo("panel.reveal_seed", cycle, cycle, what, roles=missing, title="录入号码球的号码")
    else:
        missing = [role for role in parties if role.value not in draft.seed_commitments]
        if missing and not draft.seeds and not mine:
            yield todo("panel.commit_seed", cycle, cycle, what, roles=missing)
        hidden = [role for role in parties if role.value in draft.seed_commitments and role.value not in draft.seeds]
        if hidden and len(draft.seed_commitments) >= PARTIES:
            yield todo("panel.reveal_seed", cycle, cycle, what, roles=hidden)
        if draft.public_source and not draft.public_number and draft.seeds and not hidden:
            yield todo("panel.record_public_number", cycle, cycle, f"{what}：{draft.public_source}")
    if not why and scope.wants(Role.OFFICE, Role.AGENCY, Role.INSPECTOR) and (changed := changed_since(draft)):
        again = f"{what}：冻结后{changed}"
        if draft.begun and not draft.consent:
            yield todo("panel.consent_again", cycle, cycle, again)
        yield todo("panel.freeze", cycle, cycle, again, title="写明事由，重新冻结专家池和分组")
        why = f"冻结后{changed}，须重新冻结"
    yield todo("panel.draw", cycle, cycle, what, blocked=why)


def answers(scope: Scope) -> Iterator[Todo]:
    """Invitations that wait for an answer, in time or late. Who has handed in a sheet has answered by that."""
    name_of = {stage.value: name for stage, name in ROUND_OF.items()}
    rows = Seat.objects.filter(panel__cycle__in=list(scope.cycles)).select_related("panel", "expert")
    today = clock.today()
    seat: Seat
    unanswered = rows.filter(~AT_WORK, vacated_at=None, answer="", due__isnull=False)
    for seat in unanswered.order_by("panel__code", "expert__code"):
        seat.panel.cycle = cycle = scope.cycles[seat.panel.cycle_id]
        if name_of.get(cycle.stage) != seat.panel.round:
            continue
        what = f"{cycle.title}{ROUNDS[seat.panel.round]}"
        if scope.wants(Role.EXPERT) and scope.person is not None and seat.expert.person_id == scope.person:
            yield todo("panel.answer", seat, cycle, what, until=seat.due)
        elif scope.wants(Role.OFFICE, Role.AGENCY) and seat.due is not None and seat.due < today:
            late = f"{panel_line(seat.panel)}：专家 {seat.expert.code} 逾期未答复"
            yield todo("panel.replace", seat.panel, cycle, late, details={"out": seat.expert})


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
        what = f"{panel_line(panel)}：专家 {seat.expert.code} {why}"
        yield todo("panel.replace", panel, panel.cycle, what, details={"out": seat.expert})


def _open_seats(scope: Scope, name: str) -> Iterator[Todo]:
    """Seats of those who declined or stood aside and whom nobody could follow yet."""
    rows = Seat.objects.filter(
        panel__draw__in=counting(scope, name), vacated_at__isnull=False, successor=None, answer__in=["declined", "recused"]
    )
    for seat in rows.select_related("panel", "expert").order_by("panel__code", "expert__code"):
        panel = seat.panel
        panel.cycle = scope.cycles[panel.cycle_id]
        what = f"{panel_line(panel)}：专家 {seat.expert.code} 未接受邀请，席位空缺"
        yield todo("panel.replace", panel, panel.cycle, what, details={"out": seat.expert})


def _leaders(scope: Scope) -> Iterator[Todo]:
    rows = Panel.objects.filter(draw__in=counting(scope, "site"))
    led = Seat.objects.filter(leader=True, vacated_at=None, panel__in=rows.values("pk")).values("panel")
    if scope.entry is not None:
        rows = rows.filter(entries=scope.entry)
    for panel in rows.exclude(pk__in=led).order_by("code"):
        panel.cycle = scope.cycles[panel.cycle_id]
        yield todo("panel.name_leader", panel, panel.cycle, panel_line(panel))
