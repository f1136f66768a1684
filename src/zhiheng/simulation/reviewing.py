"""The play's panels and scores: draws, sheets, consensus, reports, the late recusal, the shortlist and the survey (F)."""

from __future__ import annotations

from collections.abc import Iterable, MutableSequence, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import Any, TypeVar

from zhiheng.foundation import clock, entropy
from zhiheng.foundation.canonical import digest
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.register import panel, publicity, review, shortlist, survey
from zhiheng.rules import scoring
from zhiheng.rules.lifecycle import EntryStatus
from zhiheng.rules.pack import Criteria
from zhiheng.simulation.applying import letter
from zhiheng.simulation.cast import agreed_marks, comments_for, consensus_reason, marks_for, papers, profile_of, report_for
from zhiheng.simulation.setting import PUBLIC
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel import selectors as panels
from zhiheng.stages.panel.models import Conflict, Draw, Expert, Panel, Seat
from zhiheng.stages.review import facts
from zhiheng.stages.review.models import Sheet
from zhiheng.stages.review.scoring import missing_sheets, scheme_of
from zhiheng.stages.review.selectors import outdated_consensuses
from zhiheng.stages.shortlist import selectors as shortlists
from zhiheng.stages.survey.models import Poll

T = TypeVar("T")


def step_of(world: World, scheme: Criteria) -> Fraction:
    """The grid of a scheme."""
    params = world.pack.parameters
    return Fraction(params.percentage_step.value) if scheme.method == "percentage" else params.point_step.value


def draw(world: World, cycle: Cycle) -> Draw:
    """Freeze, publish the tickets, commit, reveal, draw: office, agency and inspector each bring a number. All who are drawn accept."""
    agency = world.cast.agency.code
    world.do(panel.freeze, agency, cycle)
    world.minute()
    world.do(panel.publish_lottery, agency, cycle)
    seeds = {"office": _number(), "agency": _number(), "inspector": _number()}
    whose = {"office": "office", "agency": agency, "inspector": "inspector"}
    for role, number in seeds.items():
        world.do(panel.commit_seed, whose[role], cycle, commitment=digest(number.encode()))
    world.refused("揭示的种子与承诺不符", panel.reveal_seed, "office", cycle, number=_number())
    world.minute()
    for role, number in seeds.items():
        world.do(panel.reveal_seed, whose[role], cycle, number=number)
    drawn: Draw = world.do(panel.draw, agency, cycle, present=["省质评办工作人员", "评审机构工作人员", "纪检监督人员"]).value
    for seat in Seat.objects.filter(panel__draw=drawn).select_related("panel__cycle", "expert").order_by("panel__code", "expert__code"):
        world.do(panel.answer, seat.expert.code, seat, answer="accepted")
    return drawn


def _number() -> str:
    """A number of 24 digits."""
    return str(10**23 + int(entropy.token(16), 16) % (9 * 10**23))


def mark(world: World, entry: Entry, expert: Expert, scheme: Criteria, place: int) -> dict[str, str]:
    """The marks that an expert gives; twins get the same from the experts of the same place."""
    step = step_of(world, scheme)
    if world.twins and entry.code in world.twins:
        even = {item.code: 0 for item in scheme.items}
        key = world.ability[world.twins[0]] + (-5, 0, 5, 0, -5)[place % 5]
        return marks_for(key, 0, scheme, _Even(), step, even)
    shape = world.profile.setdefault(entry.code, profile_of(scheme, world.rng))
    return marks_for(world.ability[entry.code], world.strictness.get(expert.code, 0), scheme, world.rng, step, shape)


class _Even:
    """No chance at all: for the marks of the twins."""

    def randint(self, a: int, b: int) -> int:
        """The middle."""
        return (a + b) // 2

    def choice(self, seq: Sequence[T]) -> T:
        """The first."""
        return seq[0]

    def sample(self, population: Sequence[T], k: int) -> list[T]:
        """The first k."""
        return list(population[:k])

    def shuffle(self, x: MutableSequence[Any]) -> None:
        """As it is."""


def score_materials(world: World, cycle: Cycle, *, late_recusal: bool, share: Fraction = Fraction(1)) -> None:
    """F2: independent sheets, consensus where compulsory, reports. share: how much of the work is done (a running cycle stops midway)."""
    rows = panels.panels(cycle, "material")
    world.pass_workdays(2)
    jobs = [(p, e) for p in rows for e in p.entries.order_by("code")]
    for number, (group, entry) in enumerate(jobs, 1):
        if number > share * len(jobs):
            break
        scheme = scheme_of(entry)
        seats = list(group.seats.filter(vacated_at=None).select_related("expert").order_by("expert__code"))
        for place, seat in enumerate(seats):
            marks = mark(world, entry, seat.expert, scheme, place)
            if number == 1 and place == 0:
                wrong = {**marks, scheme.items[0].code: "53" if scheme.method == "percentage" else "7.3"}
                world.refused("评分不在规定档次上", review.submit_sheet, seat.expert.code, entry, marks=wrong)
            comments = comments_for(scheme, world.rng)
            world.do(review.submit_sheet, seat.expert.code, entry, marks=marks, comments=comments)
        if share == 1:
            settle_marks(world, group, entry, scheme)
        world.progress("材料评审评分", number, len(jobs))
    if share < 1:
        return
    world.pass_workdays(5)
    agency = world.cast.agency.code
    world.do(review.score, agency, cycle)
    if late_recusal:
        recuse_late(world, jobs[0][0], jobs[0][1])
        world.do(review.score, agency, cycle)
    world.do(review.hand_over, agency, cycle, summary="各材料评审专家组已完成评审，得分及报告随附。")


def settle_marks(world: World, group: Panel, entry: Entry, scheme: Criteria) -> None:
    """Agree where the sheets lie too far apart, and write the report."""
    sheets = list(Sheet.objects.filter(entry=entry, round="material", voided_at=None).order_by("expert__code"))
    wide = scoring.spread(facts.sheets(sheets), scheme, world.pack.parameters)
    speaker = group.seats.filter(vacated_at=None).select_related("expert").order_by("expert__code")[0].expert.code
    agreed = agreed_marks([s.marks for s in sheets], scheme, step_of(world, scheme))
    if wide.value and scoring.needs_consensus(wide.value):
        reason = consensus_reason(world.rng)
        world.do(review.record_consensus, speaker, group, entry=entry, marks=agreed, reason=reason)
    text = report_for(entry.name, scheme, agreed, world.rng)
    details = {"strengths": text.strengths, "improvements": text.improvements, "conclusion": text.conclusion}
    world.do(review.submit_report, speaker, group, entry=entry, **details)


def recuse_late(world: World, group: Panel, entry: Entry) -> None:
    """A conflict found after scoring: it stands, the sheet is voided, the next ticket takes over, the score is computed anew."""
    world.minute()
    seat = group.seats.filter(vacated_at=None).select_related("expert__person").order_by("expert__code")[0]
    person = seat.expert.person
    grounds = "经核查，其配偶在该单位任职"
    found = world.do(panel.declare_conflict, world.cast.agency.code, entry, person=person, kind="kin", grounds=grounds).value
    conflict: Conflict = found
    world.do(panel.rule_on_conflict, "office", conflict, stands=True, reason="人事档案证实")
    sheets = list(Sheet.objects.filter(panel=group, expert=seat.expert, voided_at=None).select_related("entry"))
    for sheet in sheets:
        if sheet.entry_id == entry.pk:
            world.do(review.void_sheet, "office", sheet, reason="专家应当回避而未回避，评分作废")
    successor: Expert = world.do(panel.replace, world.cast.agency.code, group, out=seat.expert, reason="应当回避").value
    world.refused("应当回避的专家继续评分", review.submit_sheet, seat.expert.code, entry, marks={})
    for other in group.entries.order_by("code"):
        if successor.code not in missing_sheets(group, other, "material"):
            continue  # the sheet of the one who left stands there
        scheme = scheme_of(other)
        world.do(review.submit_sheet, successor.code, other, marks=mark(world, other, successor, scheme, 0), comments={})
        live = list(Sheet.objects.filter(entry=other, round="material", voided_at=None).order_by("expert__code"))
        wide = scoring.spread(facts.sheets(live), scheme, world.pack.parameters)
        again = other.pk in outdated_consensuses(group.cycle, "material")
        if again or (wide.value and scoring.needs_consensus(wide.value)):
            agreed = agreed_marks([s.marks for s in live], scheme, step_of(world, scheme))
            world.do(review.record_consensus, successor.code, group, entry=other, marks=agreed, reason="递补专家评分后重新合议")
    world.turns.append(
        f"评分后查实 {seat.expert.code} 与 {entry.code} 有利害关系，评分表作废，{successor.code} 依抽签次序递补，得分重新计算"
    )


def publish_shortlist(world: World, cycle: Cycle, *, objection: bool, voters: int) -> None:
    """F4–F6: opinion, approval, publicity, survey, list, notification."""
    year = cycle.year
    world.pass_workdays(2)
    world.refused("未经主任审批即公示入围名单", shortlist.publish, "office", cycle)
    world.do(shortlist.authority_opinion, "office", cycle, letter=letter("省表彰奖励主管部门", f"冀表函〔{year}〕12号"))
    world.do(shortlist.approve, "chair", cycle)
    world.pass_workdays(1)
    notice = world.do(shortlist.publish, "office", cycle).value
    asked = {a.code for a in world.pack.awards if a.survey_full.value > 0}
    listed = shortlists.incoming(cycle)
    surveyed = any(entry.award in asked for entry in listed)
    if surveyed:
        world.do(survey.open_polls, "office", cycle)
        answer(world, Poll.objects.filter(cycle=cycle).order_by("entry__code"), voters)
    if objection and len(listed) > 2:
        target = min(listed, key=lambda e: (world.ability[e.code], e.code))
        details = {"name": "郑明", "contact": "1000000001", "entry": target.code, "content": papers.objection(world.rng)}
        row = world.do(publicity.lodge_objection, PUBLIC, notice, **details).value
        world.pass_workdays(2)
        world.do(publicity.investigate, "office", row, findings="经调查，申报期内发生较大质量投诉未如实填报。")
        world.do(publicity.answer, "office", row, upheld=True, text=papers.objection_answer(upheld=True))
        world.turns.append(f"入围公示期间对 {target.code} 的异议经查属实，未进入现场评审")
    world.outlast(notice)
    world.do(publicity.close, "office", notice)
    if surveyed:
        world.do(survey.close, "office", cycle)
    world.do(shortlist.settle, "office", cycle)
    for poll in Poll.objects.filter(cycle=cycle, closed_at__isnull=False, score=None).order_by("pk"):
        world.do(survey.decide_few, "office", poll, points="15", reason="有效样本不足，参照上届平均水平研究确定")
    world.do(shortlist.notify, "office", cycle)


def answer(world: World, polls: Iterable[Poll], voters: int) -> None:
    """The public answers the survey, each verified identity once for each individual."""
    rows = list(polls)
    clock.set_to(clock.now() + timedelta(hours=1))
    for number, poll in enumerate(rows, 1):
        lift = world.ability[poll.entry.code]
        for voter in range(voters):
            luck = world.rng.randint(0, 99)
            choice = "satisfied" if luck < lift else "basically_satisfied" if luck < lift + 25 else ("dissatisfied", "unknown")[voter % 2]
            survey.answer(poll, f"voter-{voter}", choice)
        survey.answer(poll, "voter-0", "satisfied")
        world.progress("公众满意度测评", number, len(rows))


def standing(cycle: Cycle, status: EntryStatus) -> list[Entry]:
    """A cycle's entries in a status."""
    return list(cycle.entries.filter(status=status.value).order_by("code"))
