"""What the worker looks at by itself. It sends and checks what is due; no period is closed and no act done by it: those are people's."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta

from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from zhiheng.foundation import clock
from zhiheng.foundation.notifications.models import Channel
from zhiheng.foundation.notifications.sending import Pass
from zhiheng.process.background import checks

#: Seconds until a way that was found shut is tried again, and until messages that were put off are.
SHUT_FOR = 30
AGAIN_EVERY = 300
LOOK_EVERY = 600  # for what is due by the day
KEPT = timedelta(days=30)  # finished tasks


@dataclass
class Tick:
    """Remembers between looks when to look again, by the machine's steady clock. `quick` (tests) waits for nothing."""

    worker: str
    quick: bool = False
    _shut: dict[Channel, float] = field(default_factory=dict)
    _again: float = 0.0
    _looked: float = 0.0

    def __call__(self) -> int:
        """Send what is due and queue the daily checks when they are; returns how many messages went out."""
        now = time.monotonic()
        self._shut = {channel: until for channel, until in self._shut.items() if until > now}
        again = now >= self._again
        done = Pass(self.worker, again=again, shut=set(self._shut)).run()
        if again:
            self._again = now + (0 if self.quick else AGAIN_EVERY)
        for channel in done.shut - self._shut.keys():
            self._shut[channel] = now + (0 if self.quick else SHUT_FOR)
        if now >= self._looked:
            self._looked = now + LOOK_EVERY
            checks.ask_when_due()
            forget()
        return done.sent


def forget() -> None:
    """Remove the records of tasks that were done well long ago; what failed stays until somebody has seen to it."""
    done = DBTaskResult.objects.filter(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=clock.real() - KEPT)
    done.delete()
