"""What an actor did last, from the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhiheng.foundation.acts import REGISTER, Acting
from zhiheng.foundation.journal.models import JournalEntry


@dataclass(frozen=True, slots=True)
class Recent:
    """One act of the actor: when, what, on which subject, and where its receipt stands."""

    at: datetime
    title: str
    subject: str
    chain: str
    seq: int


def done_by(acting: Acting, most: int = 8) -> list[Recent]:
    """The actor's last acts in this role, newest first. Secret by law are ballots, not the fact that one voted."""
    rows = JournalEntry.objects.filter(actor=acting.code, role=acting.role.value, kind="act").order_by("-at", "-pk")
    found = rows.values_list("at", "act", "subject", "chain", "seq")[:most]
    return [Recent(at, REGISTER[act].title if act in REGISTER else act, subject, chain, seq) for at, act, subject, chain, seq in found]
