"""The line of a cycle's stages with the day on which each began, as the journal has it (L1, L3)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from zhiheng.foundation import clock
from zhiheng.foundation.acts.permission import ref
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.rules.lifecycle import Stage

_BEGINS = ("cycle.create", "call.issue", "cycle.advance")


@dataclass(frozen=True, slots=True)
class Step:
    """One stage. state: done, current or ahead; began: when the cycle entered it, None where the journal does not say."""

    number: int
    code: str
    title: str
    article: str
    state: str
    began: datetime | None


def line(cycle: Cycle) -> list[Step]:
    """The stages in the order of the cycle's own rules. One query."""
    stages = rules_of(cycle).stages
    codes = [stage.code for stage in stages]
    here = codes.index(Stage(cycle.stage))
    began = _begun(cycle, codes)
    return [
        Step(number + 1, stage.code.value, stage.title, stage.article, _state(number, here), began.get(stage.code))
        for number, stage in enumerate(stages)
    ]


def _state(number: int, here: int) -> str:
    return "done" if number < here else "current" if number == here else "ahead"


def _begun(cycle: Cycle, codes: list[Stage]) -> dict[Stage, datetime]:
    rows = (
        JournalEntry.objects.filter(subject=ref(cycle), act__in=_BEGINS, kind="act").order_by("at", "seq").values_list("act", "at", "body")
    )
    found: dict[Stage, datetime] = {}
    for act, at, body in rows:
        if act == "cycle.create":
            stage = codes[0]
        elif act == "call.issue":
            stage = codes[1] if codes[0] == Stage.CALL else codes[0]
        else:
            stage = Stage(json.loads(body)["payload"]["to"])
        found.setdefault(stage, clock.local(at))
    return found
