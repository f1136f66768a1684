"""Daily looks at what must never change: the journal's chains and the stored files (X12). Their results are kept with the queue."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django_tasks import task
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet

from zhiheng.foundation import clock
from zhiheng.foundation.files.models import StoredFile
from zhiheng.foundation.files.services import damaged
from zhiheng.foundation.journal import services as journal
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.publicity.models import Notice

MOST_SHOWN = 20
EVERY = timedelta(days=1)
OPEN = (TaskResultStatus.READY, TaskResultStatus.RUNNING)


@task(priority=-10)
def verify_journal() -> dict[str, Any]:
    """Every chain, with the heads that notices have published: {chains, entries, faults, shown: [text]}."""
    published = list(Notice.objects.values_list("journal_head", flat=True))
    chains = journal.chains(published)
    faults = [fault for chain in chains for fault in journal.verify(chain, published)]
    shown = [f"{fault.chain} 第 {fault.seq} 条：{fault.text}" for fault in faults[:MOST_SHOWN]]
    return {"chains": len(chains), "entries": JournalEntry.objects.count(), "faults": len(faults), "shown": shown}


@task(priority=-10)
def verify_files() -> dict[str, Any]:
    """Every stored file against its digest: {files, faults, shown: [key and what is wrong]}. Keys, not names: administrators read it."""
    faults = [f"{row.pk}：{fault}" for row, fault in damaged()]
    return {"files": StoredFile.objects.count(), "faults": len(faults), "shown": faults[:MOST_SHOWN]}


CHECKS: dict[str, Task[[], dict[str, Any]]] = {"journal": verify_journal, "files": verify_files}


def last(name: str) -> DBTaskResult[[], dict[str, Any]] | None:
    """The newest finished run of a check: its `return_value` and `finished_at`; None if there was none yet."""
    return _runs(name).successful().order_by("-finished_at").first()


def ask(name: str) -> bool:
    """Queue a check; False when one is waiting or running already."""
    if _runs(name).filter(status__in=OPEN).exists():
        return False
    CHECKS[name].enqueue()
    return True


def ask_when_due() -> None:
    """Queue each check that was not asked for within a day, whatever became of it then."""
    for name in CHECKS:
        if not _runs(name).filter(enqueued_at__gt=clock.real() - EVERY).exists():
            ask(name)


def _runs(name: str) -> DBTaskResultQuerySet:
    return DBTaskResult.objects.filter(task_path=CHECKS[name].module_path)
