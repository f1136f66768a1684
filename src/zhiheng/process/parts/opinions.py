"""What was said of the application before it was judged: city, recommender, agency, provincial departments (D4, E1–E3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhiheng.process.parts.audience import STAFF, Part
from zhiheng.process.parts.sight import Sight
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.qualification.models import Consultation, Qualification
from zhiheng.stages.recommendation.models import CityOpinion, Recommendation


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an examination."""

    title: str
    passed: bool
    note: str


@dataclass(frozen=True, slots=True)
class Recommended:
    """What the recommender did: `sides` and `departments` empty for who may not read them; concluded_at None while it goes on."""

    sides: tuple[Side, ...]
    opinion: str
    signed_by: str
    signed_at: datetime | None
    consent: Any  # the letter of the city's coordination body
    consented_at: datetime | None
    concluded_at: datetime | None
    reason: str
    departments: tuple[CityOpinion, ...]


@dataclass(frozen=True, slots=True)
class Qualified:
    """The qualification review: sides and departments' concerns only to staff; reasons to the party once fed back."""

    sides: tuple[Side, ...]
    passed: bool
    reasons: tuple[str, ...]
    improvement: str
    checked_at: datetime | None
    fed_back_at: datetime | None
    concerns: tuple[tuple[str, str], ...]  # department, what it holds against the entry


def recommendation(sight: Sight) -> Recommended | None:
    """The recommender's examination and opinion, and the city departments' words. The applicant reads the outcome once concluded;
    an expert and the committee the signed opinion. Two queries."""
    if not sight.admits(Part.RECOMMENDATION):
        return None
    row = Recommendation.objects.filter(entry=sight.entry).select_related("consent").first()
    whole = sight.admits(Part.OPINIONS)
    if row is None or (not whole and row.concluded_at is None):
        said = tuple(CityOpinion.objects.filter(entry=sight.entry).order_by("pk")) if whole else ()
        return Recommended((), "", "", None, None, None, None, "", said) if said else None
    if not whole:
        outcome = row.reason if sight.acting.role == Role.APPLICANT else ""
        return Recommended((), row.opinion, row.signed_by, row.signed_at, None, row.consented_at, row.concluded_at, outcome, ())
    said = tuple(CityOpinion.objects.filter(entry=sight.entry).select_related("letter").order_by("pk"))
    return Recommended(
        _sides(sight, row.sides),
        row.opinion,
        row.signed_by,
        row.signed_at,
        row.consent,
        row.consented_at,
        row.concluded_at,
        row.reason,
        said,
    )


def qualification(sight: Sight) -> Qualified | None:
    """The qualification review with what departments hold against the entry. Party and recommender read why it failed, once fed back."""
    if not sight.admits(Part.QUALIFICATION):
        return None
    row = Qualification.objects.filter(entry=sight.entry).first()
    if sight.acting.role not in STAFF:
        if row is None or row.fed_back_at is None:
            return None
        return Qualified((), row.passed, tuple(row.reasons), "", None, row.fed_back_at, ())
    concerns = _concerns(sight)
    if row is None:
        return Qualified((), False, (), "", None, None, concerns) if concerns else None
    sides = _sides(sight, row.sides)
    return Qualified(sides, row.passed, tuple(row.reasons), row.improvement, row.checked_at, row.fed_back_at, concerns)


def _sides(sight: Sight, sides: Sequence[Mapping[str, Any]]) -> tuple[Side, ...]:
    titles = {check.code: check.title for check in sight.pack.checks}
    return tuple(Side(titles.get(side["code"], side["code"]), bool(side["passed"]), str(side.get("note") or "")) for side in sides)


def _concerns(sight: Sight) -> tuple[tuple[str, str], ...]:
    rows = Consultation.objects.filter(cycle=sight.entry.cycle).order_by("pk").values_list("department", "concerns")
    return tuple((department, said[sight.entry.code]) for department, said in rows if sight.entry.code in said)
