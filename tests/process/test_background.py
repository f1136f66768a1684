"""The worker: killed in the middle, its work is done once or visibly failed (X3); it ends with its server; the daily checks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from tests.foundation.conftest import Town, know_the_calendar, run_sql
from tests.foundation.mailing import account, tell
from tests.foundation.smtp import postbox
from zhiheng.foundation import clock
from zhiheng.foundation.administration.people import install
from zhiheng.foundation.cycles.models import DemoClock
from zhiheng.foundation.files.models import StoredFile
from zhiheng.foundation.journal import triggers
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.notifications.models import Delivery
from zhiheng.foundation.notifications.sending import send_again
from zhiheng.process.background import checks, tick, worker
from zhiheng.process.background.worker import MOST_ATTEMPTS, Worker, machine, recover

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


@pytest.fixture
def town(db: None, settings: Any, tmp_path: Path) -> Town:
    """An empty platform at the real time, with a folder of its own."""
    settings.VAR_DIR = tmp_path
    know_the_calendar()
    return Town()


@pytest.fixture
def real_town(transactional_db: None, settings: Any, tmp_path: Path) -> Town:
    """The same, seen by other processes."""
    settings.VAR_DIR = tmp_path
    know_the_calendar()
    return Town()


def until(true: Callable[[], bool]) -> None:
    """Look again and again, at most for PATIENCE seconds."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


@contextmanager
def process(settings: Any, folder: Path, *command: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that works on this test's database and files; ended by its id."""
    database = connection.settings_dict
    address = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        address = f"postgresql://{database['USER']}:{database['PASSWORD']}@{database['HOST'] or 'localhost'}:{database['PORT'] or 5432}/{database['NAME']}"
    known = {**os.environ, "ZHIHENG_DATABASE_URL": address, "ZHIHENG_VAR": str(folder), "ZHIHENG_DEMO": "0", **environment}
    known |= {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": os.pathsep.join(sys.path)}
    with (folder / "process.log").open("ab") as log:
        running = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=known, stdout=log, stderr=log)
        try:
            yield running
        finally:
            running.kill()
            running.wait(PATIENCE)


WORK = ("manage.py", "worker")
DONE: list[str] = []


@task()
def remembering(word: str) -> str:
    """A task of these tests."""
    DONE.append(word)
    return word


@task()
def failing() -> None:
    """A task that cannot be done."""
    raise RuntimeError("不行")


def test_a_turn_does_what_is_queued_and_sends_what_is_due(real_town: Town) -> None:
    DONE.clear()
    person = real_town.person()
    account(person)
    tell(f"person:{person.code}")
    remembering.enqueue("一")
    failing.enqueue()
    one = Worker()
    assert one.turn()
    assert DONE == ["一"]
    assert Delivery.objects.get().state == "sent"
    while one.turn():
        pass
    assert not one.turn()


def test_in_a_demo_the_demo_clock_says_what_is_due(real_town: Town, settings: Any) -> None:
    settings.ZHIHENG_DEMO = True
    person = real_town.person()
    account(person, own="digest")
    evening = clock.at(clock.today(), 20)
    shown = DemoClock.objects.create(now=evening)
    with clock.travel(evening):
        tell(f"person:{person.code}")
    one = Worker()
    one.turn()
    assert Delivery.objects.get().state == "waiting"
    shown.now = evening + timedelta(hours=12)
    shown.save()
    one.turn()
    assert Delivery.objects.get().state == "sent"


def test_a_task_of_a_dead_worker_begins_again_and_not_for_ever(town: Town) -> None:
    DONE.clear()
    dead, elsewhere = f"{machine()}1-dead", "elsewhere/abc:1-alive"
    for ids in ([dead], [dead] * MOST_ATTEMPTS, [elsewhere]):
        result = remembering.enqueue(str(len(ids)))
        DBTaskResult.objects.filter(pk=result.id).update(status="RUNNING", worker_ids=ids, started_at=clock.real())
    assert recover() == 2
    states = {row.args_kwargs["args"][0] + row.worker_ids[0][:4]: row.status for row in DBTaskResult.objects.all()}
    here = machine()[:4]
    assert states == {f"1{here}": "READY", f"{MOST_ATTEMPTS}{here}": "FAILED", "1else": "RUNNING"}
    DBTaskResult.objects.filter(worker_ids=[elsewhere]).update(started_at=clock.real() - worker.LEASE - timedelta(minutes=1))
    assert recover() == 1


def test_killed_while_handing_over_it_is_shown_and_sent_again_by_hand_only(real_town: Town, settings: Any, tmp_path: Path) -> None:
    with postbox() as box:
        settings.EMAIL_PORT = box.port
        box.mode = "hang"
        person = real_town.person()
        account(person)
        tell(f"person:{person.code}")
        env = mail_environment(box.port)
        with process(settings, tmp_path, *WORK, **env) as first:
            assert box.reached.wait(PATIENCE), (tmp_path / "process.log").read_text()
            assert Delivery.objects.get().state == "sending"
            first.kill()
            first.wait(PATIENCE)
        box.mode = "ok"
        box.let_go.set()
        with process(settings, tmp_path, *WORK, **env) as second:
            until(lambda: Delivery.objects.get().state == "failed")
            assert box.raw == []
            assert send_again(Delivery.objects.get())
            until(lambda: Delivery.objects.get().state == "sent")
            second.terminate()
            assert second.wait(PATIENCE) == 0
        assert len(box.raw) == 1


def test_killed_in_a_task_it_is_done_by_the_next(real_town: Town, settings: Any, tmp_path: Path) -> None:
    person = real_town.person()
    account(person)
    rows = tell(f"person:{person.code}")
    dead = f"{machine()}999999-dead"
    DBTaskResult.objects.update(status="RUNNING", worker_ids=[dead], started_at=clock.real())
    with process(settings, tmp_path, *WORK, "--once", **mail_environment(1)) as once:
        assert once.wait(PATIENCE) == 0, (tmp_path / "process.log").read_text()
    assert DBTaskResult.objects.filter(status="RUNNING").count() == 1, "--once gives nothing back: another worker may be at it"
    with process(settings, tmp_path, *WORK, **mail_environment(1)):
        until(lambda: Delivery.objects.filter(items__notification=rows[0].pk).exists())
        until(lambda: Delivery.objects.get().error != "")
    assert Delivery.objects.get().state == "waiting"


def mail_environment(port: int) -> dict[str, str]:
    """A mail server on this loopback port."""
    return {"ZHIHENG_EMAIL_URL": f"smtp://127.0.0.1:{port}/?plain=1"}


def test_one_worker_at_a_time_on_a_machine_and_the_next_takes_over(real_town: Town, settings: Any, tmp_path: Path) -> None:
    with process(settings, tmp_path, *WORK) as first, process(settings, tmp_path, *WORK) as second:
        remembering.enqueue("一")
        until(lambda: DBTaskResult.objects.filter(task_path__contains="remembering", status="SUCCESSFUL").count() == 1)
        who = DBTaskResult.objects.get(task_path__contains="remembering").worker_ids[0]
        pids = {str(p.pid): p for p in (first, second)}
        working = pids.pop(who.removeprefix(machine()).split("-")[0])
        (other,) = pids.values()
        working.kill()
        working.wait(PATIENCE)
        remembering.enqueue("二")
        until(lambda: DBTaskResult.objects.filter(task_path__contains="remembering", status="SUCCESSFUL").count() == 2)
        other.terminate()
        assert other.wait(PATIENCE) == 0


def test_a_worker_that_dies_is_started_again_and_ends_with_who_started_it(real_town: Town, settings: Any, tmp_path: Path) -> None:
    with process(settings, tmp_path, "-m", "config.companion") as companion:
        until(lambda: bool(children(companion.pid)))
        (child,) = children(companion.pid)
        os.kill(child, signal.SIGKILL)
        until(lambda: children(companion.pid) not in ([], [child]))
        (fresh,) = children(companion.pid)
        remembering.enqueue("一")
        until(lambda: DBTaskResult.objects.filter(task_path__contains="remembering", status="SUCCESSFUL").exists())
        companion.kill()  # not even time to say so
        companion.wait(PATIENCE)
        until(lambda: not alive(fresh))


def test_told_to_stop_the_companion_stops_its_worker(real_town: Town, settings: Any, tmp_path: Path) -> None:
    with process(settings, tmp_path, "-m", "config.companion") as companion:
        until(lambda: bool(children(companion.pid)))
        (child,) = children(companion.pid)
        companion.terminate()
        assert companion.wait(PATIENCE) == 0
        assert not alive(child)


def children(pid: int) -> list[int]:
    """The processes that this one started and that live."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in path.read_text().split() if alive(int(one))] if path.exists() else []


def alive(pid: int) -> bool:
    """Whether the process is there and not only its name."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_while_the_database_is_away_the_worker_waits(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "AFTER_TROUBLE", 0.01)
    one = Worker()
    turns = iter([OperationalError("away"), OperationalError("away"), None])

    def turn() -> bool:
        found = next(turns)
        if found is not None:
            raise found
        one.stop()
        return True

    monkeypatch.setattr(one, "turn", turn)
    monkeypatch.setattr(worker.connections, "close_all", lambda: None)  # the test's own connection
    one.run()
    assert list(turns) == []


def test_the_journal_is_checked_once_a_day(real_town: Town) -> None:
    checks.ask_when_due()
    checks.ask_when_due()
    assert DBTaskResult.objects.count() == 2
    while Worker().turn():
        pass
    checks.ask_when_due()
    assert DBTaskResult.objects.count() == 2
    found = checks.last("journal")
    assert found is not None
    assert found.return_value == {"chains": 0, "entries": 0, "faults": 0, "shown": []}
    DBTaskResult.objects.update(enqueued_at=clock.real() - timedelta(days=1, seconds=1))
    checks.ask_when_due()
    assert DBTaskResult.objects.count() == 4


def test_asking_twice_checks_once(town: Town) -> None:
    assert checks.ask("files")
    assert not checks.ask("files")
    assert checks.ask("journal")
    assert DBTaskResult.objects.count() == 2


def test_a_changed_entry_and_a_lost_file_are_found_without_naming_anything(real_town: Town, settings: Any) -> None:
    install("王管理")
    for sql in triggers.drops(connection.vendor, triggers.JOURNAL):
        run_sql(sql)
    run_sql("UPDATE journal_journalentry SET role = 'office'")
    StoredFile.objects.create(
        owner="entry:2026-O-0001",
        name="金丝雀公司.pdf",
        kind="pdf",
        mime="x",
        size=1,
        sha256="0" * 64,
        content="00/00",
        stored_at=clock.now(),
    )
    for name in checks.CHECKS:
        checks.ask(name)
    while Worker().turn():
        pass
    journal, files = checks.last("journal"), checks.last("files")
    assert journal is not None
    assert files is not None
    assert journal.return_value == {"chains": 1, "entries": 1, "faults": 1, "shown": ["platform 第 1 条：检索列与记录内容不符，已被改动"]}
    key = StoredFile.objects.get().pk
    assert files.return_value == {"files": 1, "faults": 1, "shown": [f"{key}：已丢失"]}
    assert JournalEntry.objects.count() == 1


def test_records_of_done_tasks_are_kept_for_a_month_and_of_failed_ones_until_seen(town: Town) -> None:
    old = clock.real() - tick.KEPT - timedelta(days=1)
    for status in ("SUCCESSFUL", "FAILED"):
        for finished in (old, clock.real()):
            result = remembering.enqueue("x")
            DBTaskResult.objects.filter(pk=result.id).update(status=status, finished_at=finished)
    tick.forget()
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "FAILED", "SUCCESSFUL"]
