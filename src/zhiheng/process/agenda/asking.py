"""The questions that pages ask: what waits for me, what comes next here, what is this waiting for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.acts.permission import cycle_of
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.agenda.grouping import MANY, ONE_BY_ONE, grouped
from zhiheng.process.agenda.line import ask
from zhiheng.process.agenda.scope import Scope, scope_of
from zhiheng.process.agenda.todo import Todo, spoken
from zhiheng.process.agenda.view import READS_ALL, plain, relevant, without_passage
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.application.models import Entry


def waiting(acting: Acting) -> list[Todo]:
    """What waits for the person in this role, in every cycle that the role reaches; overdue first, then by date."""
    scope = scope_of(acting)
    found = [_as(one, acting.role) for one in ask(scope)]
    return in_order(found if acting.role in ONE_BY_ONE else grouped(found, MANY))


def summary(acting: Acting) -> dict[str, int]:
    """Act → how many of it can be done now by the person in this role."""
    return counts(waiting(acting))


def counts(todos: Iterable[Todo]) -> dict[str, int]:
    """Act → how many of these can be done now; for a page that has the list already."""
    found: Counter[str] = Counter()
    for one in todos:
        if not one.blocked:
            found[one.act] += one.count if one.of else 1
    return dict(found)


def next_of(acting: Acting, subject: Any) -> list[Todo]:
    """What comes next for an entry, a cycle or another thing of a cycle: what this role has to do, then what others owe (mine=False).

    Of what others owe the office, the agency and the inspector read everything, anyone else only what `pending` says.
    """
    reached = scope_of(acting)
    cycle = cycle_of(subject)
    if cycle is None or cycle.pk not in reached.cycles:
        return []
    mine = relevant([_as(one, acting.role) for one in ask(_narrow(reached, cycle, subject))], subject)
    acts = {one.act for one in mine}
    others = [replace(one, mine=False) for one in _owed(acting.role, cycle, subject) if one.act not in acts]
    found = in_order(mine) + in_order(others)
    return without_passage(found) if isinstance(subject, Entry) else found


def pending(subject: Entry | Cycle) -> list[Todo]:
    """What an entry or a cycle waits for, whoever has to do it, with the roles that may.

    Says nothing that anybody who may see the subject must not know: no expert, no objection, no recusal, no vote, no number of sheets.
    """
    shown = (plain(one, subject) for one in _pending(subject))
    found = list({one.act: one for one in shown if one is not None}.values())
    return without_passage(found) if isinstance(subject, Entry) else found


def _owed(role: Role, cycle: Cycle, subject: Any) -> list[Todo]:
    """What anybody owes the subject, as the role may read it."""
    if isinstance(subject, Entry | Cycle):
        return _pending(subject) if role in READS_ALL else pending(subject)
    return relevant(_pending(cycle), subject) if role in READS_ALL else []


def _pending(subject: Entry | Cycle) -> list[Todo]:
    cycle = subject if isinstance(subject, Cycle) else subject.cycle
    found = relevant(ask(_narrow(Scope({}), cycle, subject)), subject)
    return in_order(found if isinstance(subject, Entry) else grouped(found, 1))


def _narrow(scope: Scope, cycle: Cycle, subject: Any) -> Scope:
    return replace(scope, cycles={cycle.pk: cycle}, entry=subject if isinstance(subject, Entry) else None)


def _as(one: Todo, role: Role) -> Todo:
    title = spoken(one, role)
    return one if title == one.title else replace(one, title=title)


def in_order(todos: Iterable[Todo]) -> list[Todo]:
    """Overdue first, then by date; of those without a date what can be done now first."""
    return sorted(todos, key=lambda one: (not one.overdue, one.until or date.max, bool(one.blocked)))
