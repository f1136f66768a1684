"""What followed the award: certificate, money, promotion, supervision (J3–J6, K1–K5)."""

from __future__ import annotations

from dataclasses import dataclass

from zhiheng.process import reach
from zhiheng.process.parts.audience import OVERSIGHT, Part
from zhiheng.process.parts.sight import Sight
from zhiheng.rules.lifecycle import EntryStatus, Role
from zhiheng.stages.commendation.models import Certificate, LedgerLine, Promotion, UseReport
from zhiheng.stages.commendation.services import PURPOSES
from zhiheng.stages.supervision.models import ChangeReport, Finding, MisuseReport, Revisit, Revocation

AFTER = frozenset({EntryStatus.AWARDED, EntryStatus.REVOKED})


@dataclass(frozen=True, slots=True)
class Honoured:
    """The certificate, and to whom it concerns the movements of prize money, its use and how the methods were shared."""

    certificate: Certificate | None
    ledger: tuple[LedgerLine, ...]
    uses: tuple[tuple[str, UseReport], ...]  # what for, in words
    promotions: tuple[Promotion, ...]


@dataclass(frozen=True, slots=True)
class Supervised:
    """What is on record of the winner afterwards, as far as the actor may know."""

    findings: tuple[Finding, ...]
    misuses: tuple[MisuseReport, ...]
    revocations: tuple[Revocation, ...]
    changes: tuple[ChangeReport, ...]
    revisits: tuple[Revisit, ...]

    def __bool__(self) -> bool:
        return any((self.findings, self.misuses, self.revocations, self.changes, self.revisits))


def honours(sight: Sight) -> Honoured | None:
    """What a winner received; None for who did not win. Four queries."""
    if not sight.admits(Part.HONOURS) or sight.status not in AFTER:
        return None
    acting, entry = sight.acting, sight.entry
    return Honoured(
        Certificate.objects.filter(entry=entry).first(),
        tuple(reach.ledger(acting).filter(entry=entry)),
        tuple((PURPOSES.get(row.purpose, row.purpose), row) for row in reach.use_reports(acting).filter(entry=entry)),
        tuple(reach.promotions(acting).filter(entry=entry)),
    )


def supervision(sight: Sight) -> Supervised | None:
    """Findings, reports, revocations, changes and follow-up visits; None where there is nothing to tell. At most five queries."""
    if not sight.admits(Part.SUPERVISION):
        return None
    acting, entry = sight.acting, sight.entry
    revocations = Revocation.objects.filter(entry=entry).order_by("pk")
    if acting.role not in OVERSIGHT:  # the party learns of a revocation when it is decided
        revocations = revocations.filter(decided_on__isnull=False) if acting.role == Role.APPLICANT else revocations.none()
    found = Supervised(
        tuple(reach.findings(acting).filter(entry=entry)),
        tuple(reach.misuse_reports(acting).filter(entry=entry)),
        tuple(revocations),
        tuple(reach.change_reports(acting).filter(entry=entry)),
        tuple(reach.revisits(acting).filter(entry=entry).select_related("unit")),
    )
    return found or None
