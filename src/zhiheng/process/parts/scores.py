"""How an entry was scored, as far as the actor may know: sheets, consensus, reports, results, the applicant's feedback (F2, G3, T2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from zhiheng.process import reach
from zhiheng.process.parts.audience import Part
from zhiheng.process.parts.sight import Sight
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.commendation import feedback as commendation
from zhiheng.stages.nomination.models import Final
from zhiheng.stages.panel.models import ROUNDS
from zhiheng.stages.review.models import Consensus, Report, Result, Sheet

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
    """The sheets with what was agreed on and reported; None where there is nothing that the actor may see. Three queries."""
    if not sight.admits(Part.SHEETS):
        return None
    acting, entry = sight.acting, sight.entry
    staff = acting.role != Role.EXPERT
    rows = reach.sheets(acting).filter(entry=entry).select_related("expert__person").defer("marks", "comments")
    lines = tuple(_scored(row, acting.person.pk if acting.person else None, staff) for row in rows)
    agreed = tuple(reach.consensuses(acting).filter(entry=entry).defer("marks"))
    written = tuple(reach.reports(acting).filter(entry=entry))
    return Judged(lines, agreed, written) if lines or agreed or written else None


def _scored(row: Sheet, me: int | None, named: bool) -> Scored:
    expert, name = row.expert, row.expert.person.name if named else ""
    mine = expert.person_id == me
    return Scored(row.pk, ROUND_TITLES[row.round], expert.code, name, mine, row.total, row.submitted_at, row.voided_at, row.void_reason)


def results(sight: Sight) -> Results | None:
    """The scores of the rounds and the final one, for who may know them; None before there is any. Two queries."""
    if not sight.admits(Part.RESULTS):
        return None
    acting, entry, award = sight.acting, sight.entry, sight.pack.award(sight.entry.award)
    counting = {row.round: row for row in reach.results(acting).filter(entry=entry).defer("marks", "sheets").order_by("version")}
    final = reach.finals(acting).filter(entry=entry).order_by("-version").first()
    if not counting and final is None:
        return None
    rounds = tuple((title, counting[name]) for name, title in ROUNDS if name in counting)
    return Results(rounds, final, award.material_threshold.value, award.full_mark)


def feedback(sight: Sight) -> list[commendation.Feedback]:
    """The applicant's own feedback reports, after their release (Q32)."""
    return commendation.feedback(sight.acting, sight.entry) if sight.admits(Part.FEEDBACK) else []
