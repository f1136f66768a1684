"""What the nomination waits for: bonus grounds, final scores, candidates, report (H1–H3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db.models import QuerySet

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process.agenda.grouping import some
from zhiheng.process.agenda.scope import Scope
from zhiheng.process.agenda.todo import Todo, line, todo
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.stages.application.models import BonusClaim
from zhiheng.stages.nomination.models import CandidateList
from zhiheng.stages.panel.models import Conflict, Seat
from zhiheng.stages.review.models import Handover
from zhiheng.stages.survey.models import Poll

STAGE = Stage.NOMINATION


def todos(scope: Scope) -> Iterator[Todo]:
    """Claims one by one, then the next act of the cycle as a whole."""
    claims = BonusClaim.objects.filter(verified=None, entry__status__in=scope.entering(STAGE), entry__cycle__in=list(scope.cycles))
    yield from _claims(scope, claims)
    if not scope.wants(Role.OFFICE):
        return
    incoming = scope.tally(STAGE)
    unscored = scope.tally(STAGE, finals=None)
    unchecked = Counter(claims.values_list("entry__cycle", flat=True))
    polls = Poll.objects.filter(cycle__in=list(scope.cycles), closed_at__isnull=False, score=None, entry__status__in=scope.entering(STAGE))
    undecided = Counter(polls.values_list("cycle", flat=True))
    handed = set(Handover.objects.filter(cycle__in=list(scope.cycles), round="site").values_list("cycle", flat=True))
    rows = CandidateList.objects.filter(cycle__in=list(scope.cycles)).order_by("version")
    lists = dict(rows.values_list("cycle", "submitted_at"))
    for pk, cycle in scope.cycles.items():
        if not incoming.get(pk):
            continue
        if unscored.get(pk):
            waits = [f"尚有 {unchecked[pk]} 项加分事由未核实"] if unchecked[pk] else []
            waits += [f"{undecided[pk]} 项公众满意度测评样本不足，尚未作出处理决定"] if undecided[pk] else []
            visited = Stage.SITE_VISIT not in rules_of(cycle).line or pk in handed
            waits += [] if visited else ["相关机构尚未提交现场评审汇总"]
            yield _cycle("nomination.compute_finals", cycle, "；".join(waits))
        elif pk not in lists:
            yield _cycle("nomination.settle_candidates", cycle)
        elif lists[pk] is None:
            yield _cycle("nomination.submit_report", cycle)


def _cycle(act: str, cycle: Cycle, blocked: str = "") -> Todo:
    return todo(act, cycle, cycle, cycle.title, blocked=blocked)


def _claims(scope: Scope, rows: QuerySet[BonusClaim]) -> Iterator[Todo]:
    """Grounds that nobody has examined; whoever has an interest in the entry, or judged it, leaves them to others (Q9)."""
    if scope.entry is not None:
        rows = rows.filter(entry=scope.entry)
    if scope.person is not None:
        rows = rows.exclude(entry__in=Conflict.objects.filter(person=scope.person, status="standing").values("entry"))
        rows = rows.exclude(entry__panels__in=Seat.objects.filter(expert__person=scope.person).values("panel"))

    def make(claim: BonusClaim) -> Todo:
        entry = claim.entry
        entry.cycle = scope.cycles[entry.cycle_id]
        titles = {kind.code: kind.title for kind in rules_of(entry.cycle).award(entry.award).bonus.kinds}
        return todo("nomination.check_bonus", claim, entry.cycle, f"{line(entry)}：{titles.get(claim.kind, claim.kind)}")

    columns = ("kind", "verified", "entry__code", "entry__name", "entry__award", "entry__cycle")
    yield from some(scope, rows.select_related("entry").only(*columns).order_by("entry__code", "pk"), make)
