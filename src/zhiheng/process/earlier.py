"""An application beside the party's earlier ones, for those who judge its improvement (三(三); B5; Q12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.acts.permission import holds
from zhiheng.rules.decision import Decision, no, yes
from zhiheng.rules.lifecycle import EntryStatus, Role
from zhiheng.stages.application import facts
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.selectors import STAGE_OF, barred_by_conflict, seat_of
from zhiheng.stages.qualification.models import Qualification
from zhiheng.stages.qualification.selectors import commissioned
from zhiheng.stages.review.models import Sheet

STAFF = frozenset({Role.OFFICE, Role.AGENCY, Role.INSPECTOR})


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier application: what it said, how far it came, and its exact scores as far as it was scored."""

    code: str
    year: int
    award: str
    category: str
    status: EntryStatus
    form: Mapping[str, Any]
    material: Fraction | None
    site: Fraction | None
    final: Fraction | None


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The present form, what it says of its improvement, the finding on that, and the earlier applications, the latest first."""

    form: Mapping[str, Any]
    improvement: str
    finding: str
    earlier: tuple[Earlier, ...]


def side_by_side(acting: Acting, entry: Entry) -> Decision[SideBySide]:
    """The application beside the earlier ones. Staff see it at any time; an expert only once their own sheet for it is submitted, so that
    no old score leads them (Q12). Refused to everybody else, and to anyone with a standing conflict (K7).
    """
    allowed = _may_see(acting, entry)
    if not allowed.ok:
        return Decision(allowed.reasons)
    record = Qualification.objects.filter(entry=entry).first()
    rows = tuple(_earlier(row) for row in facts.earlier(entry).select_related("cycle"))
    return yes(value=SideBySide(entry.form, str(entry.form.get("improvement", "")), record.improvement if record else "", rows))


def _may_see(acting: Acting, entry: Entry) -> Decision[None]:
    refusal: Decision[None] = no("往届申报及得分仅供评审工作人员和已提交评分表的评审专家查阅", article="三(三)", duty="B5", code="scope")
    if acting.person is None or not holds(acting, entry.cycle) or barred_by_conflict(acting.person.pk, entry):
        return refusal
    if acting.role in STAFF:
        return yes() if commissioned(acting, entry) else refusal
    seats = [seat for name in STAGE_OF if (seat := seat_of(acting, entry, name))] if acting.role == Role.EXPERT else []
    if not seats:
        return refusal
    for seat in seats:
        if not Sheet.objects.filter(panel=seat.panel, entry=entry, expert=seat.expert, voided_at=None).exists():
            return no("请先独立评分并提交评分表，再查阅往届申报及得分", article="三(三)", duty="B5", code="unscored")
    return yes()


def _earlier(entry: Entry) -> Earlier:
    totals = {row.round: row.total for row in entry.results.order_by("version")}
    final = entry.finals.order_by("version").last()
    return Earlier(
        code=entry.code,
        year=entry.cycle.year,
        award=entry.award,
        category=entry.category,
        status=EntryStatus(entry.status),
        form=entry.form,
        material=totals.get("material"),
        site=totals.get("site"),
        final=final.total if final else None,
    )
