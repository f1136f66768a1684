"""What may be done next, and what has been done, in plain words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from inspect import signature
from typing import Any, get_type_hints

from zhiheng.foundation import clock
from zhiheng.foundation.acts import REGISTER, Acting, ActSpec
from zhiheng.foundation.acts.permission import cycle_of, holds, permit, ref
from zhiheng.foundation.acts.register import Body
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.packs.selectors import calendar
from zhiheng.foundation.publicity import facts
from zhiheng.foundation.publicity.selectors import open_notices
from zhiheng.rules.clocks import may_close_publicity


@dataclass(frozen=True, slots=True)
class Done:
    """One line of a history: when, which act, by which role, on which duty."""

    at: datetime
    act: str
    title: str
    role: str
    duties: tuple[str, ...]
    refused: bool


@dataclass(frozen=True, slots=True)
class Due:
    """Something that waits for a date: its last day, the article, and whether its time has come."""

    title: str
    until: date
    article: str
    ripe: bool
    why_not: str


@cache
def takes(body: Body) -> type:
    """What an act is done on, as the body of the act declares its second parameter: a model, or NoneType for the platform."""
    second = list(signature(body).parameters)[1]
    found: type = get_type_hints(body)[second]
    return found


def possible(acting: Acting, subject: Any) -> list[ActSpec]:
    """The registered acts that this actor may do on this subject now, by the register and the scope; None: on the platform.

    The grant is asked once; beside it only scopes ask the database.
    """
    fitting = [spec for spec in REGISTER.values() if acting.role in spec.roles and isinstance(subject, takes(spec.body))]
    granted = bool(fitting) and holds(acting, cycle_of(subject))
    return [spec for spec in fitting if permit(spec, acting, subject, granted).ok]


def history(subject: Any) -> Iterator[Done]:
    """What the journal has of a subject, oldest first."""
    for entry in JournalEntry.objects.filter(subject=ref(subject)).order_by("at", "seq").iterator():
        spec = REGISTER.get(entry.act)
        duties = tuple(json.loads(entry.body)["duties"])
        yield Done(entry.at, entry.act, spec.title if spec else entry.act, entry.role, duties, entry.kind == "refusal")


def due(cycle: Cycle) -> list[Due]:
    """The clocks of a cycle that run: the deadline of applying, and each notice with whether it may be closed now. Only looks."""
    found = []
    if cycle.deadline and clock.now() < cycle.deadline:
        found.append(Due("申报截止", cycle.deadline.astimezone(clock.SHANGHAI).date(), "四(二)", False, "申报尚未截止"))
    for notice in open_notices(cycle):
        ends = may_close_publicity(facts.of(notice), calendar(), clock.now(), rules_of(cycle).parameters)
        if notice.ends_on:
            found.append(Due(notice.title, notice.ends_on, "四", ends.ok, "" if ends.ok else ends.text()))
    return sorted(found, key=lambda d: (d.until, d.title))
