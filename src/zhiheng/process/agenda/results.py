"""Whether scores were computed from what stands now."""

from __future__ import annotations

from zhiheng.process.agenda.bench import Bench
from zhiheng.stages.application.models import Entry
from zhiheng.stages.review.models import Consensus, Result


def fresh(table: Bench, entries: list[Entry], round: str) -> bool:  # noqa: A002
    """Whether the last result of each entry rests on the sheets that stand, and is younger than the last agreement."""
    rows = Result.objects.filter(entry__panels__in=list(table.panels), round=round).order_by("version")
    last = {entry: (frozenset(sheets), at) for entry, sheets, at in rows.values_list("entry", "sheets", "computed_at")}
    agreed = dict(Consensus.objects.filter(panel__in=list(table.panels)).order_by("version").values_list("entry", "agreed_at"))
    for entry in entries:
        if entry.pk not in last:
            return False
        sheets, at = last[entry.pk]
        if sheets != table.digests.get(entry.pk) or (entry.pk in agreed and agreed[entry.pk] > at):
            return False
    return True
