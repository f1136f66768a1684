"""Writing to the journal and checking it (L3)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785
from django.conf import settings
from django.db import transaction

from zhiheng.foundation.canonical import digest, plain
from zhiheng.foundation.journal.models import JournalEntry, JournalHead

PLATFORM = "platform"
FIRST = "0" * 64
HEADS = JournalHead._meta.db_table
COLUMNS = ("chain", "seq", "at", "kind", "act", "actor", "role", "subject", "body", "hash", "request_id")
INSERT = "INSERT INTO {} ({}) VALUES ({})".format(  # noqa: S608 - names of our own tables only
    JournalEntry._meta.db_table, ", ".join(f'"{name}"' for name in COLUMNS), ", ".join(["%s"] * len(COLUMNS))
)


@dataclass(frozen=True, slots=True)
class Record:
    """What is to be written: one act, refusal or look, before it has a place in a chain."""

    chain: str
    kind: str
    act: str
    duties: tuple[str, ...]
    articles: tuple[str, ...]
    actor: str
    role: str
    unit: str
    subject: str
    payload: Mapping[str, Any]
    at: datetime
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: its last entry's place and hash."""

    chain: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What a check of the journal found: which chain and place, and what is wrong (Chinese)."""

    chain: str
    seq: int
    text: str


def append(record: Record, head: Head | None = None) -> JournalEntry:
    """Add a record at the end of its chain and give it as it was written, without its key. Must run inside the transaction of what it
    records. In plain SQL: every act passes here, while others wait for the chain's turn."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("the journal is written in the act's own transaction")
    head = head or lock(record.chain)
    algorithm: str = settings.JOURNAL_HASH
    body = rfc8785.dumps(
        {
            "chain": record.chain,
            "seq": head.seq + 1,
            "at": plain(record.at),
            "kind": record.kind,
            "act": record.act,
            "duties": list(record.duties),
            "articles": list(record.articles),
            "actor": record.actor,
            "role": record.role,
            "unit": record.unit,
            "subject": record.subject,
            "payload": plain(record.payload),
            "request": record.request_id,
            "alg": algorithm,
            "prev": head.hash,
        }
    )
    value = digest(body, algorithm)
    row = {
        "chain": record.chain,
        "seq": head.seq + 1,
        "at": record.at,
        "kind": record.kind,
        "act": record.act,
        "actor": record.actor,
        "role": record.role,
        "subject": record.subject,
        "body": body.decode(),
        "hash": value,
        "request_id": record.request_id or None,
    }
    connection = transaction.get_connection()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {HEADS} SET seq = %s, hash = %s WHERE chain = %s", [head.seq + 1, value, record.chain])  # noqa: S608 - names of our own tables only
        cursor.execute(INSERT, [*{**row, "at": connection.ops.adapt_datetimefield_value(record.at)}.values()])
    return JournalEntry(**row)


def lock(chain: str) -> Head:
    """Take the chain's turn until the transaction ends: acts of one chain follow each other, so each sees what the one before did (X7).

    Returns the head, which `append` takes, so that it need not be read twice. In plain SQL: every act passes here.
    """
    connection = transaction.get_connection()
    sql = f"SELECT seq, hash FROM {HEADS} WHERE chain = %s{' FOR UPDATE' if connection.features.has_select_for_update else ''}"  # noqa: S608 - names of our own tables only
    with connection.cursor() as cursor:
        cursor.execute(sql, [chain])
        if (row := cursor.fetchone()) is None:
            JournalHead.objects.get_or_create(chain=chain)
            cursor.execute(sql, [chain])
            row = cursor.fetchone()
    return Head(chain, row[0], row[1])


def head_of(chain: str) -> str:
    """The head of a chain as it is published: chain, place and hash."""
    head = JournalHead.objects.filter(chain=chain).first()
    return f"{chain}#{head.seq}#{head.hash}" if head else f"{chain}#0#{FIRST}"


def chains(published: Iterable[str] = ()) -> list[str]:
    """The names of all chains: of entries, of heads, and of published heads, whose chain may have been taken away whole."""
    names = {mark.split("#")[0] for mark in published}
    return sorted(names.union(*(model.objects.values_list("chain", flat=True).distinct() for model in (JournalEntry, JournalHead))))


def verify(chain: str, published: Iterable[str] = ()) -> list[Fault]:
    """Check a chain: places without gaps, each hash right, each entry tied to the one before, columns as hashed, the head as
    stored, and every published head (see `head_of`) found in it. An empty list means that nothing was altered."""
    faults: list[Fault] = []
    hashes = {0: FIRST}
    seq, previous = 0, FIRST
    for entry in _entries(chain):
        seq += 1
        if entry.seq != seq:
            faults.append(Fault(chain, seq, f"缺少第 {seq} 条记录（下一条为第 {entry.seq} 条）"))
            seq = entry.seq
        faults += _entry_faults(entry, previous)
        previous = entry.hash
        hashes[seq] = entry.hash
    head = JournalHead.objects.filter(chain=chain).first()
    if head is None and seq:
        faults.append(Fault(chain, seq, "链头记载缺失，末尾是否被截断无法确认"))
    if head and (head.seq, head.hash) != (seq, previous):
        faults.append(Fault(chain, head.seq, f"链头记载为第 {head.seq} 条，与末条（第 {seq} 条）不符，末尾可能被截断"))
    return faults + [fault for mark in published if (fault := _mark_fault(chain, mark, hashes))]


def _mark_fault(chain: str, mark: str, hashes: Mapping[int, str]) -> Fault | None:
    name, _, rest = mark.partition("#")
    place, _, value = rest.partition("#")
    if not (name and place.isascii() and place.isdecimal() and len(value) == len(FIRST)):
        return Fault(chain, 0, f"已公布的链头“{mark}”无法读取，已被改动")
    if name == chain and hashes.get(int(place)) != value:
        return Fault(chain, int(place), f"已公布的链头（第 {place} 条）在日志中不存在或已改变")
    return None


def _entries(chain: str) -> Iterator[JournalEntry]:
    return JournalEntry.objects.filter(chain=chain).order_by("seq").iterator(chunk_size=2000)


def _entry_faults(entry: JournalEntry, previous: str) -> list[Fault]:
    try:
        body = json.loads(entry.body)
        right = digest(entry.body.encode(), body["alg"]) == entry.hash
        columns = {name: body[name] for name in ("chain", "seq", "kind", "act", "actor", "role", "subject", "prev")}
        columns["request_id"] = body["request"] or None
        moment = datetime.fromisoformat(body["at"])
    except (ValueError, KeyError, TypeError):
        return [Fault(entry.chain, entry.seq, "记录内容无法读取，已被改动")]
    faults = [] if right else [Fault(entry.chain, entry.seq, "记录内容与其摘要不符，已被改动")]
    if columns["prev"] != previous:
        faults.append(Fault(entry.chain, entry.seq, "与上一条记录的链接断开，记录被增删或改动"))
    stored = {name: getattr(entry, name) for name in columns if name != "prev"}
    if {**stored, "prev": columns["prev"]} != columns or moment != entry.at:
        faults.append(Fault(entry.chain, entry.seq, "检索列与记录内容不符，已被改动"))
    return faults
