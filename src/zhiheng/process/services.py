"""Moving a cycle to its next stage (L1)."""

from __future__ import annotations

from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.cycles.services import move
from zhiheng.process.gates import unfinished
from zhiheng.rules.decision import no
from zhiheng.rules.lifecycle import STAGE_TITLES, Role, Stage, may_leave, next_stage


@act("cycle.advance", "进入下一阶段", duty="L1", article="四", roles=[Role.OFFICE])
def advance(acting: Acting, cycle: Cycle) -> Outcome:
    """Go on to the pack's next stage, once nothing of the present one is unfinished."""
    stage = Stage(cycle.stage)
    following = next_stage(rules_of(cycle).line, stage)
    if following is None:
        return Outcome(no("本周期已处于最后阶段", article="四", duty="L1"))
    decision = may_leave(stage, unfinished(cycle))
    if decision.ok:
        move(cycle, following)
    tell = [To("role:office", "评审周期进入下一阶段", f"{cycle.title}进入{STAGE_TITLES[following]}阶段")]
    return Outcome(decision, {"from": stage, "to": following}, value=following, tell=tell)
