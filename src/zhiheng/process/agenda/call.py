"""What the call waits for: plan, approval, issue (C1, A1)."""

from __future__ import annotations

from collections.abc import Iterator

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process.agenda.scope import Scope
from zhiheng.process.agenda.todo import Todo, todo
from zhiheng.stages.call.models import Plan
from zhiheng.stages.call.selectors import in_force


def todos(scope: Scope) -> Iterator[Todo]:
    """For each cycle at its call the one next act."""
    plans = {plan.cycle_id: plan for plan in Plan.objects.filter(cycle__in=list(scope.cycles)).defer("text")}
    for pk, cycle in scope.cycles.items():
        yield from _next(cycle, plans.get(pk))


def _next(cycle: Cycle, plan: Plan | None) -> Iterator[Todo]:
    if plan is None:
        yield todo("call.draft_plan", cycle, cycle, cycle.title)
    elif plan.approved_at is None:
        yield todo("call.approve_plan", cycle, cycle, cycle.title, until=plan.opens_on, term=True)
    elif outdated := _outdated(cycle, plan):
        yield todo("call.draft_plan", cycle, cycle, f"{cycle.title}：{outdated}", title="重新拟订评选方案")
        yield todo("call.issue", cycle, cycle, cycle.title, blocked=f"{outdated}，请重新拟订方案并报审")
    else:
        yield todo("call.issue", cycle, cycle, cycle.title, until=plan.opens_on, term=True)


def _outdated(cycle: Cycle, plan: Plan) -> str:
    """Why the approved plan no longer carries a call; empty while it does."""
    if plan.deadline <= clock.now():
        return "方案所定申报截止时间已过"
    rules = in_force(rules_of(cycle).id, clock.today())
    return f"新的规则包 {rules} 已经施行" if rules is not None and rules.pk != cycle.pack_id else ""
