"""A receipt is given only when its act is on the disk, though the commit itself does not wait for it (X4, L3)."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.foundation.conftest import Declare, Town, found_unit
from zhiheng.foundation.acts import Refused
from zhiheng.foundation.acts.durable import recorded
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.rules.decision import no
from zhiheng.rules.lifecycle import Role

POSTGRESQL = pytest.mark.skipif("connection.vendor != 'postgresql'")
pytestmark = pytest.mark.duty("L3")


def asked(what: Any) -> list[str]:
    """The statements that say when a commit waits, in order; COMMIT among them."""
    found = [query["sql"] for query in what.captured_queries]
    return [sql for sql in found if "synchronous_commit" in sql or "emit_message" in sql or sql == "COMMIT"]


LATER, FLUSH = "SET LOCAL synchronous_commit TO off", "SELECT pg_logical_emit_message(true, 'act', '')"


@POSTGRESQL
@pytest.mark.django_db(transaction=True)
def test_the_commit_is_followed_by_one_that_waits(town: Town, declare: Declare) -> None:
    act, cycle, acting = declare(found_unit), town.cycle(), town.acting(Role.OFFICE)
    with CaptureQueriesContext(connection) as what:
        act(acting, cycle)
    assert asked(what) == [LATER, "COMMIT", FLUSH]


@POSTGRESQL
@pytest.mark.django_db(transaction=True)
def test_what_is_on_the_disk_reaches_beyond_the_act(town: Town, declare: Declare) -> None:
    act, cycle, acting = declare(found_unit), town.cycle(), town.acting(Role.OFFICE)
    seen: list[str] = []

    def after_the_commit() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
            seen.append(cursor.fetchone()[0])

    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO on")  # as in service; the tests' own connections do without
        try:
            with recorded():
                transaction.on_commit(after_the_commit)
                act(acting, cycle)
            cursor.execute("SELECT pg_current_wal_flush_lsn() >= %s::pg_lsn", seen)
            assert cursor.fetchone() == (True,)
        finally:
            cursor.execute("SET synchronous_commit TO off")
    assert JournalEntry.objects.count() == 1


@POSTGRESQL
@pytest.mark.django_db(transaction=True)
def test_an_act_within_a_larger_transaction_waits_with_it(town: Town, declare: Declare) -> None:
    act, cycle, acting = declare(found_unit), town.cycle(), town.acting(Role.OFFICE)
    with CaptureQueriesContext(connection) as what, transaction.atomic():
        act(acting, cycle)
    assert asked(what) == ["COMMIT"]


@POSTGRESQL
@pytest.mark.django_db(transaction=True)
def test_a_refusal_waits_as_ever(town: Town, declare: Declare) -> None:
    def refusing(acting: Any, subject: Any) -> Any:
        raise Refused(no("不予办理", article="四", duty="L1"))

    act, cycle, acting = declare(refusing), town.cycle(), town.acting(Role.OFFICE)
    with CaptureQueriesContext(connection) as what, pytest.raises(Refused):
        act(acting, cycle)
    assert asked(what) == [LATER, "COMMIT"]
    assert JournalEntry.objects.get().kind == "refusal"


@pytest.mark.skipif("connection.vendor == 'postgresql'")
@pytest.mark.django_db(transaction=True)
def test_elsewhere_a_commit_is_a_commit(town: Town, declare: Declare) -> None:
    act, cycle, acting = declare(found_unit), town.cycle(), town.acting(Role.OFFICE)
    with CaptureQueriesContext(connection) as what:
        act(acting, cycle)
    assert [sql for sql in asked(what) if sql != "COMMIT"] == []
