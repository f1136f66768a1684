"""What waits beside the line: recusals to rule on, experts to approve, the calendar, a first cycle (K7, F1, L2, A1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from zhiheng.foundation import clock
from zhiheng.foundation.packs.selectors import newest
from zhiheng.process.agenda.grouping import some
from zhiheng.process.agenda.scope import Scope
from zhiheng.process.agenda.todo import Todo, line, todo
from zhiheng.rules.fitness import Standing, confirm_by
from zhiheng.rules.lifecycle import ENDED, Role, Stage
from zhiheng.stages.panel.models import Conflict, Expert, Revision

AHEAD = timedelta(days=30)  # an expert is told of the confirmation
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


def revisions(scope: Scope) -> Iterator[Todo]:
    """Changes that experts ask for; nobody rules on their own."""
    if scope.platform and scope.entry is None:
        rows = Revision.objects.filter(status="pending").exclude(expert__person=scope.person).select_related("expert")
        for row in rows.only("expert__code", "expert__employer", "asked_at").order_by("asked_at", "pk"):
            yield todo("panel.rule_on_revision", row, None, f"{row.expert.code} {row.expert.employer}")


def confirmation(scope: Scope) -> Iterator[Todo]:
    """The acting expert's own record, from a month before its confirmation lapses; after that they are not drawn (Q36)."""
    pack = newest() if scope.role == Role.EXPERT and scope.entry is None else None
    mine = Expert.objects.filter(person=scope.person, status="active").first() if pack else None
    if pack is None or mine is None:
        return
    by = confirm_by(Standing(mine.status, approved_on=mine.approved_on, confirmed_on=mine.confirmed_on), pack.parameters)
    if by is not None and by <= clock.today() + AHEAD:
        until = by if by > date.min else clock.today()
        yield todo("panel.confirm_profile", mine, None, "逾期未确认的，不参加抽取", until=until, term=True)


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
