"""Reading sheets, consensus and results."""

from __future__ import annotations

from collections import defaultdict

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Panel
from zhiheng.stages.review.models import Consensus, Result, Sheet


def live_sheets(cycle: Cycle, round: str) -> dict[int, list[Sheet]]:  # noqa: A002
    """Entry pk → its sheets that stand, in the order of the experts' codes."""
    found: dict[int, list[Sheet]] = defaultdict(list)
    rows = Sheet.objects.filter(panel__cycle=cycle, round=round, voided_at=None).select_related("expert").order_by("expert__code")
    for sheet in rows:
        found[sheet.entry_id].append(sheet)
    return found


def consensuses(cycle: Cycle, round: str) -> dict[int, Consensus]:  # noqa: A002
    """Entry pk → the last consensus."""
    rows = Consensus.objects.filter(panel__cycle=cycle, round=round).order_by("version")
    return {row.entry_id: row for row in rows}


def results(cycle: Cycle, round: str) -> dict[int, Result]:  # noqa: A002
    """Entry pk → the result that counts."""
    rows = Result.objects.filter(entry__cycle=cycle, round=round).order_by("version")
    return {row.entry_id: row for row in rows}


def scorers(cycle: Cycle) -> dict[int, frozenset[str]]:
    """Entry pk → codes of the experts who ever scored its materials, voided sheets included (Q16)."""
    found: dict[int, set[str]] = defaultdict(set)
    pairs = Sheet.objects.filter(panel__cycle=cycle, round="material").values_list("entry_id", "expert__code")
    for entry, code in pairs:
        found[entry].add(code)
    return {entry: frozenset(codes) for entry, codes in found.items()}


def seated(acting: Acting, panel: Panel) -> bool:
    """Whether the acting expert sits on the panel; other roles are not bound by it."""
    return acting.role != Role.EXPERT or panel.seats.filter(expert__person=acting.person, vacated_at=None).exists()


def panel_for(entry: Entry, round: str) -> Panel | None:  # noqa: A002
    """The panel that judges the entry in a round: of the draw that counts."""
    return entry.panels.filter(round=round).order_by("-draw__version").first()
