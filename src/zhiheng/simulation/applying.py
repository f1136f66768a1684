"""The play's first half-year: plan, call, applications, recommendation, qualification (C, D, E)."""

from __future__ import annotations

import io
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Refused
from zhiheng.foundation.canonical import digest
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.files import services as files
from zhiheng.foundation.files.letters import Letterhead
from zhiheng.foundation.files.models import StoredFile
from zhiheng.foundation.parties.models import Party
from zhiheng.foundation.people.models import Person
from zhiheng.foundation.people.selectors import id_digest
from zhiheng.process.register import application, call, cycles, people, publicity, qualification, recommendation, services
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage
from zhiheng.rules.pack import Award
from zhiheng.simulation.cast import evidence_pdf, papers
from zhiheng.simulation.cast.model import OrganizationCast, PersonCast
from zhiheng.simulation.setting import PUBLIC
from zhiheng.simulation.world import Applicant, World, fresh, moment, workday
from zhiheng.stages.application.facts import earlier, relations
from zhiheng.stages.application.models import Entry


def letter(issuer: str, number: str) -> Letterhead:
    """A letter dated today, with its scan; letters of one issuer look alike, so its scan is stored once."""
    owner = f"letter:{issuer}"
    scan = StoredFile.objects.filter(owner=owner).first()
    if scan is None:
        content = evidence_pdf("Letter", digest(issuer.encode())[:8], [issuer])
        scan = files.store(f"{issuer}来文.pdf", io.BytesIO(content), owner).value
    return Letterhead(issuer, number, clock.today(), "同意", scan)


def issue_call(world: World, year: int) -> Cycle:
    """C1: plan, approval, call."""
    world.today(workday(date(year, 3, 2)))
    cycle: Cycle = world.do(cycles.create_cycle, "office", code=str(year), year=year, pack=world.pack).value
    world.refused("方案未经审核先行印发申报通知", call.issue, "office", cycle)
    plan = f"{year}年度{world.pack.award_name}评选方案：按照《细则》规定的程序组织开展。"
    world.do(call.draft_plan, "office", cycle, text=plan, opens_on=workday(date(year, 3, 9)), deadline=moment(date(year, 4, 28), 18))
    world.pass_workdays(2)
    world.do(call.approve_plan, "office", cycle, letter=letter("省评比达标表彰工作协调小组办公室", f"冀评组办函〔{year}〕6号"))
    world.pass_workdays(1)
    world.do(call.issue, "office", cycle)
    return fresh(cycle)


def apply(world: World, cycle: Cycle, applicants: list[Applicant]) -> list[Entry]:
    """D1–D3: everyone registers, fills in, attaches, declares and submits."""
    entries = []
    assert cycle.opens_on is not None  # set when the call was issued
    world.today(cycle.opens_on)
    for number, who in enumerate(applicants, 1):
        entries.append(_application(world, cycle, who))
        world.progress("申报", number, len(applicants))
    return entries


def register(world: World, name: str, id_number: str, employer: str) -> Acting:
    """A natural person who applies or signs for an applicant."""
    person: Person = world.do(people.register, PUBLIC, name=name, id_number=id_number, employer=employer).value
    return Acting(Role.APPLICANT, person)


def party_of(who: Applicant, owner: Acting) -> Party:
    """The body that applies, known over all cycles by its credit code or its person's ID digest."""
    if isinstance(who, OrganizationCast):
        fields: dict[str, Any] = {"kind": "organization", "name": who.name, "credit_code": who.credit_code, "group_code": who.group_code}
        fields |= {"region": who.region, "city": who.city, "industry": who.industry}
        return Party.objects.get_or_create(identity=f"uscc:{who.credit_code}", defaults=fields)[0]
    fields = {"kind": "person", "name": who.name, "person": owner.person, "employer": party_of(who.employer, owner)}
    fields |= {"region": who.employer.region, "city": who.employer.city, "industry": who.employer.industry}
    return Party.objects.get_or_create(identity=f"id:{id_digest(who.id_number)}", defaults=fields)[0]


def form_of(who: Applicant) -> dict[str, Any]:
    """The application form as the applicant fills it in."""
    common: dict[str, Any] = {"achievements": "\n".join(who.achievements), "traits": list(who.traits), "improvement": who.improvement}
    if isinstance(who, PersonCast):
        return {**common, "job": who.job, "work_since": who.work_since.isoformat(), "local_work_since": who.local_work_since.isoformat()}
    return {**common, "established_on": who.established_on.isoformat(), "employees": who.employees, "main_business": who.main_business}


def award_of(world: World, who: Applicant) -> Award:
    """The award that takes this kind of applicant."""
    kind = "person" if isinstance(who, PersonCast) else "organization"
    return next(a for a in world.pack.awards if a.applicant == kind)


def open_draft(world: World, cycle: Cycle, who: Applicant, owner: Acting) -> Entry:
    """Open a draft through the recommender of the applicant's place."""
    award = award_of(world, who)
    person = isinstance(who, PersonCast)
    place = who.employer if isinstance(who, PersonCast) else who
    category = who.category if isinstance(who, PersonCast) else award.categories[0].code
    unit = world.people[place.recommender].unit
    details = {"party": party_of(who, owner), "award": award.code, "category": category, "recommender": unit}
    details |= {"name": who.name, "industry": place.industry, "form": form_of(who) if not person else {}}
    entry: Entry = world.do(application.open_entry, owner, cycle, **details).value
    return entry


def _application(world: World, cycle: Cycle, who: Applicant) -> Entry:
    contact = who.name if isinstance(who, PersonCast) else who.contact
    number = who.id_number if isinstance(who, PersonCast) else f"{who.credit_code}-contact"
    owner = register(world, contact, number, who.employer.name if isinstance(who, PersonCast) else who.name)
    entry = open_draft(world, cycle, who, owner)
    if isinstance(who, PersonCast):
        world.do(application.save, owner, entry, form=form_of(who), revision=0)
    world.owners[entry.code], world.ability[entry.code] = owner, who.ability
    award = world.pack.award(entry.award)
    conditions = [c for c in award.conditions if not c.applies_to or entry.category in c.applies_to]
    for place, condition in enumerate(conditions, 1):
        if condition.evidence:
            attach(world, owner, entry, f"申报条件第{place}项证明材料", f"condition:{condition.code}", secret=condition.code == "c4")
    for claim in who.claims:
        proof = attach(world, owner, entry, f"加分证明 {claim.title}", f"bonus:{claim.kind}")
        details = {"kind": claim.kind, "granted_on": claim.granted_on, "valid_until": claim.valid_until, "evidence": proof}
        world.do(application.claim_bonus, owner, entry, **details)
    proof = attach(world, owner, entry, "内部公示证明", "internal")
    start = workday(clock.today() - timedelta(days=14))
    world.do(application.internal_publicity, owner, entry, start=start, end=start + timedelta(days=9), objections=0, proof=proof)
    world.do(application.declare, owner, entry, conditions=[c.code for c in conditions], signed_by=contact, no_state_secrets=True)
    world.do(application.submit, owner, entry)
    return entry


def attach(world: World, owner: Acting, entry: Entry, title: str, proves: str, *, secret: bool = False) -> Any:
    """Attach one piece of evidence."""
    content = evidence_pdf(f"{entry.code} {proves}", entry.code, [title])
    details = {"name": f"{title}.pdf", "stream": io.BytesIO(content), "title": title, "proves": proves, "secret": secret}
    return world.do(application.attach, owner, entry, **details).value


def recommend(world: World, cycle: Cycle, *, objection: bool) -> None:
    """D4: every city checks, hears departments, publishes, signs, gets consent, recommends. One objection may turn out true."""
    if Stage.RECOMMENDATION not in world.pack.line:
        return
    by_unit: dict[str, list[Entry]] = defaultdict(list)
    for entry in cycle.entries.filter(status=EntryStatus.SUBMITTED.value).select_related("recommender", "party").order_by("code"):
        by_unit[entry.recommender.code].append(entry)
    world.today(workday(clock.today() + timedelta(days=1)))
    notices = {}
    for number, (code, entries) in enumerate(sorted(by_unit.items()), 1):
        for entry in entries:
            _examine(world, code, entry)
        notices[code] = world.do(recommendation.publish, code, cycle, entries=entries).value
        world.progress("市级审核公示", number, len(by_unit))
    target = _object_in_city(world, notices, by_unit) if objection else None
    world.outlast(max(notices.values(), key=lambda n: n.ends_on))
    for number, (code, entries) in enumerate(sorted(by_unit.items()), 1):
        world.do(publicity.close, code, notices[code])
        for entry in entries:
            _conclude(world, code, entry, true_objection=entry == target)
        world.progress("市级推荐", number, len(by_unit))


def _examine(world: World, unit: str, entry: Entry) -> None:
    sides = [
        {"code": c.code, "passed": True, "note": papers.side_note(c.code, world.rng)} for c in world.pack.checks_at(Stage.RECOMMENDATION)
    ]
    answer = "已核实，各自独立经营、独立申报，不影响推荐。" if relations(entry) else ""
    world.do(recommendation.check, unit, entry, sides=sides, warnings_answer=answer)
    city = entry.party.city
    details = {"department": f"{city}生态环境局", "positive": True, "text": papers.department_opinion(world.rng)}
    world.do(
        recommendation.city_opinion, unit, entry, letter=letter(f"{city}生态环境局", f"环函〔{entry.cycle.year}〕{entry.pk}号"), **details
    )


def _object_in_city(world: World, notices: dict[str, Any], by_unit: dict[str, list[Entry]]) -> Entry:
    code = max(sorted(by_unit), key=lambda c: len(by_unit[c]))
    target = min(by_unit[code], key=lambda e: world.ability[e.code])
    notice = notices[code]
    details = {"name": "周平", "contact": "1000000000", "entry": target.code, "content": papers.objection(world.rng)}
    objection = world.do(publicity.lodge_objection, PUBLIC, notice, **details).value
    world.do(publicity.lodge_objection, PUBLIC, notice, content="听说有问题，请查一查。", entry=by_unit[code][0].code)
    world.outlast(notice)
    world.refused("正式异议未办结即结束公示", publicity.close, code, notice)
    world.do(publicity.investigate, code, objection, findings="经现场核查，申报材料中的主要指标与实际不符。")
    world.do(publicity.answer, code, objection, upheld=True, text=papers.objection_answer(upheld=True))
    world.turns.append(f"市级公示期间对 {target.code} 的实名异议经查属实，未予推荐")
    return target


def _conclude(world: World, unit: str, entry: Entry, *, true_objection: bool) -> None:
    if true_objection:
        world.refused("异议属实仍签署推荐意见", recommendation.sign, unit, entry, opinion="同意推荐", signed_by="负责人")
        world.do(recommendation.decline, unit, entry, reason="公示期间的异议经查属实")
        return
    opinion = papers.recommendation_opinion(entry.recommender.name, entry.name, world.rng)
    world.do(recommendation.sign, unit, entry, opinion=opinion, signed_by="分管负责人")
    body = f"{entry.party.city}质量强市战略议事协调机构"
    world.do(recommendation.consent, unit, entry, letter=letter(body, f"质强〔{entry.cycle.year}〕{entry.pk}号"))
    world.do(recommendation.recommend, unit, entry)


def qualify(world: World, cycle: Cycle, *, failing: bool) -> None:
    """E1–E3: commission, five sides, departments, accepted list, feedback. One applicant may fail on its credit record."""
    world.do(
        qualification.commission,
        "office",
        cycle,
        agency=world.people[world.cast.agency.code].unit,
        terms="资格审查、材料评审和现场评审的组织工作",
    )
    rows = list(cycle.entries.filter(status__in=[EntryStatus.RECOMMENDED.value, EntryStatus.SUBMITTED.value]).order_by("code"))
    bad = min(rows, key=lambda e: world.ability[e.code]) if failing else None
    for number, entry in enumerate(rows, 1):
        checks = world.pack.checks_at(Stage.QUALIFICATION)
        failed = entry == bad
        sides = [
            {"code": c.code, "passed": not (failed and c.code == checks[-1].code), "note": "信用记录查询存在不良信息" if failed else ""}
            for c in checks
        ]
        finding = "对照上次申报，新增成果有据可查，提高情况属实。" if earlier(entry).exists() else ""
        world.do(qualification.check, world.cast.agency.code, entry, sides=sides, improvement=finding)
        world.progress("资格审查", number, len(rows))
    for department in world.cast.departments[:3]:
        head = letter(department.name, f"冀函〔{cycle.year}〕{len(department.name)}号")
        world.do(qualification.consult, "office", cycle, department=department.name, letter=head)
    world.pass_workdays(3)
    notice = world.do(qualification.publish, "office", cycle).value
    world.pass_workdays(2)
    world.refused("受理名单公示期未满即结束公示", publicity.close, "office", notice)
    world.outlast(notice)
    world.do(publicity.close, "office", notice)
    world.do(qualification.settle, "office", cycle)


def go_on(world: World, cycle: Cycle) -> None:
    """Let the cycle go on; raises Refused when a gate holds."""
    world.minute()
    world.do(services.advance, "office", fresh(cycle))
    fresh(cycle)


def late(world: World, entry: Entry) -> None:
    """Somebody tries to submit after the close."""
    world.refused("申报截止后提交", application.submit, world.owners[entry.code], entry)


__all__ = ["Refused", "apply", "go_on", "issue_call", "late", "letter", "open_draft", "qualify", "recommend", "register"]
