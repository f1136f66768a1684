"""What an actor did last, from the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from zhiheng.foundation.acts import REGISTER, Acting
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.publicity.models import Notice
from zhiheng.stages.application.models import Entry


@dataclass(frozen=True, slots=True)
class Recent:
    """One act of the actor: when, what, on which subject, and where its receipt stands."""

    at: datetime
    title: str
    subject: str
    chain: str
    seq: int


def done_by(acting: Acting, most: int = 8) -> list[Recent]:
    """The actor's last acts in this role, newest first, in three queries. Secret by law are ballots, not the fact that one voted."""
    rows = JournalEntry.objects.filter(actor=acting.code, role=acting.role.value, kind="act").order_by("-at", "-pk")
    found = list(rows.values_list("at", "act", "subject", "chain", "seq")[:most])
    known = _named({subject for _at, _act, subject, _chain, _seq in found})
    return [
        Recent(at, REGISTER[act].title if act in REGISTER else act, known.get(subject, ""), chain, seq)
        for at, act, subject, chain, seq in found
    ]


def _named(subjects: set[str]) -> dict[str, str]:
    """Subjects as people call them: entries by code and name, cycles by year, notices by title; of the rest the number alone."""
    parts = {subject: subject.partition(":")[::2] for subject in subjects if subject}
    entries = Entry.objects.filter(code__in=[key for kind, key in parts.values() if kind == "entry"]).values_list("code", "name")
    notices = Notice.objects.filter(code__in=[key for kind, key in parts.values() if kind == "notice"]).values_list("code", "title")
    titles = {f"entry:{code}": f"{code} {name}" for code, name in entries} | {f"notice:{code}": title for code, title in notices}
    own = {subject: _("%(cycle)s 周期") % {"cycle": key} if kind == "cycle" else key for subject, (kind, key) in parts.items()}
    return {**own, **titles, **{subject: "" for subject, (kind, _key) in parts.items() if kind in ("person", "panel", "visit")}}
