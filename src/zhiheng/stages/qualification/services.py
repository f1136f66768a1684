"""Acts of the qualification review (E1–E3; Q10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import reference, rules_of
from zhiheng.foundation.files import letters
from zhiheng.foundation.files.letters import Letterhead
from zhiheng.foundation.people.models import Unit
from zhiheng.foundation.publicity import services as publicity
from zhiheng.foundation.publicity.selectors import latest
from zhiheng.rules.decision import Decision, no, yes
from zhiheng.rules.eligibility import checked, declared, eligible
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage, entering_status
from zhiheng.rules.sanctions import barred
from zhiheng.stages.application import facts as application_facts
from zhiheng.stages.application import moves, texts
from zhiheng.stages.application.models import Entry
from zhiheng.stages.qualification.models import Commission, Consultation, Qualification
from zhiheng.stages.qualification.selectors import commissioned, concerns, examined, incoming, upheld
from zhiheng.stages.recommendation import facts as side_facts
from zhiheng.stages.recommendation.services import public_item

STAGE = [Stage.QUALIFICATION]


@act("qualification.commission", "委托相关机构", duty="E1", article="四(三)1", roles=[Role.OFFICE], stages=STAGE)
def commission(acting: Acting, cycle: Cycle, *, agency: Unit, terms: str) -> Outcome:
    """Commission the agency that examines the applications and organizes the reviews."""
    if agency.kind != Role.AGENCY.value or not agency.active:
        return Outcome(no("所选单位不是可受委托的评审服务机构", article="四(三)1", duty="E1"))
    if not terms.strip():
        return Outcome(no("请填写委托事项", article="四(三)1", duty="E1"))
    if not (fit := texts.fit("四(三)1", "E1", ("委托事项", terms, texts.LONG))).ok:
        return Outcome(fit)
    if Commission.objects.filter(cycle=cycle).exists():
        return Outcome(no("本周期已委托相关机构", article="四(三)1", duty="E1"))
    Commission.objects.create(cycle=cycle, agency=agency, terms=terms, commissioned_at=clock.now())
    return Outcome(yes("委托已登记", duty="E1"), {"agency": agency.code}, tell=[To(f"unit:{agency.code}", "受托开展评审工作", cycle.title)])


@act("qualification.check", "资格审查", duty="E1", article="四(三)1", roles=[Role.AGENCY], stages=STAGE, scope=commissioned)
def check(acting: Acting, entry: Entry, *, sides: Sequence[Mapping[str, Any]], improvement: str = "") -> Outcome:
    """Examine an application on five sides; conditions, lists and bans are tested again by the rules (Q10).

    improvement: the finding on how a party that applied before has improved (B5, Q12); required of those, never a reason to refuse.
    """
    pack = rules_of(entry.cycle)
    wanted = pack.checks_at(Stage.QUALIFICATION)
    if entry.status != entering_status(pack.line, Stage.QUALIFICATION).value:
        return Outcome(no("该申报不在资格审查范围内", article="四(三)1", duty="E1"))
    given = side_facts.typed(sides, wanted, "资格审查", "E1")
    if given.value is None:
        return Outcome(Decision(given.reasons))
    before = application_facts.earlier(entry)
    if before.exists() and not improvement.strip():
        text = f"曾于{'、'.join(f'{e.cycle.year}年' for e in before)}申报，请对照上次申报写明提高情况的审查意见"
        return Outcome(no(text, article="三(三)", duty="B5", code="improvement"))
    if not (fit := texts.fit("三(三)", "B5", ("提高情况的审查意见", improvement, texts.LONG))).ok:
        return Outcome(fit)
    reasons = list(
        dict.fromkeys([*(r.text for r in checked(side_facts.sides(given.value), wanted, "资格审查", "E1").refusals), *unmet(entry)])
    )
    fields = {"sides": given.value, "checked_at": clock.now(), "passed": not reasons, "reasons": reasons, "improvement": improvement}
    Qualification.objects.update_or_create(entry=entry, defaults=fields)
    payload: dict[str, Any] = {"passed": not reasons, "sides": {side["code"]: side["passed"] for side in given.value}}
    if improvement:
        payload["improvement"] = improvement
    return Outcome(yes("资格审查结论已记录", duty="E1"), payload)


@act(
    "qualification.consult",
    "省有关部门意见",
    duty="E1",
    article="四(三)1",
    roles=[Role.DEPARTMENT, Role.OFFICE],
    stages=STAGE,
)
def consult(
    acting: Acting, cycle: Cycle, *, department: str, concerns: Mapping[str, str] | None = None, letter: Letterhead | None = None
) -> Outcome:
    """A provincial department's opinion on the list; concerns name entries by code."""
    word = letters.spoken(acting.role, frozenset({Role.DEPARTMENT}), letter, clock.today())
    if not word.ok:
        return Outcome(word)
    if not department.strip() or (acting.role == Role.DEPARTMENT and acting.unit and department != acting.unit.name):
        return Outcome(no("请填写出具意见的部门名称；部门自行办理的，只能以本部门名义", article="四(三)1", duty="E1"))
    if any(not text.strip() for text in (concerns or {}).values()):
        return Outcome(no("有不同意见的须写明具体情况", article="四(三)1", duty="E1"))
    typed = [("不同意见", text, texts.LONG) for text in (concerns or {}).values()]
    if not (fit := texts.fit("四(三)1", "E1", ("部门名称", department, texts.TITLE), *typed)).ok:
        return Outcome(fit)
    listed = {e.code for e in incoming(cycle)}
    if strange := sorted(set(concerns or {}) - listed):
        return Outcome(no(f"{strange[0]} 不在征求意见的名单中，请核对编号", article="四(三)1", duty="E1"))
    kept = letters.keep(letter, cycle.code, "qualification.consult")
    Consultation.objects.create(cycle=cycle, department=department, concerns=dict(concerns or {}), letter=kept, given_at=clock.now())
    payload = {"department": department, "against": sorted(concerns or {}), "letter": letters.particulars(letter)}
    return Outcome(yes("部门意见已记录", duty="E1"), payload)


@act("qualification.publish", "公示受理名单", duty=["E2", "L2"], article="四(三)2", roles=[Role.OFFICE], stages=STAGE)
def publish(acting: Acting, cycle: Cycle, *, overruled: Mapping[str, str] | None = None) -> Outcome:
    """Publish the accepted list: all examined, departments heard. A department's concern bars unless `overruled` gives the reason."""
    entries, done, against = incoming(cycle), examined(cycle), concerns(cycle)
    if not entries:
        return Outcome(no("没有待公示的申报", article="四(三)2", duty="E2"))
    if left := [e.code for e in entries if e.pk not in done]:
        return Outcome(no(f"尚有 {len(left)} 项申报未作资格审查：{'、'.join(left[:5])}", article="四(三)1", duty="E1"))
    if not cycle.consultations.exists():
        return Outcome(no("尚未征求省有关部门意见", article="四(三)1", duty="E1"))
    if (earlier := latest(cycle, "accepted_list")) and earlier.closed_at is None:
        return Outcome(no("受理名单正在公示", article="四(三)2", duty="E2"))
    if strange := sorted(set(overruled or {}) - set(against)):
        return Outcome(no(f"{strange[0]} 没有部门提出不同意见，不需说明", article="四(三)1", duty="E1"))
    true = upheld(cycle)
    for entry in entries:
        _fail(done[entry.pk], [*_barring(against, overruled, entry), *_objected(true, entry)])
    accepted = sorted((e for e in entries if done[e.pk].passed), key=lambda e: e.name)
    assert acting.unit is not None  # the office's grant names its unit
    posted = publicity.post(cycle, acting.unit, "accepted_list", items=[public_item(e) for e in accepted])
    if posted.value is None:
        return Outcome(posted)
    return Outcome(posted, {**publicity.payload_of(posted.value), "overruled": dict(overruled or {})}, value=posted.value)


@act("qualification.settle", "确定受理名单", duty=["E2", "E3"], article="四(三)2", roles=[Role.OFFICE], stages=STAGE)
def settle(acting: Acting, cycle: Cycle, *, overruled: Mapping[str, str] | None = None) -> Outcome:
    """After the publicity: accept those published against whom nothing stands, and tell each recommender who failed and why.

    Lists, conditions and bans are tested once more (Q10, Q29), and a department's word that came after the publication bars unless
    `overruled` gives the reason.
    """
    notice = latest(cycle, "accepted_list")
    ended = publicity.concluded(notice, "受理名单", "四(三)2", "E2")
    if notice is None or not ended.ok:
        return Outcome(ended)
    entries, done, true = incoming(cycle), examined(cycle), upheld(cycle)
    against, listed = concerns(cycle, notice.posted_at), {item["code"] for item in notice.items}
    for entry in entries:
        _fail(done[entry.pk], [*_barring(against, overruled, entry), *_objected(true, entry), *unmet(entry)])
    passed = [e for e in entries if done[e.pk].passed]
    if unseen := [e.code for e in passed if e.code not in listed]:
        return Outcome(no(f"{'、'.join(unseen)} 审查通过但未经公示，请重新公示受理名单", article="四(三)2", duty="E2", code="unpublished"))
    failing = [e for e in entries if not done[e.pk].passed]
    tell = [To(f"person:{e.owner.code}", f"申报已受理 {e.code}", e.code) for e in passed]
    for entry in failing:
        record = done[entry.pk]
        record.fed_back_at = clock.now()
        record.save(update_fields=["fed_back_at"])
        text = f"{entry.code} {entry.name}：{'；'.join(record.reasons)}"
        tell += [
            To(f"unit:{entry.recommender.code}", f"资格审查结果反馈 {entry.code}", text),
            To(f"person:{entry.owner.code}", f"申报不予受理 {entry.code}", text),
        ]
    payload = {
        "notice": notice.code,
        "accepted": moves.all_to(passed, EntryStatus.ACCEPTED),
        "failing": moves.all_to(failing, EntryStatus.NOT_ACCEPTED),
        "overruled": dict(overruled or {}),
    }
    return Outcome(yes(f"受理 {len(passed)} 项，不予受理 {len(failing)} 项", duty="E2"), payload, tell=tell)


def unmet(entry: Entry) -> list[str]:
    """What the rules hold against accepting the application today: facts, bans, conditions not declared or not proven (B1–B5, K1, K2)."""
    pack, submitted = rules_of(entry.cycle), application_facts.submission(entry)
    known = submitted.applicant
    found = [
        *eligible(known, pack, reference(entry.cycle)).refusals,
        *barred(known.bans, clock.today()).refusals,
        *declared(submitted, pack).refusals,
    ]
    return list(dict.fromkeys(reason.text for reason in found))


def _fail(record: Qualification, reasons: Sequence[str]) -> None:
    """Note what speaks against an application; nothing when there is nothing."""
    if reasons:
        record.passed, record.reasons = False, list(dict.fromkeys([*record.reasons, *reasons]))
        record.save(update_fields=["passed", "reasons"])


def _barring(against: Mapping[str, list[str]], overruled: Mapping[str, str] | None, entry: Entry) -> list[str]:
    return [] if (overruled or {}).get(entry.code, "").strip() else against.get(entry.code, [])


def _objected(true: Mapping[str, str], entry: Entry) -> list[str]:
    return [f"受理名单公示期间的异议（{true[entry.code]}）经查属实"] if entry.code in true else []
