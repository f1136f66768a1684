"""The survey and the committee: meetings, ballots, polls (T1, T13; F5, I1, I2)."""

from __future__ import annotations

from django.db.models import QuerySet

from zhiheng.foundation.acts import Acting
from zhiheng.process.reach.grants import STAFF, held
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.committee.models import Meeting, Member, Motion
from zhiheng.stages.survey.models import Poll

COMMITTEE = frozenset({Role.MEMBER, Role.CHAIR})


def meetings(acting: Acting) -> QuerySet[Meeting]:
    """Meetings of the committee: to the office, the inspector, and who was appointed for that cycle."""
    rows = Meeting.objects.filter(cycle__in=held(acting)).order_by("-held_on", "-pk")
    if acting.role in STAFF:
        return rows
    return rows.filter(cycle__in=_sits(acting).values("cycle")) if acting.role in COMMITTEE else rows.none()


def motions(acting: Acting) -> QuerySet[Motion]:
    """Ballots by their questions and, once closed, their counts; the votes themselves are in no list (T13)."""
    return Motion.objects.filter(meeting__in=meetings(acting).order_by().values("pk")).order_by("meeting", "pk")


def _sits(acting: Acting) -> QuerySet[Member]:
    return Member.objects.filter(person=acting.person, ended_at=None)


def polls(acting: Acting) -> QuerySet[Poll]:
    """Satisfaction surveys: all to the office and the inspector; to everybody else those that are open."""
    rows = Poll.objects.filter(cycle__in=held(acting)).order_by("entry__code")
    if acting.role == Role.ADMIN:
        return rows.none()
    return rows if acting.role in STAFF else rows.filter(closed_at=None)
