"""Acts of the committee (I1, I2, J2; Q19–Q21)."""

from __future__ import annotations

from collections.abc import Sequence

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.people.models import Person
from zhiheng.rules.decision import Decision, no, yes
from zhiheng.rules.lifecycle import FAIL, PASS, Role, Stage
from zhiheng.rules.quorum import may_open
from zhiheng.rules.voting import VOTES, tally
from zhiheng.stages.application import moves
from zhiheng.stages.application.models import Entry
from zhiheng.stages.committee import ballots, codes, selectors
from zhiheng.stages.committee.models import Attendance, Meeting, Member, Motion, Resolution
from zhiheng.stages.nomination import selectors as nominations
from zhiheng.stages.panel.selectors import barred_by_conflict

STAGE = [Stage.COMMITTEE]
ONE, TWO = "四(七)1", "四(七)2"
CODE_VOID = "代码不属于本项表决或已经使用，请核对后重新输入"


@act("committee.appoint", "登记委员", duty="I1", article=ONE, roles=[Role.OFFICE])
def appoint(acting: Acting, cycle: Cycle, *, person: Person, chair: bool = False) -> Outcome:
    """Put a member on the committee's list; not while a meeting is open, since the quorum counts on all members (Q19)."""
    if cycle.meetings.filter(status="open").exists():
        return Outcome(no("会议进行中，不得变动委员名单", article=ONE, duty="I1"))
    if cycle.members.filter(person=person, ended_at=None).exists() or (chair and cycle.members.filter(chair=True, ended_at=None).exists()):
        return Outcome(no("该委员已登记，或主任已确定", article=ONE, duty="I1"))
    member = Member.objects.create(cycle=cycle, person=person, seat=cycle.members.count() + 1, chair=chair)
    return Outcome(yes("委员已登记", duty="I1"), {"person": person.code, "seat": member.seat, "chair": chair}, value=member)


@act(
    "committee.convene",
    "召集全体委员会议",
    duty="I1",
    article=ONE,
    roles=[Role.CHAIR],
    stages=[Stage.COMMITTEE, Stage.PUBLICITY],
    scope=selectors.presides,
)
def convene(acting: Acting, cycle: Cycle) -> Outcome:
    """The chair convenes all members on the list."""
    members = selectors.appointed(cycle)
    candidates = nominations.candidates(cycle)
    if cycle.meetings.filter(status="open").exists():
        return Outcome(no("已有进行中的会议", article=ONE, duty="I1"))
    if not members or candidates is None or candidates.submitted_at is None:
        return Outcome(no("委员名单或提请审议的授奖候选名单尚不具备，不能召集会议", article=ONE, duty="I1"))
    code = f"HY{cycle.code}-{cycle.meetings.count() + 1}"
    meeting = Meeting.objects.create(code=code, cycle=cycle, members=len(members), held_on=clock.today())
    tell = [To(f"person:{m.person.code}", "召开省质评委全体会议", cycle.title) for m in members]
    return Outcome(yes("会议已召集", duty="I1"), {"meeting": code, "members": len(members)}, value=meeting, tell=tell)


@act("committee.sign_in", "会议签到", duty="I1", article=ONE, roles=[Role.MEMBER, Role.CHAIR])
def sign_in(acting: Acting, meeting: Meeting, *, code: str = "") -> Outcome:
    """A member signs in in person; there are no proxies. code: the one-time code with which they stand at a shared tablet."""
    member = selectors.member_of(acting, meeting.cycle)
    if member is None or meeting.status != "open":
        return Outcome(no("您不是本届委员，或会议未在进行", article=ONE, duty="I1"))
    _, fresh = Attendance.objects.get_or_create(meeting=meeting, member=member, defaults={"at": clock.now(), "by_code": bool(code)})
    if not fresh:
        return Outcome(no("您已签到", article=ONE, duty="I1"))
    if code and not codes.spend(meeting, code, member, None):
        return Outcome(no(CODE_VOID, article=ONE, duty="I1", code="code"))
    return Outcome(yes("签到成功", duty="I1"), {"meeting": meeting.code, "seat": member.seat} | _by(code))


def _by(code: str) -> dict[str, bool]:
    """What the journal keeps of a code: that one was used."""
    return {"by_code": True} if code else {}


@act("committee.issue_codes", "发放一次性代码", duty="I2", article=TWO, roles=[Role.OFFICE], stages=STAGE)
def issue_codes(acting: Acting, meeting: Meeting, *, seats: Sequence[int]) -> Outcome:
    """Draw one-time codes for members who use a shared tablet; codes of theirs that were not used are void. The receipt's value holds
    the slips; the codes themselves are kept nowhere (T13). The members are told, so that nobody holds codes behind their back (T18)."""
    members = [m for m in selectors.appointed(meeting.cycle) if m.seat in set(seats)]
    if meeting.status != "open" or not members or len(members) != len(set(seats)):
        return Outcome(no("会议未在进行，或所选席位不在委员名单中", article=TWO, duty="I2"))
    slips = codes.issue(meeting, members, selectors.undecided(meeting), selectors.without_code(meeting, members))
    if not slips:
        return Outcome(no("所选委员已经签到，也没有需要其表决的候选对象，无须发放代码", article=TWO, duty="I2"))
    payload = {"meeting": meeting.code, "seats": [m.seat for m in members], "codes": len(slips)}
    said = "省质评办为您发放了会议签到和投票用的一次性代码。如非您本人要求，请立即向会议主持人声明。"
    tell = [To(f"person:{m.person.code}", "发放会议一次性代码", said) for m in members]
    return Outcome(yes(f"已为{len(members)}名委员发放代码", duty="I2"), payload, value=slips, tell=tell)


@act(
    "committee.open_ballot",
    "开始表决",
    duty=["I1", "I2"],
    article=ONE,
    roles=[Role.CHAIR],
    stages=STAGE,
    scope=selectors.presides,
)
def open_ballot(acting: Acting, meeting: Meeting, *, entry: Entry) -> Outcome:
    """Open the ballot on one candidate: only with two thirds of all members present; those recused leave this denominator (Q20)."""
    if meeting.status != "open" or entry.pk not in {e.pk for e in selectors.nominated(meeting.cycle)}:
        return Outcome(no("会议未在进行，或该申报不是授奖候选对象", article=TWO, duty="I2"))
    if meeting.motions.filter(entry=entry).exists() or meeting.motions.filter(closed_at=None).exists():
        return Outcome(no("该候选对象已经表决，或另一表决尚未结束；逐一表决", article=TWO, duty="I2"))
    present = selectors.present_seats(meeting)
    params = rules_of(meeting.cycle).parameters
    opened = may_open(meeting.members, len(present), params.quorum.value)
    if not opened.ok:
        return Outcome(opened)
    recused = [s for s in selectors.recused_seats(meeting, entry) if s in present]
    if len(recused) == len(present):
        return Outcome(no("出席委员均应回避，该候选对象没有可参加表决的委员", article=TWO, duty="K7"))
    motion = Motion.objects.create(
        code=f"{meeting.code}-{meeting.motions.count() + 1:02d}",
        meeting=meeting,
        cycle=meeting.cycle,
        entry=entry,
        present=len(present),
        entitled=[s for s in present if s not in recused],
        recused=recused,
        secret=params.ballot.value == "secret",
        opened_at=clock.now(),
    )
    payload = {"motion": motion.code, "entry": entry.code, "present": len(present), "entitled": motion.entitled, "recused": recused}
    return Outcome(opened, payload, value=motion)


@act("committee.cast", "投票", duty="I2", article=TWO, roles=[Role.MEMBER, Role.CHAIR], stages=STAGE, foretold=False)
def cast(acting: Acting, motion: Motion, *, choice: str, code: str = "") -> Outcome:
    """Cast a ballot. The journal keeps that the member voted, never how. code: the one-time code of who votes at a shared tablet."""
    member = selectors.member_of(acting, motion.cycle)
    if motion.closed_at is not None:
        return Outcome(no("表决已经结束", article=TWO, duty="I2", code="closed"))
    if member is None or member.seat not in motion.entitled:
        why = "您应当回避，不参加本项表决" if member and member.seat in motion.recused else "您未在表决开始前签到，不能参加本项表决"
        return Outcome(no(why, article=TWO, duty="K7" if member and member.seat in motion.recused else "I2", code="entitled"))
    if barred_by_conflict(member.person_id, motion.entry):  # found since the ballot was opened
        return Outcome(no("您应当回避，不参加本项表决", article=TWO, duty="K7", code="entitled"))
    if choice not in VOTES:
        return Outcome(no("请选择赞成、反对或弃权", article=TWO, duty="I2"))
    if not ballots.cast(motion, member.seat, choice):
        return Outcome(no("您已投票，每人一票", article=TWO, duty="I2", code="twice"))
    if code and not codes.spend(motion.meeting, code, member, motion.entry):
        return Outcome(no(CODE_VOID, article=TWO, duty="I2", code="code"))
    return Outcome(yes("投票成功", duty="I2"), {"motion": motion.code, "seat": member.seat} | _by(code))


@act(
    "committee.close_ballot",
    "结束表决并计票",
    duty="I2",
    article=TWO,
    roles=[Role.CHAIR],
    stages=STAGE,
    scope=selectors.presides,
    foretold=False,
)
def close_ballot(acting: Acting, motion: Motion) -> Outcome:
    """Close the ballot and count: a missing ballot or an abstention is not a yes."""
    if motion.closed_at is not None:
        return Outcome(no("表决已经结束", article=TWO, duty="I2"))
    votes = list(motion.ballots.values_list("choice", flat=True))
    counted = tally(votes, len(motion.entitled), rules_of(motion.cycle).parameters.majority.value)
    if counted.value is None:
        return Outcome(Decision(counted.reasons))
    ballots.shuffle(motion)
    result = counted.value
    motion.tally = {name: getattr(result, name) for name in ("yes", "no", "abstain", "missing", "attending", "needed", "passed")}
    motion.passed, motion.closed_at = result.passed, clock.now()
    motion.save(update_fields=["tally", "passed", "closed_at"])
    payload = {"motion": motion.code, "entry": motion.entry.code, "tally": motion.tally, "box": ballots.box_digest(motion)}
    return Outcome(counted, payload, value=motion)


@act("committee.adjourn", "宣布休会", duty="I1", article=ONE, roles=[Role.CHAIR], scope=selectors.presides)
def adjourn(acting: Acting, meeting: Meeting, *, reason: str) -> Outcome:
    """End a meeting that cannot vote; another is convened later."""
    if meeting.status != "open" or meeting.motions.exists() or not reason.strip():
        return Outcome(no("会议未在进行或已有表决，不能休会；请写明休会原因", article=ONE, duty="I1"))
    meeting.status, meeting.minutes = "failed", reason
    meeting.save(update_fields=["status", "minutes"])
    codes.void(meeting)
    present = len(selectors.present_seats(meeting))
    return Outcome(yes("会议休会", duty="I1"), {"meeting": meeting.code, "present": present, "members": meeting.members, "reason": reason})


@act("committee.resolve", "形成授奖建议名单", duty="I2", article=TWO, roles=[Role.CHAIR], stages=STAGE, scope=selectors.presides)
def resolve(acting: Acting, meeting: Meeting, *, minutes: str) -> Outcome:
    """After every candidate was voted on: those with two thirds of the members attending are the proposed winners."""
    candidates = selectors.nominated(meeting.cycle)
    motions = {m.entry_id: m for m in meeting.motions.filter(closed_at__isnull=False)}
    if meeting.status != "open" or not candidates:
        return Outcome(no("会议未在进行，或没有授奖候选对象", article=TWO, duty="I2"))
    if left := [e.code for e in candidates if e.pk not in motions]:
        return Outcome(no(f"{left[0]} 等 {len(left)} 项尚未表决", article=TWO, duty="I2"))
    if not minutes.strip():
        return Outcome(no("请填写会议纪要", article=TWO, duty="I2"))
    on = [e for e in candidates if motions[e.pk].passed]
    off = [e for e in candidates if not motions[e.pk].passed]
    meeting.status, meeting.minutes = "closed", minutes
    meeting.save(update_fields=["status", "minutes"])
    codes.void(meeting)
    Resolution.objects.create(
        cycle=meeting.cycle, meeting=meeting, kind="proposal", entries=[e.code for e in on], text=minutes, resolved_at=clock.now()
    )
    payload = {
        "meeting": meeting.code,
        "proposed": moves.all_to(on, PASS[Stage.COMMITTEE]),
        "not_proposed": moves.all_to(off, FAIL[Stage.COMMITTEE]),
    }
    return Outcome(yes(f"授奖建议名单 {len(on)} 项", duty="I2"), payload, tell=[To("role:office", "授奖建议名单已形成", meeting.code)])
