"""The line of stages of a cycle, from the rules that are pinned to it (A1, L1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from zhiheng.faces.public.selectors import Shown
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.rules.lifecycle import Stage


class Progress(StrEnum):
    """Where a stage stands."""

    DONE = "done"
    CURRENT = "current"
    AHEAD = "ahead"


TITLES = {Progress.DONE: _("已完成"), Progress.CURRENT: _("进行中"), Progress.AHEAD: _("尚未开始")}


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the line with its notices, if they were asked for."""

    number: int
    code: str
    title: str
    article: str
    progress: Progress
    notices: list[Shown] = field(default_factory=list)

    @property
    def state(self) -> str:
        """The progress in words."""
        return str(TITLES[self.progress])


def line_of(cycle: Cycle, shown: Iterable[Shown] = ()) -> list[Step]:
    """The stages in order; each gets the notices of its kind."""
    notices = list(shown)
    stages = rules_of(cycle).stages
    codes = [stage.code for stage in stages]
    here = codes.index(Stage(cycle.stage)) if cycle.stage in codes else len(codes)
    steps = []
    for n, stage in enumerate(stages):
        progress = Progress.DONE if n < here else Progress.CURRENT if n == here else Progress.AHEAD
        mine = [one for one in notices if one.kind.stage == stage.code]
        steps.append(Step(n + 1, stage.code.value, stage.title, stage.article, progress, mine))
    return steps


def unplaced(steps: Iterable[Step], shown: Iterable[Shown]) -> list[Shown]:
    """Notices of a kind, or of a stage, that the line does not have: none may fall off the page."""
    placed = {one.notice.pk for step in steps for one in step.notices}
    return [one for one in shown if one.notice.pk not in placed]
