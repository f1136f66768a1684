"""Which applications of a cycle are related: sister firms, or an organization and its person (Q11)."""

from __future__ import annotations

from collections import Counter

from zhiheng.rules.lifecycle import EntryStatus
from zhiheng.stages.application.models import Entry


def related(entries: list[Entry]) -> frozenset[int]:
    """Of these entries those (pk) to which the same cycle has a related one, withdrawn ones apart. One query."""
    cycles = {entry.cycle_id for entry in entries}
    rows = Entry.objects.filter(cycle__in=cycles).exclude(status=EntryStatus.WITHDRAWN.value)
    known = list(rows.values_list("pk", "cycle", "party", "party__group_code", "party__employer"))
    groups = Counter((cycle, group) for _, cycle, _, group, _ in known if group)
    parties = {(cycle, party) for _, cycle, party, _, _ in known}
    employers = {(cycle, employer) for _, cycle, _, _, employer in known if employer}
    asked = {entry.pk for entry in entries}
    return frozenset(
        pk
        for pk, cycle, party, group, employer in known
        if pk in asked and (groups[cycle, group] > 1 or (cycle, party) in employers or (cycle, employer) in parties)
    )
