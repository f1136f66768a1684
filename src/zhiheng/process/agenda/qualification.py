"""What the qualification review waits for: commission, five sides, departments, accepted list (E1–E3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.publicity.models import Notice
from zhiheng.process.agenda.grouping import some
from zhiheng.process.agenda.listed import held, latest, objections
from zhiheng.process.agenda.scope import COLUMNS, Scope
from zhiheng.process.agenda.todo import Todo, line, todo
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.stages.application.models import Entry
from zhiheng.stages.qualification.models import Commission, Consultation, Qualification

STAGE = Stage.QUALIFICATION


def todos(scope: Scope) -> Iterator[Todo]:
    """What the office, the agency and the departments have to do, as long as anybody stands for the review."""
    incoming = scope.tally(STAGE)
    unchecked = scope.tally(STAGE, qualification=None)
    commissioned = set(Commission.objects.filter(cycle__in=list(scope.cycles)).values_list("cycle", flat=True))
    heard: dict[int, set[str]] = defaultdict(set)
    for at, department in Consultation.objects.filter(cycle__in=list(scope.cycles)).values_list("cycle", "department"):
        heard[at].add(department)
    notices, (_, waiting) = latest(scope, "accepted_list"), objections(scope, "accepted_list")
    unseen = _unseen(scope, notices) if scope.wants(Role.OFFICE) else {}
    if scope.wants(Role.AGENCY):
        yield from _check(scope, commissioned)
    for pk, cycle in scope.cycles.items():
        if not incoming.get(pk):
            continue
        if pk not in commissioned:
            yield todo("qualification.commission", cycle, cycle, cycle.title)
        if pk not in notices:
            yield from _consult(scope, cycle, heard[pk])
        if pk in notices:
            yield from _settle(cycle, notices[pk], waiting[notices[pk].pk], unseen.get(pk, []))
        else:
            yield from _publish(cycle, unchecked.get(pk, 0), bool(heard[pk]))


def _check(scope: Scope, commissioned: set[int]) -> Iterator[Todo]:
    """Entry by entry, on five sides."""

    def make(entry: Entry) -> Todo:
        entry.cycle = scope.cycles[entry.cycle_id]
        why = "" if entry.cycle_id in commissioned else "省质评办尚未委托相关机构"
        return todo("qualification.check", entry, entry.cycle, line(entry), title="资格审查（五个方面）", blocked=why)

    yield from some(scope, scope.standing(STAGE).filter(qualification=None).only(*COLUMNS).order_by("code"), make)


def _consult(scope: Scope, cycle: Cycle, heard: set[str]) -> Iterator[Todo]:
    """A department gives its opinion once; the office sees to it that somebody was heard."""
    own = scope.unit is not None and scope.unit.name in heard
    if not own if scope.role == Role.DEPARTMENT else not heard:
        yield todo("qualification.consult", cycle, cycle, f"{cycle.title}申报名单")


def _publish(cycle: Cycle, unchecked: int, heard: bool) -> Iterator[Todo]:
    waits = [f"尚有 {unchecked} 项申报未作资格审查"] if unchecked else []
    waits += [] if heard else ["尚未征求省有关部门意见"]
    yield todo("qualification.publish", cycle, cycle, cycle.title, blocked="；".join(waits))


def _settle(cycle: Cycle, notice: Notice, waiting: int, unseen: list[str]) -> Iterator[Todo]:
    """The publicity is over. Who passes now but was not on the list that was published: the list is published again first."""
    if notice.closed_at is None:
        return
    why = f"{'、'.join(unseen[:3])}{'等' if len(unseen) > 3 else ''}审查通过但未经公示" if unseen else ""
    if unseen:
        yield todo("qualification.publish", cycle, cycle, f"{cycle.title}：{why}", title="重新公示受理名单")
    yield todo("qualification.settle", cycle, cycle, cycle.title, blocked=held(waiting) or why)


def _unseen(scope: Scope, notices: dict[int, Notice]) -> dict[int, list[str]]:
    """Cycle pk → entries (codes) that pass and were not on the list."""
    closed = {pk: notice for pk, notice in notices.items() if notice.closed_at is not None}
    if not closed:
        return {}
    passed: dict[int, list[str]] = defaultdict(list)
    rows = Qualification.objects.filter(entry__cycle__in=list(closed), passed=True, entry__status__in=scope.entering(STAGE))
    for at, code in rows.order_by("entry__code").values_list("entry__cycle", "entry__code"):
        passed[at].append(code)
    listed = {pk: {item.get("code") for item in notice.items} for pk, notice in closed.items()}
    return {pk: [code for code in codes if code not in listed[pk]] for pk, codes in passed.items()}
