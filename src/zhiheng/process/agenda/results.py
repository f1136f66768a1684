"""Whether scores were computed from what stands now."""

from __future__ import annotations

from zhiheng.process.agenda.bench import Bench
from zhiheng.process.agenda.scope import Scope
from zhiheng.stages.review.models import Consensus, Result


def fresh(scope: Scope, table: Bench, round: str) -> frozenset[int]:  # noqa: A002
    """Entries (pk) whose last result rests on the sheets that stand, and is younger than the last agreement."""
    rows = Result.objects.filter(entry__cycle__in=list(scope.cycles), round=round).order_by("version")
    last = {entry: (sheets, at) for entry, sheets, at in rows.values_list("entry", "sheets", "computed_at")}
    agreed = dict(Consensus.objects.filter(panel__in=list(table.panels)).order_by("version").values_list("entry", "agreed_at"))
    return frozenset(
        entry
        for entry, (sheets, at) in last.items()
        if frozenset(sheets) == table.digests.get(entry) and (entry not in agreed or agreed[entry] <= at)
    )
