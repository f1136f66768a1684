"""The journal of an entry in plain words, as far as the actor may know it (L3, T2)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from zhiheng.foundation import clock
from zhiheng.foundation.acts import REGISTER
from zhiheng.foundation.acts.permission import ref
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.people.models import Person, Unit
from zhiheng.process.parts.audience import CITY, OVERSIGHT
from zhiheng.process.parts.sight import Sight
from zhiheng.process.roles import ROLES
from zhiheng.rules.lifecycle import Role

#: Acts of others of which the rules have the applicant told, or which were made public.
TOLD = frozenset({
    "application.correct_category", "recommendation.return", "recommendation.recommend", "recommendation.decline", "commendation.cancel",
    "commendation.pay", "supervision.find_false", "supervision.revoke_deceit", "supervision.revoke_event", "supervision.recover",
})  # fmt: skip
#: Acts of the applicant of which the rules have its recommender told.
RECEIVED = frozenset({"application.submit", "application.withdraw", "application.correct_category", "supervision.report_change"})
MOST = 500  # lines a page shows; the inspector's thread has them all


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the journal: when, what, who by role and unit (and name, for who oversees), on which article; kind: act, look, refusal.
    chain and seq: its place in the journal; subject: what it was done on, by its name."""

    at: datetime
    act: str
    title: str
    role: str
    unit: str
    name: str
    articles: tuple[str, ...]
    kind: str
    why: tuple[str, ...]
    chain: str
    seq: int
    subject: str


@dataclass(frozen=True, slots=True)
class Run:
    """Lines that follow each other on one day and differ in nothing but their hour: told once, with their number."""

    line: Line
    count: int
    until: datetime


def runs(found: Iterable[Line]) -> list[Run]:
    """The lines told shortly; a refusal always stands by itself, with its reasons."""
    told: list[Run] = []
    for line in found:
        last = told[-1] if told else None
        if last and line.kind != "refusal" and _alike(last.line, line):
            told[-1] = Run(last.line, last.count + 1, line.at)
        else:
            told.append(Run(line, 1, line.at))
    return told


def _alike(one: Line, other: Line) -> bool:
    day, same = clock.local(one.at).date(), clock.local(other.at).date()
    return day == same and _told(one) == _told(other)


def _told(line: Line) -> tuple[str, ...]:
    return line.act, line.kind, line.role, line.unit, line.name, line.subject


def history(sight: Sight) -> list[Line]:
    """The entry's lines, oldest first: all to the office and the inspector, refusals and looks included; to others what they did
    themselves and what the rules have them told. Never who the experts are, to whom it is not open (T2). Three queries."""
    rows = JournalEntry.objects.filter(subject=ref(sight.entry)).order_by("at", "seq")
    return lines(_known(sight, rows)[:MOST], names=sight.acting.role in OVERSIGHT)


def _known(sight: Sight, rows: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
    acting = sight.acting
    if acting.role in OVERSIGHT and not sight.barred:
        return rows
    own = Q(actor=acting.code, role=acting.role.value)
    if acting.role == Role.APPLICANT:
        return rows.filter(own | Q(act__in=TOLD), kind="act")
    if acting.role in CITY:
        return rows.filter(own | Q(act__startswith="recommendation.") | Q(act__in=RECEIVED), kind="act")
    if acting.role == Role.AGENCY:
        return rows.filter(own | Q(act__in={"recommendation.recommend", "qualification.check"} | RECEIVED), kind="act")
    return rows.filter(own, kind="act")


def lines(rows: Iterable[JournalEntry], *, names: bool) -> list[Line]:
    """Journal entries in plain words. names: whether persons are named; otherwise role and unit stand for them. Three queries."""
    found = [(row, json.loads(row.body)) for row in rows]
    units = dict(Unit.objects.filter(code__in={body["unit"] for _, body in found if body["unit"]}).values_list("code", "name"))
    persons = {}
    if names:
        codes = {row.actor for row, _ in found if row.actor}
        persons = dict(Person.objects.filter(code__in=codes).values_list("code", "name"))
    return [
        Line(
            row.at,
            row.act,
            REGISTER[row.act].title if row.act in REGISTER else row.act,
            ROLES.get(Role(row.role), row.role),
            units.get(body["unit"], ""),
            persons.get(row.actor, ""),
            tuple(body["articles"]),
            row.kind,
            tuple(reason["text"] for reason in body["payload"].get("reasons", ())) if row.kind == "refusal" else (),
            row.chain,
            row.seq,
            row.subject,
        )
        for row, body in found
    ]
