"""What followed the award: certificate, money, promotion, supervision (J3–J6, K1–K5)."""

from __future__ import annotations

from dataclasses import dataclass

from zhiheng.process.parts.audience import OVERSIGHT, Part
from zhiheng.process.parts.sight import Sight
from zhiheng.rules.lifecycle import EntryStatus, Role
from zhiheng.stages.commendation.models import Certificate, LedgerLine, Promotion, UseReport
from zhiheng.stages.commendation.services import PURPOSES
from zhiheng.stages.supervision.models import ChangeReport, Finding, MisuseReport, Revisit, Revocation

AFTER = frozenset({EntryStatus.AWARDED, EntryStatus.REVOKED})
PARTY = OVERSIGHT | {Role.APPLICANT}


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
    """What a winner received; None for who did not win. The money concerns the party and who oversees, the promotion its city's regulator
    too. At most four queries."""
    if not sight.admits(Part.HONOURS) or sight.status not in AFTER:
        return None
    role, entry = sight.acting.role, sight.entry
    money, told = role in PARTY, role in PARTY | {Role.RECOMMENDER}
    return Honoured(
        Certificate.objects.filter(entry=entry).first(),
        tuple(entry.ledger.order_by("pk")) if money else (),
        tuple((PURPOSES.get(row.purpose, row.purpose), row) for row in entry.use_reports.order_by("pk")) if money else (),
        tuple(entry.promotions.order_by("pk")) if told else (),
    )


def supervision(sight: Sight) -> Supervised | None:
    """Findings, reports, revocations, changes and follow-up visits; None where there is nothing to tell. At most five queries."""
    if not sight.admits(Part.SUPERVISION):
        return None
    role, entry, after = sight.acting.role, sight.entry, sight.status in AFTER
    revocations = entry.revocations.order_by("pk")
    if role not in OVERSIGHT:  # the party learns of a revocation when it is decided
        revocations = revocations.filter(decided_on__isnull=False)
    found = Supervised(
        tuple(entry.findings.order_by("pk")) if role in PARTY else (),
        tuple(entry.misusereports.order_by("pk")) if after and role in OVERSIGHT else (),
        tuple(revocations) if after and role in PARTY else (),
        tuple(entry.changereports.order_by("pk")) if after else (),
        tuple(entry.revisits.select_related("unit").order_by("pk")) if after else (),
    )
    return found or None
