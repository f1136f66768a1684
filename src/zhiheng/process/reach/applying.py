"""Entries and what hangs on them: evidence, claims, conflicts, notices, objections (T1; D2, K7)."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.people.models import Person
from zhiheng.foundation.publicity.models import Notice, Objection
from zhiheng.process.reach.grants import OF_THE_CITY, STAFF, commissioned, held
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage
from zhiheng.stages.application.models import BonusClaim, Entry, Evidence
from zhiheng.stages.committee.models import Member
from zhiheng.stages.panel.models import Conflict, Seat
from zhiheng.stages.panel.selectors import ROUND_OF

E = EntryStatus
NOMINATED = frozenset({E.NOMINATED, E.PROPOSED, E.NOT_PROPOSED, E.CONFIRMED, E.CANCELLED, E.AWARDED, E.REVOKED})
REVIEWED = NOMINATED | {E.REVIEWED, E.SHORTLISTED, E.NOT_SHORTLISTED, E.VISITED, E.NOT_NOMINATED}
#: Named in the accepted list, and so known to everybody.
PUBLISHED = REVIEWED | {E.ACCEPTED, E.BELOW_MATERIAL}
WON = frozenset({E.AWARDED, E.REVOKED})
#: Before a department's or an authority's word is asked on a list, and after it was decided, it is not theirs to read.
LISTED: dict[Role, tuple[tuple[Stage | None, frozenset[EntryStatus]], ...]] = {
    Role.DEPARTMENT: ((Stage.QUALIFICATION, frozenset({E.RECOMMENDED, E.SUBMITTED, E.ACCEPTED})), (Stage.SUPERVISION, WON)),
    Role.COMMENDATION_AUTHORITY: ((Stage.SHORTLIST, frozenset({E.REVIEWED, E.SHORTLISTED, E.NOT_SHORTLISTED})),),
    Role.GOVERNMENT: ((Stage.COMMENDATION, frozenset({E.CONFIRMED, E.AWARDED})), (Stage.SUPERVISION, WON)),
    Role.EXPERT: ((None, PUBLISHED),),
    Role.MEMBER: ((None, PUBLISHED),),
    Role.CHAIR: ((None, PUBLISHED),),
    Role.RECOMMENDER: ((Stage.SUPERVISION, WON),),
    Role.PUBLIC: ((Stage.SUPERVISION, WON),),
}
#: A draft is its owner's alone; one withdrawn before it was ever submitted stays so.
SUBMITTED = ~Q(status=E.DRAFT.value) & ~Q(status=E.WITHDRAWN.value, submitted_at=None)


def barred(acting: Acting) -> QuerySet[Conflict]:
    """The standing conflicts of the acting person."""
    return bars_of(acting.person)


def bars_of(person: Person | int | None) -> QuerySet[Conflict]:
    """The standing conflicts of a person (or pk)."""
    return Conflict.objects.filter(person=person, status="standing")


def seats_now(acting: Acting) -> QuerySet[Seat]:
    """The acting expert's seats that were not vacated."""
    return seats_of(acting.person)


def seats_of(person: Person | int | None) -> QuerySet[Seat]:
    """The seats of a person (or pk) that were not vacated."""
    return Seat.objects.filter(expert__person=person, vacated_at=None)


def entries(acting: Acting) -> QuerySet[Entry]:
    """The entries whose content the actor may read, by code.

    The applicant its own; the recommender and the city's bodies what was submitted to them; the office and the inspector what was
    submitted; the agency, where commissioned, what was recommended; an expert the entries of the panels where they sit now; the chair
    what passed the material review; a member of the committee the candidates. An expert, the chair or a member with a standing conflict
    reads nothing of that entry. Nobody else reads any.
    """
    rows = Entry.objects.filter(cycle__in=held(acting)).order_by("code")
    if acting.person is None:
        return rows.none()
    if acting.role == Role.APPLICANT:
        return rows.filter(owner=acting.person)
    if acting.role in STAFF:
        return rows.filter(SUBMITTED)
    if acting.role in OF_THE_CITY and acting.unit is not None:
        return rows.filter(SUBMITTED, recommender=acting.unit)
    if acting.role == Role.AGENCY:
        gone = Q(status=E.WITHDRAWN.value, recommendation__concluded_at=None, qualification=None)
        return rows.filter(SUBMITTED, cycle__in=commissioned(acting)).exclude(gone | Q(status=E.NOT_RECOMMENDED.value))
    free = rows.exclude(pk__in=barred(acting).values("entry"))
    if acting.role == Role.EXPERT:
        return free.filter(pk__in=seats_now(acting).values("panel__entries"))
    if acting.role == Role.CHAIR:
        others = Member.objects.filter(chair=True, ended_at=None).exclude(person=acting.person)
        return free.filter(status__in=REVIEWED).exclude(cycle__in=others.values("cycle"))
    if acting.role == Role.MEMBER:
        return free.filter(status__in=NOMINATED, cycle__in=_memberships(acting).values("cycle"))
    return rows.none()


def named(acting: Acting) -> QuerySet[Entry]:
    """The entries that the actor may name in an act, content or not: those they read, and those known to them by a list.

    A list is known to who is asked for a word on it while it is asked, to experts and the committee from the accepted list on (to
    declare a conflict), and to everybody the winners.
    """
    rows = Entry.objects.filter(cycle__in=held(acting)).order_by("code")
    known = Q(pk__in=entries(acting).order_by().values("pk"))
    for stage, statuses in LISTED.get(acting.role, ()):
        known |= Q(status__in=statuses) & (Q(cycle__stage=stage.value) if stage else Q())
    return rows.filter(known)


def _memberships(acting: Acting) -> QuerySet[Member]:
    return Member.objects.filter(person=acting.person, ended_at=None)


def evidence(acting: Acting) -> QuerySet[Evidence]:
    """The evidence that the actor may open by `evidence.look`; just those for which its scope says yes."""
    rows = Evidence.objects.filter(entry__cycle__in=held(acting)).order_by("entry__code", "pk")
    if acting.person is None:
        return rows.none()
    rows = rows.exclude(entry__in=barred(acting).values("entry"))
    if acting.role == Role.APPLICANT:
        return rows.filter(entry__owner=acting.person)
    rows = rows.filter(entry__submitted_at__isnull=False).exclude(entry__status=E.DRAFT.value)
    if acting.role in STAFF:
        return rows
    if acting.role == Role.RECOMMENDER and acting.unit is not None:
        return rows.filter(entry__recommender=acting.unit)
    if acting.role == Role.AGENCY:
        return rows.filter(entry__in=entries(acting).order_by().values("pk"))
    if acting.role == Role.EXPERT:
        seats, running = seats_now(acting), Q()
        for stage, name in ROUND_OF.items():
            running |= Q(entry__cycle__stage=stage.value, entry__in=seats.filter(panel__round=name).values("panel__entries"))
        return rows.filter(running)
    return rows.none()


def bonus_claims(acting: Acting) -> QuerySet[BonusClaim]:
    """The grounds for a bonus that the actor may read: those of the entries that they handle."""
    rows = BonusClaim.objects.order_by("entry__code", "pk")
    if acting.role not in STAFF | OF_THE_CITY | {Role.APPLICANT, Role.AGENCY}:
        return rows.none()
    return rows.filter(entry__in=entries(acting).order_by().values("pk"))


def conflicts(acting: Acting) -> QuerySet[Conflict]:
    """The conflicts of interest: all to the office and the inspector, those of its cycles to the agency, their own to an expert and to
    the committee. An applicant would learn from them who is an expert (T2)."""
    rows = Conflict.objects.filter(entry__cycle__in=held(acting)).order_by("-found_at", "-pk")
    if acting.role in STAFF:
        return rows
    if acting.role == Role.AGENCY:
        return rows.filter(entry__in=entries(acting).order_by().values("pk"))
    if acting.role in {Role.EXPERT, Role.MEMBER, Role.CHAIR}:
        return rows.filter(person=acting.person)
    return rows.none()


def notices(acting: Acting) -> QuerySet[Notice]:
    """Notices: what was posted is public. Only the administrator, who reads no business, has none here."""
    rows = Notice.objects.filter(cycle__in=held(acting)).order_by("-posted_at", "-pk")
    return rows.none() if acting.role == Role.ADMIN else rows


def objections(acting: Acting) -> QuerySet[Objection]:
    """Objections, with who objects: all to the office and the inspector, to a recommender those against its own notices. The party that is
    objected to does not learn from whom."""
    rows = Objection.objects.filter(notice__cycle__in=held(acting)).order_by("-received_at", "-pk")
    if acting.role in STAFF:
        return rows
    if acting.role == Role.RECOMMENDER and acting.unit is not None:
        return rows.filter(notice__unit=acting.unit)
    return rows.none()
