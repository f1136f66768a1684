"""What waits beside the line: recusals to rule on, experts to approve, the calendar, a first cycle (K7, F1, L2, A1)."""

from __future__ import annotations

from collections.abc import Iterator

from zhiheng.foundation import clock
from zhiheng.process.agenda.grouping import some
from zhiheng.process.agenda.scope import Scope
from zhiheng.process.agenda.todo import Todo, line, todo
from zhiheng.rules.lifecycle import ENDED, Stage
from zhiheng.stages.panel.models import Conflict, Expert

NOVEMBER = 11  # about when the State Council publishes the next year's holidays


def conflicts(scope: Scope) -> Iterator[Todo]:
    """Requests for recusal that nobody has ruled on; nobody rules on their own."""
    rows = Conflict.objects.filter(status="pending", entry__cycle__in=list(scope.cycles)).exclude(
        entry__status__in=[s.value for s in ENDED]
    )
    if scope.entry is not None:
        rows = rows.filter(entry=scope.entry)
    if scope.person is not None:
        rows = rows.exclude(person=scope.person)

    def make(row: Conflict) -> Todo:
        row.entry.cycle = scope.cycles[row.entry.cycle_id]
        return todo("panel.rule_on_conflict", row, row.entry.cycle, f"{line(row.entry)}（{row.get_kind_display()}）")

    rows = rows.select_related("entry").only("kind", "status", "person", "entry__code", "entry__name", "entry__cycle")
    yield from some(scope, rows.order_by("found_at", "pk"), make)


def experts(scope: Scope) -> Iterator[Todo]:
    """Experts proposed for the library."""
    if scope.platform and scope.entry is None:
        for expert in Expert.objects.filter(status="proposed").only("code", "employer", "status").order_by("code"):
            yield todo("panel.approve_expert", expert, None, f"{expert.code} {expert.employer}")


def housekeeping(scope: Scope) -> Iterator[Todo]:
    """The working-day calendar, without which no clock runs, and the first cycle of a new platform."""
    if not scope.platform or scope.entry is not None:
        return
    today = clock.today()
    for year in (today.year, today.year + 1):
        if not scope.days.known.knows(today.replace(year=year, day=1)) and (year == today.year or today.month >= NOVEMBER):
            yield todo("calendar.extend", None, None, f"{year}年放假安排", title=f"录入{year}年工作日历")
    if all(Stage(cycle.stage) == Stage.SUPERVISION for cycle in scope.cycles.values()):
        yield todo("cycle.create", None, None, "当前没有进行中的评审周期")
