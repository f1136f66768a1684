"""A driver that does only what the agenda offers: it knows how to fill in each act's details, never which act comes next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from zhiheng.foundation import clock, entropy
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.canonical import digest
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.people.models import Unit
from zhiheng.process.agenda import Todo, waiting
from zhiheng.process.register import REGISTER
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.simulation import applying
from zhiheng.simulation.cast import agreed_marks, papers, report_for
from zhiheng.simulation.reviewing import mark, step_of
from zhiheng.simulation.world import Applicant, World, moment, workday
from zhiheng.stages.application.facts import relations
from zhiheng.stages.application.models import Entry
from zhiheng.stages.committee.models import Member
from zhiheng.stages.panel.models import Expert
from zhiheng.stages.review.models import Sheet
from zhiheng.stages.review.scoring import scheme_of
from zhiheng.stages.sitevisit.models import Visit

Details = dict[str, Any]


class Driver:
    """Everybody of a world, doing what waits for them. done: acts in the order in which they were done."""

    def __init__(self, world: World, applicants: dict[str, tuple[Acting, Applicant]]) -> None:
        self.world, self.applicants = world, applicants
        self.everybody: dict[str, Acting] = {**world.people, **{code: acting for code, (acting, _) in applicants.items()}}
        self.done: list[str] = []
        self.seeds: dict[str, str] = {}
        self.after: dict[str, Callable[[], None]] = {}  # what happens once, from outside, after an act
        self.check: Callable[[Acting, Todo], None] = lambda _acting, _todo: None

    def run(self, until: Stage, rounds: int = 400) -> None:
        """Go on until the cycle stands at a stage. Fails when nothing is offered and nothing is waited for."""
        for _ in range(rounds):
            if Cycle.objects.filter(stage=until.value).exists():
                return
            if not self.once():
                self._wait()
        raise AssertionError(f"not there after {rounds} rounds; the last acts: {self.done[-8:]}")

    def once(self) -> bool:
        """One round: everybody does everything that is open to them now. Whether anything was done."""
        before = len(self.done)
        for name, acting in sorted(self.everybody.items(), key=lambda item: (item[1].role in (Role.CHAIR, Role.OFFICE), item[0])):
            self._clear(name, acting)
        return len(self.done) > before

    def _clear(self, name: str, acting: Acting) -> None:
        for _ in range(200):
            offered = waiting(acting)
            for one in offered:
                self.check(acting, one)
            one = next((t for t in offered if not t.blocked and not t.of and t.act in DETAILS and not early(t)), None)
            if one is None:
                return
            self.do(name, acting, one)
        raise AssertionError(f"{name} never gets done with {one}")

    def do(self, name: str, acting: Acting, one: Todo) -> None:
        """Do one thing that waits, with made-up particulars."""
        clock.set_to(clock.now() + timedelta(seconds=1))
        details = {**one.details, **DETAILS[one.act](self, name, acting, one)}
        REGISTER[one.act](acting, one.subject, **details)
        self.done.append(one.act)
        self.after.pop(one.act, lambda: None)()

    def _wait(self) -> None:
        """Let time pass to the day after the first date that somebody waits for, or to the next working day."""
        offered = [one for acting in self.everybody.values() for one in waiting(acting)]
        assert offered, f"nothing waits for anybody; the last acts: {self.done[-8:]}"
        days = [one.until + timedelta(days=1) for one in offered if one.until and one.blocked and one.act != "application.open"]
        days += Visit.objects.values_list("planned_from", flat=True)
        days += [cycle.opens_on for cycle in Cycle.objects.all() if cycle.opens_on]
        self.world.today(workday(min((day for day in days if day > clock.today()), default=clock.today() + timedelta(days=1))))


def early(one: Todo) -> bool:
    """A chair does not close a ballot while votes are out, though it may."""
    return one.act == "committee.close_ballot" and "尚有" in one.what


def letter(issuer: str) -> Details:
    return {"letter": applying.letter(issuer, f"函〔2024〕{entropy.token(2)}号")}


def _plan(d: Driver, *_: Any) -> Details:
    year = d.world.cast.year
    opens = workday(date(year, 3, 12))
    return {"text": "评选方案", "opens_on": opens, "deadline": moment(date(year, 4, 20), 18)}


def _open(d: Driver, name: str, acting: Acting, _: Todo) -> Details:
    who = d.applicants[name][1]
    world = d.world
    award = applying.award_of(world, who)
    place = getattr(who, "employer", who)
    category = getattr(who, "category", award.categories[0].code)
    unit = world.people[place.recommender].unit
    found = {"party": applying.party_of(who, acting), "award": award.code, "category": category, "recommender": unit}
    return {**found, "name": who.name, "industry": place.industry}


def _attach(_d: Driver, _n: str, acting: Acting, one: Todo) -> Details:
    import io

    from zhiheng.simulation.cast import evidence_pdf

    entry: Entry = one.subject
    return {"name": "证明.pdf", "stream": io.BytesIO(evidence_pdf(entry.code, entry.code, ["证明"])), "title": "证明材料"}


def _internal(d: Driver, _n: str, acting: Acting, one: Todo) -> Details:
    proof = applying.attach(d.world, acting, one.subject, "内部公示证明", "internal")
    start = workday(clock.today() - timedelta(days=14))
    return {"start": start, "end": start + timedelta(days=9), "objections": 0, "proof": proof}


def _declare(d: Driver, name: str, _a: Acting, one: Todo) -> Details:
    entry: Entry = one.subject
    conditions = [c for c in d.world.pack.award(entry.award).conditions if not c.applies_to or entry.category in c.applies_to]
    return {"conditions": [c.code for c in conditions], "signed_by": "法定代表人", "no_state_secrets": True}


def _sides(stage: Stage) -> Callable[..., Details]:
    def fill(d: Driver, _n: str, _a: Acting, one: Todo) -> Details:
        found: Details = {"sides": [{"code": c.code, "passed": True, "note": ""} for c in d.world.pack.checks_at(stage)]}
        if stage == Stage.RECOMMENDATION and relations(one.subject):
            found["warnings_answer"] = "已核实，各自独立申报"
        return found

    return fill


def _consult(_d: Driver, _n: str, acting: Acting, _o: Todo) -> Details:
    if acting.role == Role.DEPARTMENT and acting.unit:
        return {"department": acting.unit.name}
    return {"department": "省生态环境厅", **letter("省生态环境厅")}


def _commit(d: Driver, _n: str, acting: Acting, _o: Todo) -> Details:
    number = d.seeds[acting.role.value] = "9" + str(int(entropy.token(12), 16)).zfill(30)
    return {"commitment": digest(number.encode())}


def _reveal(d: Driver, _n: str, acting: Acting, _o: Todo) -> Details:
    return {"number": d.seeds[acting.role.value]}


def _marks(d: Driver, name: str, _a: Acting, one: Todo) -> Details:
    entry: Entry = one.subject
    expert = Expert.objects.get(code=name)
    d.world.ability.setdefault(entry.code, 80 if entry.party.kind == "organization" else 93)
    return {"marks": mark(d.world, entry, expert, scheme_of(entry), 0)}


def _agreed(d: Driver, entry: Entry, round_: str) -> dict[str, str]:
    sheets = Sheet.objects.filter(entry=entry, round=round_, voided_at=None).order_by("expert__code")
    scheme = scheme_of(entry)
    return agreed_marks([s.marks for s in sheets], scheme, step_of(d.world, scheme))


def _consensus(d: Driver, _n: str, _a: Acting, one: Todo) -> Details:
    return {"marks": _agreed(d, one.details["entry"], one.subject.round), "reason": "经全组合议形成一致意见"}


def _report(d: Driver, _n: str, _a: Acting, one: Todo) -> Details:
    entry = one.details["entry"]
    text = report_for(entry.name, scheme_of(entry), _agreed(d, entry, one.subject.round), d.world.rng)
    return {"strengths": text.strengths, "improvements": text.improvements, "conclusion": text.conclusion}


def _visit(*_: Any) -> Details:
    start = workday(clock.today() + timedelta(days=1))
    return {"text": "工作计划", "start": start, "end": start + timedelta(days=1)}


def _papers(d: Driver, _n: str, _a: Acting, one: Todo) -> Details:
    codes = one.subject.seats.filter(vacated_at=None).values_list("expert__code", flat=True)
    return {"opinion": papers.site_opinion(d.world.rng), "evaluations": [{"expert": c, "rating": "good", "text": ""} for c in codes]}


def _member(d: Driver, *_: Any) -> Details:
    """Everybody who holds the role, the chair first."""
    people = [acting for acting in d.world.people.values() if acting.role in (Role.CHAIR, Role.MEMBER)]
    listed = set(Member.objects.values_list("person", flat=True))
    first = next(a for a in sorted(people, key=lambda a: a.role) if a.person and a.person.pk not in listed)
    return {"person": first.person, "chair": first.role == Role.CHAIR}


def _pay(d: Driver, _n: str, _a: Acting, one: Todo) -> Details:
    return {"amount": d.world.pack.award(one.subject.award).prize.value, "on": clock.today()}


def _nothing(*_: Any) -> Details:
    return {}


def _just(**details: Any) -> Callable[..., Details]:
    return lambda *_: details


def _by(issuer: str, speaker: Role) -> Callable[..., Details]:
    return lambda _d, _n, acting, _o: {} if acting.role == speaker else letter(issuer)


def _opinion(_d: Driver, _n: str, acting: Acting, _o: Todo) -> Details:
    found: Details = {"department": "市生态环境局", "positive": True}
    return found if acting.role == Role.CITY_DEPARTMENT else {**found, **letter("市生态环境局")}


def _agency(*_: Any) -> Details:
    return {"agency": Unit.objects.get(kind="agency"), "terms": "资格审查和评审的组织工作"}


def _form(d: Driver, name: str, _a: Acting, one: Todo) -> Details:
    return {"form": applying.form_of(d.applicants[name][1]), "revision": one.subject.revision}


DETAILS: dict[str, Callable[..., Details]] = {
    "call.draft_plan": _plan,
    "call.approve_plan": _by("协调小组办公室", Role.COORDINATION),
    "call.issue": _nothing,
    "application.open": _open,
    "application.save": _form,
    "application.attach": _attach,
    "application.internal_publicity": _internal,
    "application.declare": _declare,
    "application.submit": _nothing,
    "recommendation.check": _sides(Stage.RECOMMENDATION),
    "recommendation.city_opinion": _opinion,
    "recommendation.publish": _nothing,
    "recommendation.sign": _just(opinion="同意推荐", signed_by="分管负责人"),
    "recommendation.consent": _by("市质量强市协调机构", Role.CITY_COORDINATION),
    "recommendation.recommend": _nothing,
    "publicity.close": _nothing,
    "publicity.investigate": _just(findings="经核查"),
    "publicity.answer": _just(upheld=False, text="经调查不属实"),
    "qualification.commission": _agency,
    "qualification.check": _sides(Stage.QUALIFICATION),
    "qualification.consult": _consult,
    "qualification.publish": _nothing,
    "qualification.settle": _nothing,
    "panel.freeze": _nothing,
    "panel.commit_seed": _commit,
    "panel.publish_lottery": _nothing,
    "panel.reveal_seed": _reveal,
    "panel.draw": _nothing,
    "panel.answer": _just(answer="accepted"),
    "panel.rule_on_conflict": _just(stands=True, reason="属实"),
    "panel.replace": _just(reason="应当回避"),
    "review.void_sheet": _just(reason="应当回避而未回避"),
    "review.submit_sheet": _marks,
    "review.record_consensus": _consensus,
    "review.submit_report": _report,
    "review.score": _nothing,
    "review.hand_over": _just(summary="材料评审已完成"),
    "shortlist.authority_opinion": _by("省表彰奖励主管部门", Role.COMMENDATION_AUTHORITY),
    "shortlist.approve": _by("省质评委主任", Role.CHAIR),
    "shortlist.publish": _nothing,
    "shortlist.settle": _nothing,
    "shortlist.notify": _nothing,
    "survey.open": _nothing,
    "survey.close": _nothing,
    "survey.decide_few": _just(points="15", reason="样本不足，研究确定"),
    "sitevisit.plan": _visit,
    "sitevisit.step": _just(note="按计划完成"),
    "sitevisit.submit_sheet": _marks,
    "sitevisit.record_consensus": _consensus,
    "sitevisit.submit_report": _report,
    "sitevisit.hand_in": _papers,
    "sitevisit.score": _nothing,
    "sitevisit.hand_over": _just(summary="现场评审已完成"),
    "nomination.check_bonus": _just(verified=True, note="经核对原件属实"),
    "nomination.compute_finals": _nothing,
    "nomination.settle_candidates": _nothing,
    "nomination.submit_report": _just(report="综合评审工作报告"),
    "committee.appoint": _member,
    "committee.convene": _nothing,
    "committee.sign_in": _nothing,
    "committee.open_ballot": _nothing,
    "committee.cast": _just(choice="yes"),
    "committee.close_ballot": _nothing,
    "committee.resolve": _just(minutes="会议纪要"),
    "commendation.publish": _nothing,
    "commendation.confirm": _nothing,
    "commendation.approve": _by("河北省人民政府", Role.GOVERNMENT),
    "commendation.award": _nothing,
    "commendation.pay": _pay,
    "commendation.release_feedback": _nothing,
    "cycle.advance": _nothing,
}
