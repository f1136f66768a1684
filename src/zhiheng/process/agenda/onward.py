"""Going on to the next stage, or why not yet (L1)."""

from __future__ import annotations

from collections.abc import Iterator

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process.agenda.scope import Scope
from zhiheng.process.agenda.todo import Todo, todo
from zhiheng.process.gates import unfinished
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.lifecycle import STAGE_TITLES, Stage, next_stage


def todos(scope: Scope) -> Iterator[Todo]:
    """For each cycle that runs. The gates are asked cycle by cycle: one runs at a time, seldom two."""
    for cycle in scope.cycles.values():
        stage = Stage(cycle.stage)
        following = next_stage(rules_of(cycle).line, stage)
        if following is None:
            continue
        until, why = None, "；".join(reason.text for reason in unfinished(cycle))
        if stage == Stage.APPLICATION and cycle.deadline and clock.now() < cycle.deadline:
            local = cycle.deadline.astimezone(clock.SHANGHAI)
            until, why = local.date(), f"申报至{chinese_date(local.date())}{local:%H:%M}截止"
        what = f"{cycle.title}：由“{STAGE_TITLES[stage]}”转入“{STAGE_TITLES[following]}”"
        yield todo("cycle.advance", cycle, cycle, what, title=f"进入“{STAGE_TITLES[following]}”阶段", until=until, blocked=why)
