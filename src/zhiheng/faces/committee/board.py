"""What a meeting's room shows: quorum, candidates, progress of the open ballot, results. Never who has not voted (T13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process.papers.minutes import share_words
from zhiheng.rules.lifecycle import PASS, Stage
from zhiheng.rules.quorum import quorum
from zhiheng.rules.thresholds import shown
from zhiheng.stages.application.models import Entry
from zhiheng.stages.committee.models import Attendance, Meeting, Member, Motion
from zhiheng.stages.nomination import selectors as nominations


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whether the meeting may vote: members appointed, needed, present, and how many are still missing."""

    members: int
    needed: int
    present: int

    @property
    def short(self) -> int:
        """How many members are still missing; 0 when there are enough."""
        return max(0, self.needed - self.present)

    @property
    def text(self) -> str:
        """In one sentence, as it is said in the room."""
        counts = {"members": self.members, "needed": self.needed, "present": self.present, "short": self.short}
        if self.short:
            return _("应到%(members)s人，法定%(needed)s人，实到%(present)s人，还差%(short)s人") % counts
        return _("应到%(members)s人，法定%(needed)s人，实到%(present)s人，已达法定人数") % counts


@dataclass(frozen=True, slots=True)
class Line:
    """A candidate before the meeting: place and score as proposed, the ballot on it and, once closed, its count."""

    entry: Entry
    award: str
    place: int
    total: str
    motion: Motion | None = None

    @property
    def closed(self) -> bool:
        """Whether it has been voted on."""
        return self.motion is not None and self.motion.closed_at is not None

    @property
    def tally(self) -> dict[str, Any]:
        """The count; empty before the ballot was closed."""
        return (self.motion.tally or {}) if self.motion and self.closed else {}


@dataclass(frozen=True, slots=True)
class Attendee:
    """A member of the committee and whether they signed in."""

    member: Member
    attendance: Attendance | None
    codes: int = 0  # one-time codes drawn for them

    @property
    def time(self) -> str:
        """When they signed in: 9时05分."""
        at = clock.local(self.attendance.at) if self.attendance else None
        return f"{at.hour}时{at.minute:02d}分" if at else ""


@dataclass(frozen=True, slots=True)
class Board:
    """The room as it stands. `open`: the candidate whose ballot is open, with `cast` of `entitled` ballots in the box."""

    meeting: Meeting
    number: int
    quorum: Quorum
    majority: str
    secret: bool
    lines: list[Line]
    cast: int
    version: str
    attendees: list[Attendee] = field(default_factory=list)

    @property
    def open(self) -> Line | None:
        """The candidate who is being voted on."""
        return next((line for line in self.lines if line.motion and not line.closed), None)

    @property
    def last(self) -> Line | None:
        """The candidate voted on last."""
        closed = [line for line in self.lines if line.motion is not None and line.closed]
        return max(closed, key=lambda line: line.motion.pk if line.motion else 0, default=None)

    @property
    def next(self) -> Line | None:
        """The next candidate without a ballot."""
        return next((line for line in self.lines if line.motion is None), None)

    @property
    def left(self) -> int:
        """How many candidates have not been voted on."""
        return sum(not line.closed for line in self.lines)

    @property
    def passed(self) -> list[Line]:
        """Those that got the votes."""
        return [line for line in self.lines if line.motion and line.motion.passed]


def quorum_of(meeting: Meeting, present: int) -> Quorum:
    """The quorum of a meeting with so many present."""
    return Quorum(meeting.members, quorum(meeting.members, rules_of(meeting.cycle).parameters.quorum.value), present)


def pulse(meeting: Meeting) -> str:
    """What changes when the room changes: three queries, asked every few seconds by everybody in it."""
    present = meeting.attendances.count()
    ballots = meeting.motions.aggregate(opened=Count("pk"), closed=Count("pk", filter=Q(closed_at__isnull=False)))
    cast = meeting.motions.filter(closed_at=None).aggregate(cast=Count("issues"))["cast"]
    return f"{meeting.status}-{present}-{ballots['opened']}-{ballots['closed']}-{cast}"


def board(meeting: Meeting, *, attendees: bool = False) -> Board:
    """The room's board; a constant number of queries. attendees: with the list of members (for the chair and the staff)."""
    params = rules_of(meeting.cycle).parameters
    version = pulse(meeting)
    present, cast = int(version.split("-")[1]), int(version.split("-")[4])
    return Board(
        meeting=meeting,
        number=meeting.cycle.meetings.filter(pk__lte=meeting.pk).count(),
        quorum=quorum_of(meeting, present),
        majority=share_words(params.majority.value),
        secret=params.ballot.value == "secret",
        lines=lines(meeting.cycle, meeting),
        cast=cast,
        version=version,
        attendees=people(meeting) if attendees else [],
    )


def lines(cycle: Cycle, meeting: Meeting | None = None) -> list[Line]:
    """The candidates by award and place, with the meeting's ballots on them."""
    pack = rules_of(cycle)
    motions = {m.entry_id: m for m in meeting.motions.all()} if meeting else {}
    before = Q(status=PASS[Stage.NOMINATION].value)
    wanted = Q(pk__in=list(motions)) if meeting and meeting.status == "closed" else before | Q(pk__in=list(motions))
    entries = list(cycle.entries.filter(wanted).select_related("party", "recommender").defer("form"))
    ranked = _ranked(cycle)
    titles = {award.code: award.title for award in pack.awards}
    order = {award.code: number for number, award in enumerate(pack.awards)}
    found = [_line(entry, titles[entry.award], ranked.get(entry.code, {}), motions.get(entry.pk)) for entry in entries]
    return sorted(found, key=lambda line: (order[line.entry.award], line.place or 10**6, line.entry.code))


def _ranked(cycle: Cycle) -> Mapping[str, Mapping[str, Any]]:
    listed = nominations.candidates(cycle)
    return {row["entry"]: row for row in listed.ranked} if listed else {}


def _line(entry: Entry, award: str, row: Mapping[str, Any], motion: Motion | None) -> Line:
    total = shown(Fraction(row["total"])) if row.get("total") else ""
    return Line(entry, award, row.get("place") or 0, total, motion)


def people(meeting: Meeting) -> list[Attendee]:
    """The members by seat, with their sign-in and how many codes were drawn for them."""
    signed = {row.member_id: row for row in meeting.attendances.all()}
    drawn = dict(meeting.codes.values_list("member").annotate(n=Count("pk")))
    members = Member.objects.filter(cycle=meeting.cycle).select_related("person").order_by("seat")
    return [Attendee(m, signed.get(m.pk), drawn.get(m.pk, 0)) for m in members if m.ended_at is None or m.pk in signed]
