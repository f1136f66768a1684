"""One thing that waits for somebody: which act, on what, until when, on which article it rests, and why not yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from zhiheng.foundation import clock
from zhiheng.foundation.acts import ActSpec
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process.agenda.titles import by_letter
from zhiheng.process.register import REGISTER
from zhiheng.rules.compose import panel_title
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Panel

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Todo:
    """An act that the procedure waits for.

    subject: the model instance on which the act is done (None: the platform). Where many alike were drawn together `of` names their model
    and `count` how many there are; the subject is then the first of them, so that a link still leads to one that can be done.
    details: what of the act's details is known already, such as the entry of a panel's report.
    until: the last day, None where no date is fixed; overdue: it was a time limit and has passed.
    blocked: "" when it can be done now, else why not yet.
    roles: who may. mine: whether it waits for whoever asked.
    """

    act: str
    title: str
    subject: Any
    what: str
    article: str
    duty: str
    until: date | None = None
    overdue: bool = False
    blocked: str = ""
    roles: tuple[Role, ...] = ()
    count: int = 1
    of: str = ""
    details: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    cycle: Cycle | None = None
    mine: bool = True


@cache
def _roles(spec: ActSpec) -> tuple[Role, ...]:
    return tuple(role for role in Role if role in spec.roles)


def todo(
    act: str,
    subject: Any,
    cycle: Cycle | None,
    what: str,
    *,
    title: str = "",
    until: date | None = None,
    term: bool = False,
    blocked: str = "",
    roles: Iterable[Role] = (),
    count: int = 1,
    details: Mapping[str, Any] = NOTHING,
) -> Todo:
    """A todo under the register's title, duty and roles and the cycle's own article.

    term: whether `until` is a time limit that can be missed, and not only the end of a period. roles: fewer than the register's.
    """
    spec = REGISTER[act]
    duty = spec.duties[0]
    article = rules_of(cycle).article(duty, spec.article) if cycle else spec.article
    overdue = term and until is not None and until < clock.today()
    who = tuple(roles) or _roles(spec)
    return Todo(act, title or spec.title, subject, what, article, duty, until, overdue, blocked, who, count, "", details, cycle)


def spoken(found: Todo, role: Role) -> str:
    """The title as the role reads it: who only records another's word by its letter is told so."""
    return by_letter(found.act, role) or found.title


def line(entry: Entry) -> str:
    """An entry in one line."""
    return f"{entry.code} {entry.name}"


def panel_line(panel: Panel) -> str:
    """A panel as people call it; its cycle is known."""
    return panel_title(panel, rules_of(panel.cycle))
