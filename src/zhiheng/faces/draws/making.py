"""How far the lottery is: being made, ready, impossible, or waiting for a worker who does not come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from zhiheng.foundation import clock
from zhiheng.stages.panel.lotteries import prepare
from zhiheng.stages.panel.models import Draw, Lottery

LATE = timedelta(seconds=30)  # a task that waits longer: nobody works, or on something else
LATEST = 20  # tasks looked at, the last ones first


@dataclass(frozen=True, slots=True)
class Making:
    """state: ready, impossible, making, queued, failed or idle. done, of: tickets."""

    state: str
    done: int = 0
    of: int = 0
    refusals: tuple[str, ...] = ()


def making(draw: Draw, lottery: Lottery | None, tickets: int) -> Making:
    """How far it is, for a lottery that is not published. Two queries."""
    if lottery is not None and lottery.refusals:
        return Making("impossible", refusals=tuple(lottery.refusals))
    done = lottery.ready if lottery else 0
    if lottery is not None and Lottery.objects.filter(pk=lottery.pk, content__isnull=False).exists():
        return Making("ready", tickets, tickets)
    return Making(_state(draw), done, tickets)


def _state(draw: Draw) -> str:
    tasks = DBTaskResult.objects.filter(task_path=prepare.module_path).order_by("-enqueued_at")[:LATEST]
    task = next((one for one in tasks if one.args_kwargs["args"] == [draw.pk]), None)
    if task is None:
        return "idle"
    if task.status == TaskResultStatus.RUNNING:
        return "making"
    if task.status == TaskResultStatus.READY:
        return "idle" if clock.real() - task.enqueued_at > LATE else "queued"
    return "failed"
