"""Which entries and panels an expert works on; another's do not exist for them (T1, T2, K7)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from zhiheng.foundation.acts import Acting, ActSpec
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.question import Question
from zhiheng.process import reach
from zhiheng.process.register import review, sitevisit
from zhiheng.rules.lifecycle import Stage
from zhiheng.rules.pack import Criteria, Pack
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Panel, Seat
from zhiheng.stages.panel.selectors import ROUND_OF
from zhiheng.stages.review.models import Sheet
from zhiheng.stages.review.scoring import open_to, owes, own_sheet

SUBMIT: dict[str, ActSpec] = {"material": review.submit_sheet, "site": sitevisit.submit_sheet}
AGREE: dict[str, ActSpec] = {"material": review.record_consensus, "site": sitevisit.record_consensus}
_entry = Question(lambda code: Entry.objects.select_related("recommender").filter(code=code))
_named = Question(lambda code: Entry.objects.select_related("cycle").filter(code=code))
REPORT: dict[str, ActSpec] = {"material": review.submit_report, "site": sitevisit.submit_report}


@dataclass(frozen=True, slots=True)
class Task:
    """An expert's work on an entry in a round: the seat from which they judge it, and the rules by which."""

    entry: Entry
    seat: Seat
    pack: Pack
    scheme: Criteria

    @property
    def round(self) -> str:
        """material or site."""
        return self.seat.panel.round

    @property
    def act(self) -> ActSpec:
        """The act that hands the sheet in."""
        return SUBMIT[self.round]

    @property
    def address(self) -> str:
        """What the draft of the sheet is about."""
        return reach.address(self.entry)

    def open(self) -> bool:
        """Whether the entry is being judged in this round now."""
        return ROUND_OF.get(Stage(self.entry.cycle.stage)) == self.round and open_to(self.entry, self.round)

    def owed(self) -> bool:
        """Whether the seat, without a sheet of its own, owes one."""
        return owes(self.seat, self.entry)

    def own(self) -> Sheet | None:
        """The sheet that this expert has locked."""
        return own_sheet(self.entry, self.seat.expert_id, self.round)


def task_of(acting: Acting, code: str, wanted: str = "") -> Task:
    """The acting expert's work on an entry, in the round that runs or the last, or in that wanted. Raises Http404 for another's."""
    seats = {seat.panel.round: seat for seat in reach.judging(acting, code)}
    running = ROUND_OF.get(Stage(next(iter(seats.values())).panel.cycle.stage), "site") if seats else ""
    seat = seats.get(wanted) if wanted else seats.get(running) or seats.get("site") or seats.get("material")
    if seat is None:
        raise Http404
    (entry,) = _entry(code)
    entry.cycle = seat.panel.cycle
    pack = rules_of(entry.cycle)
    return Task(entry, seat, pack, pack.scheme(entry.award, entry.category))


def named(acting: Acting, code: str, wanted: str = "") -> tuple[ActSpec, Entry]:
    """The act that hands in a sheet for the entry, and the entry. Raises Http404 where there is none.

    In the round that runs nothing is asked of whose it is: the act itself asks, and journals whom it refuses.
    """
    entry = _named.first(code)
    if entry is None:
        raise Http404
    running = ROUND_OF.get(Stage(entry.cycle.stage))
    if running and wanted in {"", running}:
        return SUBMIT[running], entry
    return task_of(acting, code, wanted).act, entry


def entry_of(acting: Acting, code: str) -> Entry:
    """An entry whose content the actor reads. Raises Http404 for any other."""
    entry = reach.entries(acting).select_related("cycle", "party", "recommender").filter(code=code).first()
    if entry is None:
        raise Http404
    return entry


def panel_of(acting: Acting, pk: int) -> Panel:
    """A panel where the expert sits, or of the commissioned agency's cycle. Raises Http404 for any other."""
    panel = reach.panels(acting).select_related("cycle").filter(pk=pk).first()
    if panel is None:
        raise Http404
    return panel


def leads(acting: Acting, panel: Panel) -> bool:
    """Whether the acting expert is the panel's leader."""
    return panel.seats.filter(expert__person=acting.person, leader=True, vacated_at=None).exists()
