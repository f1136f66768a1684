"""Stored files that are not evidence, by the rights of what they belong to (T6)."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.files.models import Letter, StoredFile
from zhiheng.process.reach.applying import conflicts, entries, objections
from zhiheng.process.reach.grants import OF_THE_CITY, STAFF, held
from zhiheng.process.reach.supervising import promotions
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.application.models import Evidence
from zhiheng.stages.panel.models import Conflict
from zhiheng.stages.recommendation.models import CityOpinion, Recommendation


def letters(acting: Acting) -> QuerySet[Letter]:
    """Letters of outside parties: to the office and the inspector those of their cycles; to the agency and the city's bodies what was
    written on the entries that they read."""
    rows = Letter.objects.order_by("-dated", "-pk")
    if acting.role in STAFF:
        return rows.filter(cycle__in=held(acting).order_by().values("code"))
    if acting.role not in OF_THE_CITY | {Role.AGENCY}:
        return rows.none()
    read = entries(acting).order_by().values("pk")
    said = CityOpinion.objects.filter(entry__in=read, letter__isnull=False).values("letter")
    agreed = Recommendation.objects.filter(entry__in=read, consent__isnull=False).values("consent")
    return rows.filter(Q(pk__in=said) | Q(pk__in=agreed))


def files(acting: Acting) -> QuerySet[StoredFile]:
    """The stored files that the actor may read without a recorded look: scans of letters, proofs of objections and of requests for recusal,
    materials that a winner shared, and what they uploaded themselves and have not sent yet. Evidence is not among them: it is opened by
    `evidence.look`."""
    rows = StoredFile.objects.exclude(pk__in=Evidence.objects.values("file"))
    if acting.person is None:
        return rows.none()
    scans = letters(acting).order_by().filter(scan__isnull=False).values("scan")
    proofs = objections(acting).order_by().filter(proof__isnull=False).values("proof")
    reasons = conflicts(acting).order_by().filter(proof__isnull=False) if acting.role in STAFF else Conflict.objects.none()
    shared = promotions(acting).order_by().filter(file__isnull=False).values("file")
    return rows.filter(
        Q(pk__in=scans) | Q(pk__in=proofs) | Q(pk__in=reasons.values("proof")) | Q(pk__in=shared) | Q(owner=f"draft:{acting.code}")
    )
