"""Panels, draws, sheets, results and visits: who reads how an entry was judged (T1, T2; F1–G5)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.acts.permission import holds
from zhiheng.foundation.question import Question
from zhiheng.process.reach.applying import barred, bars_of, entries, seats_now, seats_of
from zhiheng.process.reach.grants import STAFF, commissioned, grants, held
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.nomination.models import Final
from zhiheng.stages.panel.models import Appraisal, Draw, Expert, Panel, Revision, Seat
from zhiheng.stages.review.models import Consensus, Report, Result, Sheet
from zhiheng.stages.sitevisit.models import Papers, Visit

#: The seats from which a person judges an entry; a later draw made its panels later.
_judging = Question(
    lambda person, code: seats_of(person).filter(panel__entries__code=code).select_related("panel__cycle").order_by("panel_id")
)
_barred = Question(lambda person, code: bars_of(person).filter(entry__code=code).values_list("pk")[:1])
#: Who reads scores: an applicant gets its own by the feedback, after the award.
JUDGING = STAFF | {Role.AGENCY, Role.EXPERT}


def experts(acting: Acting) -> QuerySet[Expert]:
    """The expert library: to the office, the inspector and an agency; to an expert their own place in it; to nobody else (T2)."""
    rows = Expert.objects.filter(Exists(grants(acting))).order_by("code")
    if acting.role in STAFF | {Role.AGENCY}:
        return rows
    return rows.filter(person=acting.person) if acting.role == Role.EXPERT else rows.none()


def revisions(acting: Acting) -> QuerySet[Revision]:
    """Changes that experts ask for: to the office and the inspector, and to an expert their own. They tell of ties that nobody has looked
    at yet."""
    rows = Revision.objects.order_by("-asked_at", "-pk")
    if acting.role not in STAFF | {Role.EXPERT}:
        return rows.none()
    return rows.filter(expert__in=experts(acting).order_by().values("pk"))


def appraisals(acting: Acting) -> QuerySet[Appraisal]:
    """How experts worked, as the office and the agency recorded it: to the office, the inspector and the commissioned agency; never to who
    was appraised."""
    rows = Appraisal.objects.filter(panel__in=panels(acting).order_by().values("pk")).order_by("-at", "-pk")
    return rows if acting.role in STAFF | {Role.AGENCY} else rows.none()


def draws(acting: Acting) -> QuerySet[Draw]:
    """Draws with their pools and transcripts: to the office, the inspector and the commissioned agency."""
    rows = Draw.objects.order_by("cycle", "round", "version")
    if acting.role in STAFF:
        return rows.filter(cycle__in=held(acting))
    return rows.filter(cycle__in=commissioned(acting)) if acting.role == Role.AGENCY else rows.none()


def panels(acting: Acting) -> QuerySet[Panel]:
    """Panels: to the office, the inspector and the commissioned agency; to an expert those where they sit now."""
    rows = Panel.objects.filter(cycle__in=held(acting)).order_by("cycle", "round", "code")
    if acting.role in STAFF:
        return rows
    if acting.role == Role.AGENCY:
        return rows.filter(cycle__in=commissioned(acting))
    return rows.filter(pk__in=seats_now(acting).values("panel")) if acting.role == Role.EXPERT else rows.none()


def seats(acting: Acting) -> QuerySet[Seat]:
    """The seats, filled and vacated, of the panels that the actor reads."""
    return Seat.objects.filter(panel__in=panels(acting).order_by().values("pk")).order_by("panel", "expert__code")


def judging(acting: Acting, code: str) -> list[Seat]:
    """The acting expert's own seats on panels of the entry with this code, by draw, each with panel and cycle.

    Empty for just those entries that `entries` withholds: the same question about one entry, asked in less time.
    """
    if acting.role != Role.EXPERT or acting.person is None:
        return []
    found = _judging(acting.person.pk, code)
    free = found and holds(acting, found[0].panel.cycle) and not _barred(acting.person.pk, code)
    return found if free else []


def sheets(acting: Acting) -> QuerySet[Sheet]:
    """Score sheets: just those that `review.selectors.visible_sheets` shows, entry by entry (F2, T2).

    Staff all, save of an entry that they judge themselves; an expert their own and, once it is locked, the standing ones of the panel.
    """
    rows = Sheet.objects.filter(panel__cycle__in=held(acting)).order_by("entry__code", "round", "expert__code", "pk")
    if acting.person is None or acting.role not in JUDGING:
        return rows.none()
    rows = rows.exclude(entry__in=barred(acting).values("entry"))
    if acting.role == Role.AGENCY:
        rows = rows.filter(panel__cycle__in=commissioned(acting))
    seated = seats_now(acting).filter(panel__entries=OuterRef("entry"))
    locked = Sheet.objects.filter(entry=OuterRef("entry"), panel=OuterRef("panel"), expert__person=acting.person, voided_at=None)
    opened = Q(Exists(locked), Exists(seated.filter(panel=OuterRef("panel"))), voided_at=None)
    as_expert = Q(expert__person=acting.person) | opened
    return rows.filter(as_expert if acting.role == Role.EXPERT else as_expert | Q(~Exists(seated)))


def consensuses(acting: Acting) -> QuerySet[Consensus]:
    """What panels agreed on: to staff, and to an expert of the entries whose sheets are open to them."""
    rows = Consensus.objects.order_by("entry__code", "round", "version")
    return rows.filter(_read(acting))


def reports(acting: Acting) -> QuerySet[Report]:
    """Review reports: as the consensus that they tell of."""
    return Report.objects.order_by("entry__code", "round").filter(_read(acting))


def _read(acting: Acting) -> Q:
    """Of which panels' work on which entries the actor may read: staff of every entry that they reach and do not judge, an expert where
    their own sheet is locked."""
    if acting.role not in JUDGING:
        return Q(pk__in=[])
    mine = Sheet.objects.filter(entry=OuterRef("entry"), panel=OuterRef("panel"), expert__person=acting.person, voided_at=None)
    seated = seats_now(acting).filter(panel__entries=OuterRef("entry"))
    reached = Q(entry__in=entries(acting).order_by().values("pk")) & ~Q(entry__in=barred(acting).values("entry"))
    opened = Q(Exists(mine), Exists(seated.filter(panel=OuterRef("panel"))))
    return reached & (opened if acting.role == Role.EXPERT else opened | Q(~Exists(seated)))


def results(acting: Acting) -> QuerySet[Result]:
    """The scores of the rounds: to staff, and to the chair, who approves the shortlist; never of an entry that they judge or are barred
    from. An expert does not see what the other panels or the final sums gave."""
    return Result.objects.filter(_scores(acting)).order_by("entry__code", "round", "version")


def finals(acting: Acting) -> QuerySet[Final]:
    """The final scores: to staff, and to the committee of its candidates."""
    return Final.objects.filter(_scores(acting, Role.MEMBER)).order_by("entry__code", "version")


def _scores(acting: Acting, *more: Role) -> Q:
    if acting.role not in STAFF | {Role.AGENCY, Role.CHAIR, *more}:
        return Q(pk__in=[])
    seated = seats_now(acting).filter(panel__entries=OuterRef("entry"))
    reached = Q(entry__in=entries(acting).order_by().values("pk")) & ~Q(entry__in=barred(acting).values("entry"))
    return reached & Q(~Exists(seated))


def visits(acting: Acting) -> QuerySet[Visit]:
    """Site visits, plan and steps: to staff, and to the experts of the panel. The applicant reads the dates on its own page."""
    rows = Visit.objects.filter(entry__in=entries(acting).order_by().values("pk")).order_by("planned_from", "pk")
    if acting.role in STAFF | {Role.AGENCY}:
        return rows
    return rows.filter(panel__in=seats_now(acting).values("panel")) if acting.role == Role.EXPERT else rows.none()


def papers(acting: Acting) -> QuerySet[Papers]:
    """What panels hand in after their visits, with the evaluation of their experts: to staff and to the panel's leader."""
    rows = Papers.objects.filter(panel__in=panels(acting).order_by().values("pk")).order_by("panel__code", "pk")
    if acting.role in STAFF | {Role.AGENCY}:
        return rows
    return rows.filter(panel__in=seats_now(acting).filter(leader=True).values("panel")) if acting.role == Role.EXPERT else rows.none()
