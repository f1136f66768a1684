"""The line of stages as one entry has gone through it, with dates (L1)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from zhiheng.foundation.acts.permission import ref
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.process.parts.sight import Sight
from zhiheng.rules.lifecycle import FAIL, PASS, EntryStatus, Stage
from zhiheng.stages.recommendation.models import Recommendation


@dataclass(frozen=True, slots=True)
class Step:
    """One stage: state is done, current, ended (here the entry ended), ahead, or off (it no longer goes there). on: when it was done or
    ended, or since when it runs; None where it is not known or not begun."""

    number: int
    code: Stage
    title: str
    article: str
    state: str
    on: datetime | None


def stages(sight: Sight) -> list[Step]:
    """The stages from the application on, in the pack's order. Two queries."""
    rules = [stage for stage in sight.pack.stages if stage.code != Stage.CALL]
    line = [stage.code for stage in rules]
    done, ended = _place(sight, line)
    left, began = _moves(sight.entry.cycle)
    own = {Stage.APPLICATION: sight.entry.submitted_at}
    if Stage.RECOMMENDATION in line:
        own[Stage.RECOMMENDATION] = Recommendation.objects.filter(entry=sight.entry).values_list("concluded_at", flat=True).first()
    found = []
    for at, stage in enumerate(rules):
        state = _state(at, done, ended)
        finished = own.get(stage.code) or left.get(stage.code)
        on = finished if state in ("done", "ended") else began.get(stage.code) if state == "current" else None
        found.append(Step(at + 1, stage.code, stage.title, stage.article, state, on))
    return found


def _state(at: int, done: int, ended: int | None) -> str:
    if at <= done:
        return "done"
    if ended is not None:
        return "ended" if at == ended else "off"
    return "current" if at == done + 1 else "ahead"


def _place(sight: Sight, line: list[Stage]) -> tuple[int, int | None]:
    """The last stage that the entry passed (-1: none), and the one at which it ended."""
    status = sight.status
    if status == EntryStatus.WITHDRAWN:
        return (0, 1) if sight.entry.submitted_at else (-1, 0)
    if status == EntryStatus.REVOKED:
        return line.index(Stage.SUPERVISION) - 1, line.index(Stage.SUPERVISION)
    for stage, passed in PASS.items():
        if status == passed:
            return line.index(stage), None
    for stage, failed in FAIL.items():
        if status == failed:
            return line.index(stage) - 1, line.index(stage)
    return -1, None


def _moves(cycle: Cycle) -> tuple[dict[Stage, datetime], dict[Stage, datetime]]:
    """When the cycle left and began each stage, as the journal has it."""
    rows = JournalEntry.objects.filter(subject=ref(cycle), act__in=("call.issue", "cycle.advance"), kind="act")
    left: dict[Stage, datetime] = {}
    began: dict[Stage, datetime] = {}
    for act, at, body in rows.order_by("at", "seq").values_list("act", "at", "body"):
        if act == "call.issue":
            began[Stage.APPLICATION] = at
            continue
        payload = json.loads(body)["payload"]
        left[Stage(payload["from"])] = began[Stage(payload["to"])] = at
    return left, began
