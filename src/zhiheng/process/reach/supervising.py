"""After the award, and the journal: certificates, money, reports, revocations, abuse of office (T1; J3–K7)."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Exists, Model, Q, QuerySet, Value
from django.db.models.functions import Concat

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.journal.services import PLATFORM
from zhiheng.process.reach.applying import entries
from zhiheng.process.reach.grants import STAFF, grants, held
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.commendation.models import Certificate, LedgerLine, Promotion, UseReport
from zhiheng.stages.supervision.models import AbuseRecord, ChangeReport, Finding, MisuseReport, Revisit, Revocation

Row = TypeVar("Row", bound=Model)
#: A winner's affairs concern itself, its city's regulator, and the office.
CONCERNED = STAFF | {Role.APPLICANT, Role.RECOMMENDER}


def _of_entries(acting: Acting, rows: QuerySet[Row], roles: frozenset[Role]) -> QuerySet[Row]:
    return rows.filter(entry__in=entries(acting).order_by().values("pk")) if acting.role in roles else rows.none()


def certificates(acting: Acting) -> QuerySet[Certificate]:
    """Certificates: anyone may check one by its number (K6)."""
    rows = Certificate.objects.filter(cycle__in=held(acting)).order_by("number")
    return rows.none() if acting.role == Role.ADMIN else rows


def ledger(acting: Acting) -> QuerySet[LedgerLine]:
    """Movements of prize money: to the office, the inspector and the winner itself."""
    return _of_entries(acting, LedgerLine.objects.order_by("entry__code", "pk"), STAFF | {Role.APPLICANT})


def use_reports(acting: Acting) -> QuerySet[UseReport]:
    """How winners used their money (J4)."""
    return _of_entries(acting, UseReport.objects.order_by("entry__code", "pk"), STAFF | {Role.APPLICANT})


def promotions(acting: Acting) -> QuerySet[Promotion]:
    """How winners share their methods (J6)."""
    return _of_entries(acting, Promotion.objects.order_by("entry__code", "pk"), CONCERNED)


def change_reports(acting: Acting) -> QuerySet[ChangeReport]:
    """Major changes that a winner told its city's regulator of (K4)."""
    return _of_entries(acting, ChangeReport.objects.order_by("entry__code", "pk"), CONCERNED)


def revisits(acting: Acting) -> QuerySet[Revisit]:
    """Follow-up visits by the city's regulator (K5)."""
    return _of_entries(acting, Revisit.objects.order_by("entry__code", "pk"), CONCERNED)


def findings(acting: Acting) -> QuerySet[Finding]:
    """Findings of false materials: to the office, the inspector and the party (K1)."""
    return _of_entries(acting, Finding.objects.order_by("entry__code", "pk"), STAFF | {Role.APPLICANT})


def misuse_reports(acting: Acting) -> QuerySet[MisuseReport]:
    """Reports of misuse, with who reports: to the office and the inspector alone (J6)."""
    return _of_entries(acting, MisuseReport.objects.order_by("-received_at", "-pk"), STAFF)


def revocations(acting: Acting) -> QuerySet[Revocation]:
    """Revocations under way and decided: to the office, the inspector, and the chair, who agrees to them (K2, K3)."""
    return _of_entries(acting, Revocation.objects.order_by("-pk"), STAFF | {Role.CHAIR})


def abuse_records(acting: Acting) -> QuerySet[AbuseRecord]:
    """Abuses of office and what was done: to the office and the inspector (K7)."""
    rows = AbuseRecord.objects.filter(cycle__in=held(acting)).order_by("-recorded_at", "-pk")
    return rows if acting.role in STAFF else rows.none()


def journal(acting: Acting) -> QuerySet[JournalEntry]:
    """The journal: to the inspector and, to read, to the office the chains of their cycles, and the platform's to whom no cycle limits;
    to everybody else what they did themselves in this role."""
    rows = JournalEntry.objects.filter(Exists(grants(acting))).order_by("chain", "seq")
    if acting.role not in STAFF:
        return rows.filter(actor=acting.code, role=acting.role.value)
    chains = held(acting).order_by().values_list(Concat(Value("cycle:"), "code"))
    return rows.filter(Q(chain__in=chains) | Q(Exists(grants(acting).filter(cycle="")), chain=PLATFORM))
