"""What an actor did last, from the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhiheng.foundation.acts import REGISTER, Acting
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.publicity.models import Notice
from zhiheng.foundation.question import Question
from zhiheng.stages.application.models import Entry

MOST = 8


def _acts(actor: str, role: str) -> QuerySet[Any, Any]:
    rows = JournalEntry.objects.filter(actor=actor, role=role, kind="act").order_by("-at", "-pk")
    return rows.values_list("at", "act", "subject", "chain", "seq")[:MOST]


_last = Question(_acts)
_entries = Question(lambda codes: Entry.objects.filter(code__in=codes).values_list("code", "name"))
_notices = Question(lambda codes: Notice.objects.filter(code__in=codes).values_list("code", "title"))


@dataclass(frozen=True, slots=True)
class Recent:
    """One act of the actor: when, what, on which subject, and where its receipt stands."""

    at: datetime
    title: str
    subject: str
    chain: str
    seq: int


def done_by(acting: Acting) -> list[Recent]:
    """The actor's last MOST acts in this role, newest first, in three queries. Secret by law are ballots, not the fact that one voted."""
    found = _last(acting.code, acting.role.value)
    known = _named({subject for _at, _act, subject, _chain, _seq in found})
    return [
        Recent(at, REGISTER[act].title if act in REGISTER else act, known.get(subject, ""), chain, seq)
        for at, act, subject, chain, seq in found
    ]


def _named(subjects: set[str]) -> dict[str, str]:
    """Subjects as people call them: entries by code and name, cycles by year, notices by title; of the rest the number alone."""
    parts = {subject: subject.partition(":")[::2] for subject in subjects if subject}
    entries = _entries(tuple(key for kind, key in parts.values() if kind == "entry"))
    notices = _notices(tuple(key for kind, key in parts.values() if kind == "notice"))
    titles = {f"entry:{code}": f"{code} {name}" for code, name in entries} | {f"notice:{code}": title for code, title in notices}
    own = {subject: _("%(cycle)s 周期") % {"cycle": key} if kind == "cycle" else key for subject, (kind, key) in parts.items()}
    return {**own, **titles, **{subject: "" for subject, (kind, _key) in parts.items() if kind in ("person", "panel", "visit")}}
