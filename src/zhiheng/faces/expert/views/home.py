"""An expert's work: the panels where they sit, and how far each entry has come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.desk.models import Draft
from zhiheng.faces.expert.access import SUBMIT, leads, panel_of
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process import reach
from zhiheng.rules.compose import panel_title
from zhiheng.rules.lifecycle import Role
from zhiheng.rules.thresholds import shown
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Panel, Seat
from zhiheng.stages.review.models import Consensus, Report, Sheet
from zhiheng.stages.sitevisit.models import Papers, Visit


@dataclass(frozen=True, slots=True)
class Work:
    """An entry before a panel: the expert's own sheet, how many of the panel's are in, and what the panel has said as one."""

    entry: Entry
    total: str
    draft: bool
    sheets: int
    agreed: bool
    reported: bool
    visit: Visit | None

    @property
    def done(self) -> bool:
        """Whether the expert's own sheet is locked."""
        return bool(self.total)


@dataclass(frozen=True, slots=True)
class Bench:
    """A panel with its entries. seats: how many experts sit on it; own: whether the reader is one of them."""

    panel: Panel
    title: str
    seats: int
    leader: bool
    handed: bool
    works: list[Work]

    @property
    def left(self) -> int:
        """How many sheets the expert still owes."""
        return sum(not work.done for work in self.works)


@require_safe
@desk(Role.EXPERT)
def home(request: DeskRequest) -> HttpResponse:
    """All panels of the expert, those of the newest cycle first."""
    acting = request.desk.acting
    panels = list(reach.panels(acting).select_related("cycle").order_by("-cycle__year", "-round", "code")[:40])
    return render(request, "expert/home.html", {"benches": benches(acting, panels)})


@require_safe
@desk(Role.EXPERT, Role.AGENCY)
def panel(request: DeskRequest, pk: int) -> HttpResponse:
    """One panel and its entries."""
    acting = request.desk.acting
    row = panel_of(acting, pk)
    (bench,) = benches(acting, [row])
    return render(request, "expert/panel.html", {"bench": bench, "panel": row, "leader": leads(acting, row)})


def benches(acting: Acting, panels: list[Panel]) -> list[Bench]:
    """Panels with what has been done, in a constant number of queries."""
    links = Panel.entries.through._default_manager.filter(panel__in=panels).values_list("panel", "entry")
    of_panel: dict[int, list[int]] = defaultdict(list)
    for panel, entry in links:
        of_panel[panel].append(entry)
    rows = reach.entries(acting).filter(pk__in=[e for found in of_panel.values() for e in found])
    entries = {entry.pk: entry for entry in rows.select_related("party", "cycle").defer("form")}
    seats = list(Seat.objects.filter(panel__in=panels, vacated_at=None).select_related("expert"))
    record = _Record(acting, panels, entries.values())
    return [_bench(acting, panel, [entries[pk] for pk in of_panel[panel.pk] if pk in entries], seats, record) for panel in panels]


class _Record:
    """What has been handed in to some panels."""

    def __init__(self, acting: Acting, panels: list[Panel], entries: Iterable[Entry]) -> None:
        self.sheets: dict[tuple[int, int], list[Sheet]] = defaultdict(list)
        rows = Sheet.objects.filter(panel__in=panels, voided_at=None).select_related("expert").defer("marks", "comments")
        for sheet in rows:
            self.sheets[sheet.panel_id, sheet.entry_id].append(sheet)
        self.agreed = set(Consensus.objects.filter(panel__in=panels).values_list("panel", "entry"))
        self.reported = set(Report.objects.filter(panel__in=panels).values_list("panel", "entry"))
        self.visits = {(v.panel_id, v.entry_id): v for v in Visit.objects.filter(panel__in=panels)}
        self.handed = set(Papers.objects.filter(panel__in=panels).values_list("panel", flat=True))
        names = [reach.address(entry) for entry in entries]
        acts = [spec.id for spec in SUBMIT.values()]
        drafts = Draft.objects.filter(person=acting.person, act__in=acts, subject__in=names)
        self.drafts = set(drafts.values_list("act", "subject"))


def _bench(acting: Acting, panel: Panel, entries: list[Entry], seats: list[Seat], record: _Record) -> Bench:
    mine = [seat for seat in seats if seat.panel_id == panel.pk]
    own = next((seat for seat in mine if acting.person and seat.expert.person_id == acting.person.pk), None)
    works = [_work(acting, panel, entry, record) for entry in sorted(entries, key=lambda entry: entry.code)]
    title = panel_title(panel, rules_of(panel.cycle))
    return Bench(panel, title, len(mine), own is not None and own.leader, panel.pk in record.handed, works)


def _work(acting: Acting, panel: Panel, entry: Entry, record: _Record) -> Work:
    sheets = record.sheets[panel.pk, entry.pk]
    own = next((s for s in sheets if acting.person and s.expert.person_id == acting.person.pk), None)
    key = (panel.pk, entry.pk)
    drafted = (SUBMIT[panel.round].id, reach.address(entry)) in record.drafts
    total = shown(own.total) if own else ""
    return Work(entry, total, drafted and not own, len(sheets), key in record.agreed, key in record.reported, record.visits.get(key))
