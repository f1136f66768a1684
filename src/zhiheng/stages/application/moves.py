"""The one place where an entry changes its status, by the transition table of the rules (L1)."""

from __future__ import annotations

from collections.abc import Iterable

from zhiheng.foundation.acts import Refused
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.rules.lifecycle import EntryStatus, transition
from zhiheng.stages.application.models import Entry


def to(entry: Entry, status: EntryStatus) -> None:
    """Move an entry. Raises Refused (and so undoes the act) when the pack's line does not lead from here to there."""
    decision = transition(rules_of(entry.cycle).line, EntryStatus(entry.status), status)
    if not decision.ok:
        raise Refused(decision)
    entry.status = status.value
    entry.save(update_fields=["status"])


def all_to(entries: Iterable[Entry], status: EntryStatus) -> list[str]:
    """Move several entries; returns their codes."""
    codes = []
    for entry in entries:
        to(entry, status)
        codes.append(entry.code)
    return codes
