"""Reading the committee."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.rules.lifecycle import PASS, EntryStatus, Role, Stage
from zhiheng.stages.application.models import Entry
from zhiheng.stages.committee.models import BallotIssue, Meeting, Member, Motion
from zhiheng.stages.panel.models import Conflict


def appointed(cycle: Cycle) -> list[Member]:
    """The members in office, by seat."""
    return list(cycle.members.filter(ended_at=None).select_related("person").order_by("seat"))


def member_of(acting: Acting, cycle: Cycle) -> Member | None:
    """The acting person's membership."""
    return cycle.members.filter(person=acting.person, ended_at=None).first() if acting.person else None


def presides(acting: Acting, subject: Cycle | Meeting | Motion) -> bool:
    """Whether the acting person chairs this cycle's committee: the role alone does not make the chair of another cycle (I1)."""
    cycle = subject if isinstance(subject, Cycle) else subject.cycle
    member = member_of(acting, cycle)
    return member is not None and member.chair


class OfACycle(Protocol):
    """What belongs to a cycle."""

    @property
    def cycle(self) -> Cycle:
        """The cycle."""


def of_my_committee(acting: Acting, subject: OfACycle) -> bool:
    """Whether the acting chair is the one of this cycle's committee; the other roles of such an act are not bound by it (I1)."""
    return acting.role != Role.CHAIR or presides(acting, subject.cycle)


def present_seats(meeting: Meeting) -> list[int]:
    """Seats of the members signed in."""
    return list(meeting.attendances.order_by("member__seat").values_list("member__seat", flat=True))


def recused_seats(meeting: Meeting, entry: Entry) -> list[int]:
    """Seats of members with a standing conflict on the entry (K7, Q20)."""
    persons = Conflict.objects.filter(entry=entry, status="standing").values_list("person_id", flat=True)
    return sorted(meeting.cycle.members.filter(person_id__in=list(persons)).values_list("seat", flat=True))


def nominated(cycle: Cycle) -> list[Entry]:
    """The candidates before the committee, in order of their codes."""
    return list(cycle.entries.filter(status=PASS[Stage.NOMINATION].value).order_by("code"))


def undecided(meeting: Meeting) -> list[Entry]:
    """The candidates on whom no ballot of this meeting has been closed."""
    closed = set(meeting.motions.filter(closed_at__isnull=False).values_list("entry_id", flat=True))
    return [entry for entry in nominated(meeting.cycle) if entry.pk not in closed]


def without_code(meeting: Meeting, members: Sequence[Member]) -> set[tuple[int, int]]:
    """(member, entry) pairs (pk) that need no code: recused (K7), or voted already; (member, 0) for members who have signed in."""
    by_person, by_seat = {m.person_id: m.pk for m in members}, {m.seat: m.pk for m in members}
    standing = Conflict.objects.filter(entry__cycle=meeting.cycle, status="standing", person__in=list(by_person))
    voted = BallotIssue.objects.filter(motion__meeting=meeting, seat__in=list(by_seat))
    there = meeting.attendances.filter(member__in=members)
    return {
        *((by_person[person], entry) for person, entry in standing.values_list("person_id", "entry_id")),
        *((by_seat[seat], entry) for seat, entry in voted.values_list("seat", "motion__entry_id")),
        *((member, 0) for member in there.values_list("member_id", flat=True)),
    }


def proposed(cycle: Cycle) -> list[Entry]:
    """The proposed winners."""
    return list(
        cycle.entries.filter(status=EntryStatus.PROPOSED.value)
        .select_related("party__employer", "recommender", "owner", "cycle")
        .order_by("code")
    )


def current(cycle: Cycle) -> Meeting | None:
    """The last meeting."""
    return cycle.meetings.order_by("-pk").first()
