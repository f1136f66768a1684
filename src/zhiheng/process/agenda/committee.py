"""What the committee waits for: members, meeting, quorum, ballots one by one, resolution (I1, I2). Never how anybody voted (T13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.people.models import RoleGrant
from zhiheng.process.agenda.scope import Scope
from zhiheng.process.agenda.todo import Todo, line, todo
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.rules.quorum import may_open
from zhiheng.stages.application.models import Entry
from zhiheng.stages.committee.models import BallotIssue, Meeting, Member, Motion
from zhiheng.stages.nomination.models import CandidateList
from zhiheng.stages.panel.models import Conflict

VOTERS = (Role.CHAIR, Role.MEMBER)


class Sitting:
    """An open meeting as it stands: who is present, what is still to be voted on, and the motion that is open."""

    def __init__(self, cycle: Cycle, meeting: Meeting, members: list[Member]) -> None:
        self.cycle, self.meeting, self.members = cycle, meeting, members
        self.present: set[int] = set()  # members (pk)
        self.left: list[Entry] = []  # candidates not voted on
        self.motion: Motion | None = None
        self.motions = 0
        self.voted: set[int] = set()  # seats, on the motion that is open


def members(scope: Scope) -> Iterator[Todo]:
    """The list of members, before the committee meets: a chair, and everybody who holds the role of a member."""
    listed: dict[int, set[int]] = defaultdict(set)
    chaired: set[int] = set()
    for at, person, chair in Member.objects.filter(cycle__in=list(scope.cycles), ended_at=None).values_list("cycle", "person", "chair"):
        listed[at].add(person)
        chaired |= {at} if chair else set()
    granted = RoleGrant.objects.filter(role__in=[role.value for role in VOTERS], revoked_at=None).values_list("person", "cycle")
    busy = set(scope.tally(Stage.NOMINATION)) | set(scope.tally(Stage.COMMITTEE))
    met = set(Meeting.objects.filter(cycle__in=list(scope.cycles)).exclude(status="failed").values_list("cycle", flat=True))
    for pk, cycle in scope.cycles.items():
        left = {person for person, code in granted if code in ("", cycle.code)} - listed[pk]
        if pk not in busy or pk in met or not (left or pk not in chaired):
            continue
        known = (
            f"已登记 {len(listed[pk])} 名" + ("" if pk in chaired else "，尚未确定主任") + (f"，尚有 {len(left)} 名未登记" if left else "")
        )
        yield todo("committee.appoint", cycle, cycle, f"{cycle.title}评审委员会：{known}", title="登记主任和委员")


def todos(scope: Scope) -> Iterator[Todo]:
    """What the chair and each member have to do."""
    rows = Member.objects.filter(cycle__in=list(scope.cycles), ended_at=None).order_by("seat")
    of_cycle: dict[int, list[Member]] = defaultdict(list)
    for member in rows:
        of_cycle[member.cycle_id].append(member)
    candidates: dict[int, list[Entry]] = defaultdict(list)
    for entry in scope.read(Entry.objects.filter(cycle__in=list(scope.cycles), status__in=scope.entering(Stage.COMMITTEE))):
        candidates[entry.cycle_id].append(entry)
    sittings = _sittings(scope, of_cycle, candidates)
    submitted = CandidateList.objects.filter(cycle__in=list(scope.cycles), submitted_at__isnull=False)
    before = set(submitted.values_list("cycle", flat=True))
    barred = _ballots(sittings)
    for pk, cycle in scope.cycles.items():
        presides = any(scope.is_me(member.person_id) for member in of_cycle[pk] if member.chair)
        sitting = sittings.get(pk)
        if sitting is None and candidates[pk] and scope.wants(Role.CHAIR) and (presides or not of_cycle[pk]):
            why = "尚未登记委员名单" if not of_cycle[pk] else "" if pk in before else "授奖候选名单尚未提请审议"
            yield todo("committee.convene", cycle, cycle, f"{cycle.title}（授奖候选 {len(candidates[pk])} 项）", blocked=why)
        elif sitting is not None:
            yield from _member(scope, sitting, barred)
            if scope.wants(Role.CHAIR) and presides:
                yield from _chair(sitting)


def _chair(sitting: Sitting) -> Iterator[Todo]:
    """Open, close, next; then the resolution."""
    meeting, cycle, motion = sitting.meeting, sitting.cycle, sitting.motion
    if motion is not None:
        out = len(motion.entitled) - len(sitting.voted)
        what = line(motion.entry) + (f"（尚有 {out} 名委员未投票）" if out else "（委员均已投票）")
        yield todo("committee.close_ballot", motion, cycle, what)
    elif sitting.left:
        opened = may_open(meeting.members, len(sitting.present), rules_of(cycle).parameters.quorum.value)
        what = f"{line(sitting.left[0])}" + (f"等 {len(sitting.left)} 项待表决" if len(sitting.left) > 1 else "")
        why = "" if opened.ok else opened.text()
        yield todo("committee.open_ballot", meeting, cycle, what, blocked=why, details={"entry": sitting.left[0]})
        if why and not sitting.motions and clock.today() > meeting.held_on:
            yield todo("committee.adjourn", meeting, cycle, f"会议 {meeting.code} 未达到法定人数")
    else:
        yield todo("committee.resolve", meeting, cycle, f"会议 {meeting.code}")


def _member(scope: Scope, sitting: Sitting, barred: set[tuple[int, int]]) -> Iterator[Todo]:
    """Sign in; vote where one may and has not."""
    cycle, meeting, motion = sitting.cycle, sitting.meeting, sitting.motion
    absent = [m for m in sitting.members if m.pk not in sitting.present and scope.is_me(m.person_id)]
    if absent and scope.wants(*VOTERS):
        today = max(meeting.held_on, clock.today())
        yield todo("committee.sign_in", meeting, cycle, f"会议 {meeting.code}", until=today, count=len(absent))
    if motion is None or not scope.wants(*VOTERS):
        return
    entitled = [m for m in sitting.members if m.seat in motion.entitled and m.seat not in sitting.voted and scope.is_me(m.person_id)]
    waiting = [m for m in entitled if (m.person_id, motion.entry_id) not in barred]
    if waiting:
        yield todo("committee.cast", motion, cycle, line(motion.entry), count=len(waiting))


def _sittings(scope: Scope, members: dict[int, list[Member]], candidates: dict[int, list[Entry]]) -> dict[int, Sitting]:
    rows = Meeting.objects.filter(cycle__in=list(scope.cycles), status="open")
    found: dict[int, Sitting] = {}
    for meeting in rows.defer("minutes"):
        meeting.cycle = scope.cycles[meeting.cycle_id]
        found[meeting.cycle_id] = Sitting(meeting.cycle, meeting, members[meeting.cycle_id])
    for cycle, member in rows.values_list("cycle", "attendances__member"):
        if member is not None:
            found[cycle].present.add(member)
    voted: dict[int, set[int]] = defaultdict(set)
    for motion in Motion.objects.filter(meeting__in=rows.values("pk")).select_related("entry").defer("entry__form", "tally", "recused"):
        sitting = found[motion.cycle_id]
        sitting.motions += 1
        voted[motion.cycle_id].add(motion.entry_id)
        if motion.closed_at is None:
            motion.cycle, motion.meeting = sitting.cycle, sitting.meeting
            sitting.motion = motion
    for cycle, sitting in found.items():
        sitting.left = [entry for entry in candidates[cycle] if entry.pk not in voted[cycle]]
    return found


def _ballots(sittings: dict[int, Sitting]) -> set[tuple[int, int]]:
    """Notes which seats have voted on the motions that are open; gives who (person, entry) is barred since they were opened."""
    open_ones = {s.motion.pk: s for s in sittings.values() if s.motion}
    if not open_ones:
        return set()
    for motion, seat in BallotIssue.objects.filter(motion__in=list(open_ones)).values_list("motion", "seat"):
        open_ones[motion].voted.add(seat)
    entries = [s.motion.entry_id for s in open_ones.values() if s.motion]
    return set(Conflict.objects.filter(entry__in=entries, status="standing").values_list("person", "entry"))
