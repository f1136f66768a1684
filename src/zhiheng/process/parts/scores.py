"""How an entry was scored, as far as the actor may know: sheets, consensus, reports, results, the applicant's feedback (F2, G3, T2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from zhiheng.process.parts.audience import COMMITTEE, STAFF, Part
from zhiheng.process.parts.sight import Sight
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.stages.commendation import feedback as commendation
from zhiheng.stages.nomination.models import Final
from zhiheng.stages.panel.models import ROUNDS
from zhiheng.stages.review.models import Consensus, Report, Result, Sheet
from zhiheng.stages.review.selectors import visible_sheets

ROUND_TITLES = dict(ROUNDS)


@dataclass(frozen=True, slots=True)
class Scored:
    """One expert's sheet as a line: `who` is the expert's code, with the name for staff; mine: one's own."""

    pk: int
    round: str
    who: str
    name: str
    mine: bool
    total: Fraction
    submitted_at: datetime
    voided_at: datetime | None
    void_reason: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What a panel's work gave: its consensus versions and reports, as far as they are open to the actor."""

    sheets: tuple[Scored, ...]
    consensuses: tuple[Consensus, ...]
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """The results that count, by round, and the final score; versions that were replaced stay on record elsewhere."""

    rounds: tuple[tuple[str, Result], ...]  # title of the round, result
    final: Final | None
    threshold: Fraction
    full: Fraction


def sheets(sight: Sight) -> Judged | None:
    """The sheets with what was agreed on and reported; None where there is nothing that the actor may see.

    Who judges the entry, in any role, reads of a panel's work only what is open to them: once their own sheet is locked.
    """
    if not sight.admits(Part.SHEETS) or not sight.reached(Stage.MATERIAL_REVIEW):
        return None
    acting, entry = sight.acting, sight.entry
    me, named = acting.person.pk if acting.person else None, acting.role != Role.EXPERT
    rows = list(visible_sheets(acting, entry).select_related("expert__person").defer("marks", "comments"))
    agreed, written = entry.consensuses.defer("marks").order_by("round", "version"), entry.reports.order_by("round")
    if acting.role == Role.EXPERT or sight.seats:
        opened = {row.panel_id for row in rows if row.expert.person_id == me and row.voided_at is None} & sight.seats
        agreed, written = agreed.filter(panel__in=opened), written.filter(panel__in=opened)
    found = Judged(tuple(_scored(row, me, named) for row in rows), tuple(agreed), tuple(written))
    return found if found.sheets or found.consensuses or found.reports else None


def _scored(row: Sheet, me: int | None, named: bool) -> Scored:
    expert, name = row.expert, row.expert.person.name if named else ""
    mine = expert.person_id == me
    return Scored(row.pk, ROUND_TITLES[row.round], expert.code, name, mine, row.total, row.submitted_at, row.voided_at, row.void_reason)


def results(sight: Sight) -> Results | None:
    """The scores of the rounds to staff and the chair, the final one to the whole committee; None before there is any, and to whoever
    judges the entry themselves."""
    if not sight.admits(Part.RESULTS) or not sight.reached(Stage.MATERIAL_REVIEW) or sight.seats:
        return None
    role, entry, award = sight.acting.role, sight.entry, sight.pack.award(sight.entry.award)
    rows = entry.results.defer("marks", "sheets").order_by("version") if role in STAFF | {Role.CHAIR} else ()
    counting = {row.round: row for row in rows}
    summed = sight.reached(Stage.NOMINATION) and role in STAFF | COMMITTEE
    final = entry.finals.order_by("-version").first() if summed else None
    if not counting and final is None:
        return None
    rounds = tuple((title, counting[name]) for name, title in ROUNDS if name in counting)
    return Results(rounds, final, award.material_threshold.value, award.full_mark)


def feedback(sight: Sight) -> list[commendation.Feedback]:
    """The applicant's own feedback reports, after their release (Q32)."""
    return commendation.feedback(sight.acting, sight.entry) if sight.admits(Part.FEEDBACK) else []
