"""The journal as a list: filters, and pages that go by place and not by counting, so that the last is as quick as the first (T17)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from zhiheng.foundation import clock
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.process.parts import Line, lines
from zhiheng.process.register import REGISTER
from zhiheng.process.roles import ROLES

SIZE = 50
KINDS = {"act": _("办理"), "refusal": _("未准许"), "look": _("查阅")}


@dataclass(frozen=True, slots=True)
class Filters:
    """What was chosen; values that are not on offer are as if they had not been typed."""

    chain: str
    kind: str
    act: str
    role: str
    subject: str
    since: date | None
    until: date | None

    def condition(self) -> Q:
        """The condition on the journal's records."""
        chosen = {"chain": self.chain, "kind": self.kind, "act": self.act, "role": self.role}
        found = Q(**{name: value for name, value in chosen.items() if value})
        if self.subject:
            found &= Q(subject__icontains=self.subject) | Q(actor=self.subject)
        if self.since:
            found &= Q(at__gte=clock.at(self.since, 0))
        if self.until:
            found &= Q(at__lt=clock.at(date.fromordinal(self.until.toordinal() + 1), 0))
        return found

    @property
    def query(self) -> str:
        """The choice as a query string."""
        made = QueryDict(mutable=True)
        for name in ("chain", "kind", "act", "role", "subject", "since", "until"):
            if value := getattr(self, name):
                made[name] = value.isoformat() if isinstance(value, date) else value
        return made.urlencode()


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of the journal, newest first: its lines and where the next older one begins."""

    lines: tuple[Line, ...]
    older: int | None


def chosen(typed: QueryDict, chains: Iterable[str]) -> Filters:
    """Read the filters from an address."""
    subject = typed.get("subject", "").strip()[:80]
    since, until = (_day(typed.get(name, "")) for name in ("since", "until"))
    kind, act = _one(typed, "kind", KINDS), _one(typed, "act", REGISTER)
    return Filters(_one(typed, "chain", chains), kind, act, _one(typed, "role", [role.value for role in ROLES]), subject, since, until)


def leaf(rows: QuerySet[JournalEntry], before: str) -> Leaf:
    """The page of the newest records, or of those before a record (its number in the table). Three queries."""
    if before.isascii() and before.isdecimal() and len(before) < 16:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: SIZE + 1])
    older = found[SIZE - 1].pk if len(found) > SIZE else None
    return Leaf(tuple(lines(found[:SIZE], names=True)), older)


def acts() -> list[tuple[str, str]]:
    """The acts by their titles, in the order of their ids."""
    return sorted((spec.id, spec.title) for spec in REGISTER.values())


def _one(typed: QueryDict, name: str, offered: Iterable[Any]) -> str:
    value = typed.get(name, "")
    return value if value in offered else ""


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day without a time
    except ValueError:
        return None
