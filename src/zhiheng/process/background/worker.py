"""The worker: takes tasks from the queue and ticks, one thing after another, until told to stop or until its server is gone.

A task may be begun twice: who was killed in it is recognised and it is begun again, up to three times. Tasks are therefore written so that
doing them twice changes nothing; what cannot be so (handing a mail over) has its own record (`foundation/notifications/sending`).
"""

from __future__ import annotations

import fcntl
import os
import platform
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as Queue
from django_tasks_db.models import DBTaskResult

from zhiheng.foundation import clock, entropy
from zhiheng.foundation.canonical import digest_of
from zhiheng.foundation.cycles.selectors import demo_moment
from zhiheng.foundation.notifications import sending
from zhiheng.process.background.tick import Tick

IDLE = 1.0  # seconds between looks into an empty queue
AFTER_TROUBLE = 2.0  # … and when the database is away
AT_ONCE = 20  # tasks before the next look around
MOST_ATTEMPTS = 3
LEASE = timedelta(minutes=30)  # a worker of another machine that is silent this long within a task is dead
log = structlog.get_logger(__name__)


def machine() -> str:
    """What the names of this installation's workers on this machine begin with."""
    return f"{platform.node()[:40]}/{digest_of(str(settings.VAR_DIR))[:6]}:"


class Worker:
    """One worker. alive: asked again and again; when it says no, the worker ends as if told to stop."""

    def __init__(self, alive: Callable[[], bool] = lambda: True) -> None:
        self.name = f"{machine()}{os.getpid()}-{entropy.token(3)}"
        self.alive = alive
        self.tick = Tick(self.name)
        self._stopped = threading.Event()
        self._queue: Queue | None = None

    def stop(self) -> None:
        """End after the task in hand."""
        self._stopped.set()
        if self._queue is not None:
            self._queue.running = False

    def run(self) -> None:
        """Work until stopped. While another worker of this installation works on this machine, wait in case it ends."""
        with _only_one(settings.VAR_DIR / "worker.lock", self._waits) as mine:
            if not mine:
                return
            fresh = True
            while self.goes_on():
                try:
                    if fresh:
                        recover()
                    fresh = False
                    busy = self.turn()
                except (OperationalError, InterfaceError) as error:
                    log.warning("the worker waits for the database", error=str(error))
                    connections.close_all()
                    self._stopped.wait(AFTER_TROUBLE)
                else:
                    if not busy:
                        self._stopped.wait(IDLE)

    def turn(self) -> bool:
        """Do what waits now, at the time that everybody sees; returns whether there was anything."""
        close_old_connections()
        with clock.travel(demo_moment()):
            ran = self._tasks()  # what they make ready goes out in the same turn
            sent = self.tick()
        close_old_connections()
        return ran or bool(sent)

    def goes_on(self) -> bool:
        """Whether to go on: not told to stop, and the server is still there."""
        return not self._stopped.is_set() and self.alive()

    def _waits(self) -> bool:
        self._stopped.wait(IDLE)
        return self.goes_on()

    def _tasks(self) -> bool:
        if not DBTaskResult.objects.ready().exists():  # an empty queue is looked into without locking anything
            return False
        self._queue = Queue(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=AT_ONCE,
            worker_id=self.name,
        )
        if self._stopped.is_set():  # the signal came before there was a queue to tell
            return False
        self._queue.run()
        return True


def recover() -> int:
    """Give back what dead workers left behind; returns how many tasks. Called by the only worker of this machine before it begins."""
    sending.recover(machine())
    found = 0
    for row in DBTaskResult.objects.running():
        ours = bool(row.worker_ids) and row.worker_ids[-1].startswith(machine())
        if ours or (row.started_at is not None and row.started_at < clock.real() - LEASE):
            found += 1
            if len(row.worker_ids) >= MOST_ATTEMPTS:
                row.set_failed(RuntimeError("the worker died in this task again and again"))
            else:
                DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING).update(status=TaskResultStatus.READY)
    if found:
        log.warning("tasks of a dead worker begin again", tasks=found)
    return found


@contextmanager
def _only_one(file: Path, wait: Callable[[], bool]) -> Iterator[bool]:
    """Within the block this process alone holds the file; False when `wait` gave up. The system frees it when the process dies."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as handle:
        mine = False
        while not mine:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                mine = True
            except BlockingIOError:
                if not wait():
                    break
        yield mine
