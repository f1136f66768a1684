"""What an expert has done in past and present cycles, as far as the reader reads of it (F1, G4, K7, T2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process import reach
from zhiheng.process.reach.grants import STAFF
from zhiheng.rules.compose import panel_title
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.panel.models import Conflict, Expert, Panel
from zhiheng.stages.review.models import Handover, Sheet
from zhiheng.stages.sitevisit.models import ExpertEvaluation


@dataclass(frozen=True, slots=True)
class Served:
    """A seat on a panel. entries: judged by the panel; sheets: handed in and standing; voided: of the others; late: handed in after the
    round's results were due."""

    panel: Panel
    title: str
    cycle: Cycle
    round: str
    leader: bool
    entries: int
    sheets: int
    voided: int
    late: int
    left_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Rated:
    """An appraisal: by the office or the agency after a round, or on the evaluation sheet of a site visit's leader."""

    cycle: Cycle
    title: str
    on: datetime
    rating: str
    text: str
    leaders: bool


def served(acting: Acting, expert: Expert) -> list[Served]:
    """The seats that the reader reads of, newest cycle first. Four queries, however many."""
    rows = reach.seats(acting).filter(expert=expert).select_related("panel__cycle__pack").defer("panel__cycle__pack__content")
    seats = list(rows.order_by("-panel__cycle__year", "panel__round", "pk"))
    panels = [seat.panel_id for seat in seats]
    sizes = dict(Panel.objects.filter(pk__in=panels).annotate(n=Count("entries")).values_list("pk", "n"))
    handed = Handover.objects.filter(cycle__panels__in=panels).values_list("cycle", "round", "due_on")
    due = {(cycle, name): on for cycle, name, on in handed}
    counted = _sheets(expert, panels)
    found = []
    for seat in seats:
        sheets, voided, days = counted.get(seat.panel_id, (0, 0, []))
        end = due.get((seat.panel.cycle_id, seat.panel.round))
        late = sum(day > end for day in days) if end else 0
        found.append(
            Served(
                seat.panel, _title(seat.panel), seat.panel.cycle, seat.panel.get_round_display(), seat.leader,
                sizes.get(seat.panel_id, 0), sheets, voided, late, seat.vacated_at, seat.reason,
            )
        )  # fmt: skip
    return found


def _title(panel: Panel) -> str:
    return panel_title(panel, rules_of(panel.cycle))


def _sheets(expert: Expert, panels: list[int]) -> dict[int, tuple[int, int, list[date]]]:
    """Panel → sheets standing, sheets voided, the days on which they were handed in."""
    found: dict[int, tuple[int, int, list[date]]] = {}
    for panel, voided, at in Sheet.objects.filter(expert=expert, panel__in=panels).values_list("panel", "voided_at", "submitted_at"):
        standing, void, days = found.get(panel, (0, 0, []))
        found[panel] = (standing + (voided is None), void + (voided is not None), [*days, clock.local(at).date()])
    return found


def rated(acting: Acting, expert: Expert) -> list[Rated]:
    """What was said of the expert's work, newest first: to staff and the commissioned agency, never to the expert."""
    if acting.role not in STAFF | {Role.AGENCY}:
        return []
    rows = reach.appraisals(acting).filter(expert=expert).select_related("panel__cycle__pack").defer("panel__cycle__pack__content")
    found = [Rated(r.panel.cycle, _title(r.panel), r.at, r.get_rating_display(), r.text, leaders=False) for r in rows]
    sheets = ExpertEvaluation.objects.filter(expert=expert, papers__in=reach.papers(acting).order_by().values("pk"))
    for one in sheets.select_related("papers__panel__cycle__pack").defer("papers__panel__cycle__pack__content"):
        papers = one.papers
        found.append(Rated(papers.panel.cycle, _title(papers.panel), papers.handed_at, one.get_rating_display(), one.text, leaders=True))
    return sorted(found, key=lambda one: one.on, reverse=True)


def recused(acting: Acting, expert: Expert) -> list[Conflict]:
    """The recusals of an expert, newest first. Of who asked for theirs an expert is told nothing."""
    rows = reach.conflicts(acting).filter(person=expert.person).select_related("entry__cycle")
    return list((rows.exclude(kind="requested") if acting.role == Role.EXPERT else rows).defer("entry__form"))
