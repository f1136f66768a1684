"""The journal: a chain that grows, and a check that names every change made to it (L3, T15, X12)."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from tests.foundation.conftest import NOW, Town, run_sql
from zhiheng.foundation.canonical import digest
from zhiheng.foundation.journal import services as journal
from zhiheng.foundation.journal import triggers
from zhiheng.foundation.journal.models import JournalEntry, JournalHead

pytestmark = pytest.mark.duty("L3")
CHAIN = "cycle:2026"


def write(number: int, chain: str = CHAIN, at: datetime = NOW, **payload: Any) -> JournalEntry:
    record = journal.Record(
        chain, "act", "test.act", ("L3",), ("四",), f"p-{number}", "office", "office", f"entry:{number}", payload or {"n": number}, at
    )
    with transaction.atomic():
        return journal.append(record)


def texts(chain: str = CHAIN, published: tuple[str, ...] = ()) -> list[tuple[int, str]]:
    return [(fault.seq, fault.text) for fault in journal.verify(chain, published)]


@pytest.fixture
def four(db: None) -> list[JournalEntry]:
    """Four entries, with the triggers taken away: what only the database's owner can do."""
    entries = [write(n) for n in range(1, 5)]
    for sql in triggers.drops(connection.vendor, triggers.JOURNAL):
        run_sql(sql)
    return entries


TABLE = triggers.JOURNAL
EDITED = "记录内容与其摘要不符，已被改动"
BROKEN = "与上一条记录的链接断开，记录被增删或改动"
COLUMNS = "检索列与记录内容不符，已被改动"
UNREADABLE = "记录内容无法读取，已被改动"


def test_a_chain_grows_from_zero(db: None) -> None:
    assert journal.head_of(CHAIN) == f"{CHAIN}#0#{'0' * 64}"
    first, second = write(1), write(2)
    assert [first.seq, second.seq] == [1, 2]
    assert json.loads(first.body) == {
        "chain": CHAIN,
        "seq": 1,
        "at": "2026-03-02T09:00:00+08:00",
        "kind": "act",
        "act": "test.act",
        "duties": ["L3"],
        "articles": ["四"],
        "actor": "p-1",
        "role": "office",
        "unit": "office",
        "subject": "entry:1",
        "payload": {"n": 1},
        "request": "",
        "alg": "sha256",
        "prev": "0" * 64,
    }
    assert first.hash == digest(first.body.encode())
    assert json.loads(second.body)["prev"] == first.hash
    assert journal.head_of(CHAIN) == f"{CHAIN}#2#{second.hash}"
    assert journal.verify(CHAIN) == []


def test_chains_do_not_touch_each_other(db: None) -> None:
    write(1), write(2, "cycle:2028"), write(3)
    other = write(4, "cycle:2028")
    assert (other.seq, journal.head_of("cycle:2028")) == (2, f"cycle:2028#2#{other.hash}")
    assert journal.verify(CHAIN) == journal.verify("cycle:2028") == journal.verify("cycle:none") == []
    assert journal.chains() == [CHAIN, "cycle:2028"]
    assert journal.chains(["cycle:2024#1#" + "0" * 64]) == ["cycle:2024", CHAIN, "cycle:2028"]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_written_outside_a_transaction() -> None:
    record = journal.Record(CHAIN, "act", "test.act", (), (), "", "office", "", "", {}, NOW)
    with pytest.raises(RuntimeError, match="transaction"):
        journal.append(record)
    assert (JournalEntry.objects.count(), JournalHead.objects.count()) == (0, 0)


def test_an_undone_transaction_leaves_no_gap(db: None) -> None:
    write(1)
    with transaction.atomic():
        assert write(2).seq == 2
        transaction.set_rollback(True)
    assert write(3).seq == 2
    assert journal.verify(CHAIN) == []


def test_sm3_chains_too_and_the_algorithms_may_follow_each_other(db: None, settings: Any) -> None:
    write(1)
    settings.JOURNAL_HASH = "sm3"
    entry = write(2)
    assert json.loads(entry.body)["alg"] == "sm3"
    assert entry.hash == digest(entry.body.encode(), "sm3") != digest(entry.body.encode())
    settings.JOURNAL_HASH = "sha256"
    write(3)
    assert journal.verify(CHAIN) == []
    for sql in triggers.drops(connection.vendor, TABLE):
        run_sql(sql)
    body = entry.body.replace('"n":2', '"n":9')
    run_sql(f"UPDATE {TABLE} SET body = %s WHERE seq = 2", body)
    assert texts() == [(2, EDITED)]


def test_an_edited_body_is_found(four: list[JournalEntry]) -> None:
    run_sql(f"UPDATE {TABLE} SET body = %s WHERE seq = 2", four[1].body.replace('"n":2', '"n":3'))
    assert texts() == [(2, EDITED)]


def test_an_edited_hash_is_found(four: list[JournalEntry]) -> None:
    run_sql(f"UPDATE {TABLE} SET hash = %s WHERE seq = 2", "f" * 64)
    assert texts() == [(2, EDITED), (3, BROKEN)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2026-03-02 01:00:01"),
        ("kind", "look"),
        ("act", "test.other"),
        ("actor", "p-9"),
        ("role", "expert"),
        ("subject", "entry:9"),
        ("request_id", "x" * 64),
    ],
)
def test_an_edited_column_is_found(four: list[JournalEntry], column: str, value: str) -> None:
    run_sql(f"UPDATE {TABLE} SET {column} = %s WHERE seq = 3", value)
    assert texts() == [(3, COLUMNS)]


@pytest.mark.parametrize("body", ["", "{", "[]", "5", "{}", '{"alg":"md5"}'])
def test_a_ruined_body_is_found(four: list[JournalEntry], body: str) -> None:
    run_sql(f"UPDATE {TABLE} SET body = %s WHERE seq = 3", body)
    assert texts() == [(3, UNREADABLE)]


def test_a_deleted_entry_is_found(four: list[JournalEntry]) -> None:
    run_sql(f"DELETE FROM {TABLE} WHERE seq = 2")
    assert texts() == [(2, "缺少第 2 条记录（下一条为第 3 条）"), (3, BROKEN)]


def test_a_cut_tail_is_found(four: list[JournalEntry]) -> None:
    run_sql(f"DELETE FROM {TABLE} WHERE seq > 2")
    assert texts() == [(4, "链头记载为第 4 条，与末条（第 2 条）不符，末尾可能被截断")]


def test_an_emptied_chain_is_found(four: list[JournalEntry]) -> None:
    run_sql(f"DELETE FROM {TABLE}")
    assert texts() == [(4, "链头记载为第 4 条，与末条（第 0 条）不符，末尾可能被截断")]
    assert journal.chains() == [CHAIN]


def test_a_deleted_head_is_found(four: list[JournalEntry]) -> None:
    run_sql("DELETE FROM journal_journalhead")
    assert texts() == [(4, "链头记载缺失，末尾是否被截断无法确认")]
    assert journal.chains() == [CHAIN]


def test_an_inserted_entry_is_found(four: list[JournalEntry]) -> None:
    body = four[3].body.replace('"seq":4', '"seq":5').replace('"n":4', '"n":5')
    columns = {"chain": CHAIN, "seq": 5, "at": NOW, "kind": "act", "act": "test.act", "actor": "p-4", "role": "office"}
    JournalEntry.objects.create(**columns, subject="entry:4", body=body, hash=digest(body.encode()))
    assert texts() == [(5, BROKEN), (4, "链头记载为第 4 条，与末条（第 5 条）不符，末尾可能被截断")]


def forge(entries: list[JournalEntry], number: int) -> None:
    """Change one payload and compute all later hashes and the head anew, as somebody with the whole database could."""
    previous = json.loads(entries[number - 1].body)["prev"]
    for entry in entries[number - 1 :]:
        body = entry.body.replace(json.loads(entry.body)["prev"], previous)
        body = body.replace('"n":2', '"n":22') if entry.seq == number else body
        previous = digest(body.encode())
        run_sql(f"UPDATE {TABLE} SET body = %s, hash = %s WHERE seq = %s", body, previous, entry.seq)
    run_sql("UPDATE journal_journalhead SET hash = %s", previous)


def test_a_forged_chain_is_found_by_a_published_head_alone(four: list[JournalEntry]) -> None:
    before, after = (f"{CHAIN}#{entry.seq}#{entry.hash}" for entry in (four[0], four[2]))
    assert texts(published=(before, after)) == []
    forge(four, 2)
    assert texts() == []
    assert texts(published=(before,)) == []
    assert texts(published=(before, after)) == [(3, "已公布的链头（第 3 条）在日志中不存在或已改变")]


def test_published_heads_of_a_lost_chain_and_of_other_chains(four: list[JournalEntry]) -> None:
    head = journal.head_of(CHAIN)
    assert texts("cycle:2028", (head,)) == []
    run_sql(f"DELETE FROM {TABLE}")
    run_sql("DELETE FROM journal_journalhead")
    assert texts() == []
    assert texts(published=(head,)) == [(4, "已公布的链头（第 4 条）在日志中不存在或已改变")]
    assert texts(published=(f"{CHAIN}#0#{'0' * 64}",)) == []


@pytest.mark.parametrize("mark", ["", "x", f"{CHAIN}#1", f"{CHAIN}#one#{'0' * 64}", f"{CHAIN}#1#2#3"])
def test_a_ruined_published_head_is_a_fault_and_no_crash(four: list[JournalEntry], mark: str) -> None:
    assert texts(published=(mark,)) == [(0, f"已公布的链头“{mark}”无法读取，已被改动")]


CHANGES = [
    f"UPDATE {TABLE} SET actor = 'p-9' WHERE seq = 1",
    f"UPDATE {TABLE} SET seq = 9 WHERE seq = 2",
    f"DELETE FROM {TABLE} WHERE seq = 2",
    f"DELETE FROM {TABLE}",
]
REPLACING = f"INTO {TABLE} (id, chain, seq, at, kind, act, actor, role, subject, body, hash) SELECT "
REST = f"at, kind, act, 'p-9', role, subject, body, hash FROM {TABLE} WHERE seq = 1"
SQLITE_CHANGES = [
    f"INSERT OR REPLACE {REPLACING} id, chain, seq, {REST}",
    f"REPLACE {REPLACING} id + 100, chain, seq, {REST}",
    f"INSERT {REPLACING} id, chain, seq, {REST} ON CONFLICT (id) DO UPDATE SET actor = 'p-9'",
    f"UPDATE OR REPLACE {TABLE} SET seq = 1 WHERE seq = 2",
]
POSTGRESQL_CHANGES = [
    f"TRUNCATE {TABLE}",
    f"TRUNCATE {TABLE} CASCADE",
    f"INSERT {REPLACING} id, chain, seq, {REST} ON CONFLICT (id) DO UPDATE SET actor = 'p-9'",
]


def changes() -> list[str]:
    return CHANGES + (SQLITE_CHANGES if connection.vendor == "sqlite" else POSTGRESQL_CHANGES)


def state() -> list[tuple[Any, ...]]:
    return list(JournalEntry.objects.order_by("pk").values_list())


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_every_change() -> None:
    write(1), write(2)
    before = state()
    for sql in changes():
        with pytest.raises(DatabaseError, match="append-only"):
            run_sql(sql)
        assert state() == before, sql
    entry = JournalEntry.objects.first()
    assert entry is not None
    for change in (
        entry.save,
        entry.delete,
        JournalEntry.objects.all().delete,
        lambda: JournalEntry.objects.update(actor="p-9"),
        lambda: JournalEntry.objects.bulk_update([entry], ["actor"]),
    ):
        with pytest.raises(DatabaseError, match="append-only"):
            change()
        assert state() == before
    assert journal.verify(CHAIN) == []
    assert write(3).seq == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", range(6))
def test_without_triggers_each_change_goes_through_and_the_check_finds_it(number: int) -> None:
    """The negative control: it is the triggers that refused, and the chain does not rely on them."""
    write(1), write(2)
    before = state()
    for sql in triggers.drops(connection.vendor, TABLE):
        run_sql(sql)
    run_sql(changes()[number])
    assert state() != before
    assert journal.verify(CHAIN) != []


@pytest.mark.django_db(transaction=True)
def test_the_triggers_are_back_after_a_test_that_took_them_away() -> None:
    for sql in triggers.drops(connection.vendor, TABLE):
        run_sql(sql)
    write(1)
    run_sql(CHANGES[0])
    call_command("flush", interactive=False, verbosity=0)
    assert state() == []
    write(1)
    with pytest.raises(DatabaseError, match="append-only"):
        run_sql(CHANGES[0])


def test_the_triggers_know_two_databases(db: None) -> None:
    with pytest.raises(ValueError, match="mysql"):
        triggers.statements("mysql", TABLE, triggers.JOURNAL_KEYS)


def test_a_moment_is_kept_to_the_microsecond(town: Town) -> None:
    write(1, at=NOW.replace(microsecond=1))
    assert journal.verify(CHAIN) == []
    assert JournalEntry.objects.get().at == NOW.replace(microsecond=1)
