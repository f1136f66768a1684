"""The fictional cast of a demo or a simulated cycle: people, bodies, marks, words and files, all from one seed, none of them real."""

from __future__ import annotations

from zhiheng.simulation.cast.chance import Chance
from zhiheng.simulation.cast.comments import ReportText, comments_for, consensus_reason, report_for
from zhiheng.simulation.cast.everybody import assemble
from zhiheng.simulation.cast.evidence import evidence_pdf
from zhiheng.simulation.cast.marks import agreed_marks, marks_for, profile_of
from zhiheng.simulation.cast.model import (
    Cast,
    Claim,
    ExpertCast,
    MemberCast,
    OrganizationCast,
    PersonCast,
    StaffCast,
    Tie,
    UnitCast,
)
from zhiheng.simulation.cast.places import city_coordination, city_departments

__all__ = [
    "Cast", "Chance", "Claim", "ExpertCast", "MemberCast", "OrganizationCast", "PersonCast", "ReportText", "StaffCast", "Tie", "UnitCast",
    "agreed_marks", "cast", "city_coordination", "city_departments", "comments_for", "consensus_reason", "evidence_pdf", "marks_for",
    "profile_of", "report_for",
]  # fmt: skip


def cast(rng: Chance, organizations: int, persons: int, experts: int, members: int = 25, year: int = 2026) -> Cast:
    """Everybody in a play of that size in that year. `rng` is a seeded source: the same seed gives the same cast."""
    return assemble(rng, organizations, persons, experts, members, year)
