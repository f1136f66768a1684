"""Reading sheets, consensus and results."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import F, Q, QuerySet

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.acts.permission import holds
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.rules.decision import Reason
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel import facts as panels
from zhiheng.stages.panel.models import Panel, Seat
from zhiheng.stages.panel.selectors import barred_by_conflict
from zhiheng.stages.qualification.selectors import commissioned
from zhiheng.stages.review.models import Consensus, Result, Sheet


def live_sheets(cycle: Cycle, round: str) -> dict[int, list[Sheet]]:  # noqa: A002
    """Entry pk → its sheets that stand, in the order of the experts' codes."""
    found: dict[int, list[Sheet]] = defaultdict(list)
    rows = Sheet.objects.filter(panel__cycle=cycle, round=round, voided_at=None).select_related("expert").order_by("expert__code")
    for sheet in rows:
        found[sheet.entry_id].append(sheet)
    return found


def consensuses(cycle: Cycle, round: str) -> dict[int, Consensus]:  # noqa: A002
    """Entry pk → the last consensus, where the sheets that it was agreed on are those that stand."""
    return {entry: row for entry, (row, current) in _last_consensuses(cycle, round).items() if current}


def outdated_consensuses(cycle: Cycle, round: str) -> frozenset[int]:  # noqa: A002
    """Entries (pk) whose sheets have changed since the panel last agreed: it must agree anew before a score is computed (Q2, Q18)."""
    return frozenset(entry for entry, (_, current) in _last_consensuses(cycle, round).items() if not current)


def _last_consensuses(cycle: Cycle, round: str) -> dict[int, tuple[Consensus, bool]]:  # noqa: A002
    standing: dict[int, set[str]] = defaultdict(set)
    sheets = Sheet.objects.filter(panel__cycle=cycle, round=round, voided_at=None)
    for entry, digest in sheets.values_list("entry_id", "digest"):
        standing[entry].add(digest)
    rows = Consensus.objects.filter(panel__cycle=cycle, round=round).order_by("version")
    return {row.entry_id: (row, set(row.sheets) == standing[row.entry_id]) for row in rows}


def open_recusals(cycle: Cycle, round: str) -> dict[int, list[Reason]]:  # noqa: A002
    """Entry pk → what is still to be done about its experts' recusals before a score may stand (K7, Q18): one that was asked for is not
    decided yet, or one that stands has not voided its expert's sheet."""
    codes: dict[tuple[int, str], list[str]] = defaultdict(list)
    rows = Sheet.objects.filter(panel__cycle=cycle, round=round, voided_at=None).order_by("expert__code")
    named = rows.filter(entry__conflicts__person=F("expert__person"), entry__conflicts__status__in=["pending", "standing"])
    for entry, code, status in named.values_list("entry_id", "expert__code", "entry__conflicts__status").distinct():
        codes[entry, status].append(code)
    entries = {entry.pk: entry for entry in Entry.objects.filter(pk__in={pk for pk, _ in codes}).only("code")}
    found: dict[int, list[Reason]] = defaultdict(list)
    for (pk, status), experts in codes.items():
        said = {"pending": "的回避尚未审定", "standing": "应当回避，其评分表尚未作废"}[status]
        kind = {"pending": "recusal", "standing": "void"}[status]
        found[pk].append(Reason(False, f"{entries[pk].code} 专家 {'、'.join(experts)} {said}", "七(七)", "K7", kind))
    return found


def visible_sheets(acting: Acting, entry: Entry) -> QuerySet[Sheet]:
    """The sheets of an entry that the actor may read: the office, the commissioned agency and the inspector all; an expert in each round
    their own, and the standing ones of their panel once their own is locked; nobody else any, nor anyone with a conflict (F2, K7, T2)."""
    rows = entry.sheets.select_related("expert", "panel").order_by("round", "expert__code", "pk")
    if acting.person is None or not holds(acting, entry.cycle) or barred_by_conflict(acting.person.pk, entry):
        return rows.none()
    seats = Seat.objects.filter(expert__person=acting.person, panel__entries=entry, vacated_at=None)
    staff = acting.role in {Role.OFFICE, Role.INSPECTOR} or (acting.role == Role.AGENCY and commissioned(acting, entry))
    if staff and not seats.exists():  # whoever judges the entry reads as an expert does, in any role
        return rows
    if not staff and acting.role != Role.EXPERT:
        return rows.none()
    own = Sheet.objects.filter(entry=entry, expert__person=acting.person, voided_at=None)
    opened = own.filter(panel__in=seats.values("panel")).values("panel")
    return rows.filter(Q(expert__person=acting.person) | Q(panel__in=opened, voided_at=None))


def results(cycle: Cycle, round: str) -> dict[int, Result]:  # noqa: A002
    """Entry pk → the result that counts."""
    rows = Result.objects.filter(entry__cycle=cycle, round=round).order_by("version")
    return {row.entry_id: row for row in rows}


def scorers(cycle: Cycle) -> dict[int, frozenset[str]]:
    """Entry pk → codes of the experts who ever scored its materials, voided sheets included (Q16)."""
    return panels.scorers(list(cycle.entries.all()))


def seated(acting: Acting, panel: Panel) -> bool:
    """Whether the acting expert sits on the panel, or the acting agency is the one commissioned for the cycle."""
    if acting.role != Role.EXPERT:
        return commissioned(acting, panel.cycle)
    return panel.seats.filter(expert__person=acting.person, vacated_at=None).exists()


def panel_for(entry: Entry, round: str) -> Panel | None:  # noqa: A002
    """The panel that judges the entry in a round: of the draw that counts."""
    return entry.panels.filter(round=round).order_by("-draw__version").first()
