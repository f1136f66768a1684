"""Entries that have come as far as the nomination, with exact scores, for the tests of the last stages."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.stages.playing import begun
from zhiheng.foundation import clock, entropy
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.cycles.services import move
from zhiheng.foundation.files.models import StoredFile
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.parties.models import Party
from zhiheng.foundation.people.models import Person, RoleGrant
from zhiheng.process.register import commendation, committee, nomination, publicity
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage
from zhiheng.simulation import applying
from zhiheng.simulation.applying import letter
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import BonusClaim, Entry, Evidence
from zhiheng.stages.committee.models import Meeting, Motion
from zhiheng.stages.review.models import Handover, Result
from zhiheng.stages.survey.models import Poll

FORMS: dict[str, dict[str, Any]] = {
    "organization": {"achievements": "业绩", "established_on": "2001-05-01", "main_business": "阀门"},
    "individual": {"achievements": "事迹", "job": "班长", "work_since": "2005-01-01", "local_work_since": "2006-01-01"},
}


@dataclass
class Scores:
    """What an entry brings to the nomination. section: points of the chapter that breaks ties."""

    material: str
    site: str
    survey: str | None = None
    section: str = "0"


def at_nomination(members: int = 0) -> tuple[World, Cycle]:
    """A cycle of the Hebei award that stands at the nomination, with nobody in it yet."""
    world = begun(orgs=1, persons=0, members=members)
    with entropy.seeded(11):
        cycle = applying.issue_call(world, 2024)
    assert cycle.deadline is not None
    clock.set_to(cycle.deadline)
    world.pass_workdays(80)
    move(cycle, Stage.NOMINATION)
    Handover.objects.create(cycle=cycle, round="site", summary="现场评审已结束", handed_at=clock.now())
    return world, cycle


def visited(world: World, cycle: Cycle, award: str, scores: Scores, city: str = "sjz") -> Entry:
    """An entry after its site visit."""
    pack, number = rules_of(cycle), cycle.entries.filter(award=award).count() + 1
    wanted, unit = pack.award(award), world.people[city].unit
    assert unit is not None
    owner = Person.objects.create(name=f"{wanted.title}联系人{number}")
    RoleGrant.objects.create(person=owner, role=Role.APPLICANT.value, granted_at=clock.now())
    kind = wanted.applicant
    person = owner if kind == "person" else None
    party = Party.objects.create(
        identity=f"test:{award}{number}", kind=kind, name=f"{wanted.title}第{number:02d}号", person=person, city=unit.city, industry="34"
    )
    entry = Entry.objects.create(
        code=f"{cycle.code}-{wanted.short}-{number:04d}",
        cycle=cycle,
        party=party,
        owner=owner,
        recommender=unit,
        award=award,
        category=wanted.categories[-1].code,
        status=EntryStatus.VISITED.value,
        name=party.name,
        industry="34",
        form=FORMS[award],
        submitted_at=cycle.deadline,
    )
    world.owners[entry.code] = Acting(Role.APPLICANT, owner)
    breaker = next(b.removeprefix("section:") for b in wanted.tie_breakers.value if b.startswith("section:"))
    for name, total in (("material", scores.material), ("site", scores.site)):
        Result.objects.create(
            entry=entry,
            round=name,
            version=1,
            marks={},
            sections={breaker: scores.section},
            total=Fraction(total),
            sheets=[],
            method="mean",
            passed=True,
            computed_at=clock.now(),
        )
    if wanted.survey_full.value:
        points = None if scores.survey is None else Fraction(scores.survey)
        now = clock.now()
        Poll.objects.create(entry=entry, cycle=cycle, opened_at=now, closes_at=now, closed_at=now, counts={}, score=points)
    return entry


def claim(entry: Entry, kind: str, *, evidenced: bool = True, **dates: Any) -> BonusClaim:
    """A ground for the bonus, not examined yet."""
    proof = None
    if evidenced:
        file = StoredFile.objects.create(
            owner=f"entry:{entry.code}",
            name="证书.pdf",
            kind="pdf",
            mime="application/pdf",
            size=1,
            sha256=entropy.token(32),
            content="none",
            stored_at=clock.now(),
        )
        proof = Evidence.objects.create(entry=entry, file=file, title="证书", proves=f"bonus:{kind}")
    return BonusClaim.objects.create(entry=entry, kind=kind, evidence=proof, **dates)


def nominated(world: World, cycle: Cycle) -> None:
    """Finals, candidates, report; the cycle stands at the committee."""
    world.do(nomination.compute_finals, "office", cycle)
    world.do(nomination.settle_candidates, "office", cycle)
    world.do(nomination.submit_report, "office", cycle, report="综合评审工作报告")
    _to(cycle, Stage.COMMITTEE)


def seated(world: World, cycle: Cycle) -> None:
    """All members of the cast are appointed."""
    for member in world.cast.members:
        world.do(committee.appoint, "office", cycle, person=world.people[f"member{member.seat}"].person, chair=member.chair)


def meeting(world: World, cycle: Cycle, present: int) -> Meeting:
    """A meeting with the first `present` members signed in."""
    row: Meeting = world.do(committee.convene, "chair", cycle).value
    for seat in range(1, present + 1):
        world.do(committee.sign_in, f"member{seat}", row)
    return row


def vote(world: World, row: Meeting, entry: Entry, *, yes: int, no: int = 0, abstain: int = 0) -> Motion:
    """One ballot, opened, cast by the first entitled members, and closed."""
    motion: Motion = world.do(committee.open_ballot, "chair", row, entry=entry).value
    choices = ["yes"] * yes + ["no"] * no + ["abstain"] * abstain
    for seat, choice in zip(motion.entitled, choices, strict=False):
        world.do(committee.cast, f"member{seat}", motion, choice=choice)
    closed: Motion = world.do(committee.close_ballot, "chair", motion).value
    return closed


def proposed(world: World, cycle: Cycle) -> None:
    """Everybody nominated is proposed; the cycle stands at the publicity."""
    nominated(world, cycle)
    seated(world, cycle)
    row = meeting(world, cycle, len(world.cast.members))
    for entry in cycle.entries.filter(status=EntryStatus.NOMINATED.value).order_by("code"):
        vote(world, row, entry, yes=len(world.cast.members))
    world.do(committee.resolve, "chair", row, minutes="会议纪要")
    _to(cycle, Stage.PUBLICITY)


def confirmed(world: World, cycle: Cycle) -> None:
    """The publicity went by without objections; the cycle stands at the commendation."""
    proposed(world, cycle)
    notice = world.do(commendation.publish, "office", cycle).value
    world.outlast(notice)
    world.do(publicity.close, "office", notice)
    world.do(commendation.confirm, "office", cycle)
    _to(cycle, Stage.COMMENDATION)


def awarded(world: World, cycle: Cycle) -> None:
    """Approved and awarded; the cycle stands at the supervision."""
    confirmed(world, cycle)
    world.do(commendation.approve, "office", cycle, letter=letter("河北省人民政府", "冀政字〔2024〕61号"))
    world.do(commendation.award, "office", cycle)
    _to(cycle, Stage.SUPERVISION)


def _to(cycle: Cycle, stage: Stage) -> None:
    cycle.refresh_from_db()
    move(cycle, stage)


def last(act: str, kind: str = "act") -> JournalEntry:
    """The last journal entry of an act."""
    entry = JournalEntry.objects.filter(act=act, kind=kind).order_by("pk").last()
    assert entry is not None
    return entry
