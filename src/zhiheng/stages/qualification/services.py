"""Acts of the qualification review (E1–E3; Q10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.files import letters
from zhiheng.foundation.files.letters import Letterhead
from zhiheng.foundation.people.models import Unit
from zhiheng.foundation.publicity import services as publicity
from zhiheng.foundation.publicity.selectors import latest, upheld_entries
from zhiheng.rules.decision import no, yes
from zhiheng.rules.eligibility import checked, eligible
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage, entering_status
from zhiheng.rules.sanctions import barred
from zhiheng.stages.application import facts as application_facts
from zhiheng.stages.application import moves
from zhiheng.stages.application.models import Entry
from zhiheng.stages.qualification.models import Commission, Consultation, Qualification
from zhiheng.stages.qualification.selectors import commissioned, concerns, examined, incoming
from zhiheng.stages.recommendation.facts import sides as side_facts
from zhiheng.stages.recommendation.services import public_item

STAGE = [Stage.QUALIFICATION]


@act("qualification.commission", "委托相关机构", duty="E1", article="四(三)1", roles=[Role.OFFICE], stages=STAGE)
def commission(acting: Acting, cycle: Cycle, *, agency: Unit, terms: str) -> Outcome:
    """Commission the agency that examines the applications and organizes the reviews."""
    if agency.kind != Role.AGENCY.value or not agency.active:
        return Outcome(no("所选单位不是可受委托的评审服务机构", article="四(三)1", duty="E1"))
    if Commission.objects.filter(cycle=cycle).exists():
        return Outcome(no("本周期已委托相关机构", article="四(三)1", duty="E1"))
    Commission.objects.create(cycle=cycle, agency=agency, terms=terms, commissioned_at=clock.now())
    return Outcome(yes("委托已登记", duty="E1"), {"agency": agency.code}, tell=[To(f"unit:{agency.code}", "受托开展评审工作", cycle.title)])


@act("qualification.check", "资格审查", duty="E1", article="四(三)1", roles=[Role.AGENCY], stages=STAGE, scope=commissioned)
def check(acting: Acting, entry: Entry, *, sides: Sequence[Mapping[str, Any]]) -> Outcome:
    """Examine an application on five sides; conditions, lists and bans are tested again by the rules (Q10)."""
    pack = rules_of(entry.cycle)
    wanted = pack.checks_at(Stage.QUALIFICATION)
    if entry.status != entering_status(pack.line, Stage.QUALIFICATION).value:
        return Outcome(no("该申报不在资格审查范围内", article="四(三)1", duty="E1"))
    given = side_facts(sides)
    if {s.code for s in given} != {c.code for c in wanted} or any(s.passed is None for s in given):
        return Outcome(no("资格审查各方面须逐项填写结论", article="四(三)1", duty="E1"))
    if any(not s.passed and not s.note.strip() for s in given):
        return Outcome(no("审查不通过的方面须写明情况，将反馈推荐单位", article="四(三)3", duty="E3"))
    assert entry.cycle.deadline is not None  # set when the call was issued
    known = application_facts.applicant(entry)
    found = [
        *checked(given, wanted, "资格审查", "E1").refusals,
        *eligible(known, pack, entry.cycle.deadline.astimezone(clock.SHANGHAI).date()).refusals,
        *barred(known.bans, clock.today()).refusals,
    ]
    reasons = list(dict.fromkeys(r.text for r in found))
    fields = {"sides": list(sides), "checked_at": clock.now(), "passed": not reasons, "reasons": reasons}
    Qualification.objects.update_or_create(entry=entry, defaults=fields)
    return Outcome(yes("资格审查结论已记录", duty="E1"), {"passed": not reasons, "sides": {s.code: s.passed for s in given}})


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
    if left := [e.code for e in entries if e.pk not in done]:
        return Outcome(no(f"尚有 {len(left)} 项申报未作资格审查：{'、'.join(left[:5])}", article="四(三)1", duty="E1"))
    if not cycle.consultations.exists():
        return Outcome(no("尚未征求省有关部门意见", article="四(三)1", duty="E1"))
    if (earlier := latest(cycle, "accepted_list")) and earlier.closed_at is None:
        return Outcome(no("受理名单正在公示", article="四(三)2", duty="E2"))
    for entry in entries:
        record = done[entry.pk]
        barring = [text for text in against.get(entry.code, []) if not (overruled or {}).get(entry.code, "").strip()]
        if barring and record.passed:
            record.passed, record.reasons = False, [*record.reasons, *barring]
            record.save(update_fields=["passed", "reasons"])
    accepted = sorted((e for e in entries if done[e.pk].passed), key=lambda e: e.name)
    assert acting.unit is not None  # the office's grant names its unit
    posted = publicity.post(cycle, acting.unit, "accepted_list", items=[public_item(e) for e in accepted])
    if posted.value is None:
        return Outcome(posted)
    return Outcome(posted, {**publicity.payload_of(posted.value), "overruled": dict(overruled or {})}, value=posted.value)


@act("qualification.settle", "确定受理名单", duty=["E2", "E3"], article="四(三)2", roles=[Role.OFFICE], stages=STAGE)
def settle(acting: Acting, cycle: Cycle) -> Outcome:
    """After the publicity: accept those published without an upheld objection, and tell each recommender who failed and why."""
    notice = latest(cycle, "accepted_list")
    ended = publicity.concluded(notice, "受理名单", "四(三)2", "E2")
    if notice is None or not ended.ok:
        return Outcome(ended)
    entries, done, upheld = incoming(cycle), examined(cycle), upheld_entries(notice)
    listed = {item["code"] for item in notice.items}
    accepted = [e for e in entries if e.code in listed and e.code not in upheld]
    failing = [e for e in entries if e.code not in listed or e.code in upheld]
    tell = []
    for entry in failing:
        record = done[entry.pk]
        if number := upheld.get(entry.code):
            record.passed, record.reasons = False, [*record.reasons, f"受理名单公示期间的异议（{number}）经查属实"]
        record.fed_back_at = clock.now()
        record.save(update_fields=["passed", "reasons", "fed_back_at"])
        text = f"{entry.code} {entry.name}：{'；'.join(record.reasons)}"
        tell += [
            To(f"unit:{entry.recommender.code}", f"资格审查结果反馈 {entry.code}", text),
            To(f"person:{entry.owner.code}", "申报不予受理", text),
        ]
    tell += [To(f"person:{e.owner.code}", "申报已受理", e.code) for e in accepted]
    payload = {
        "notice": notice.code,
        "accepted": moves.all_to(accepted, EntryStatus.ACCEPTED),
        "failing": moves.all_to(failing, EntryStatus.NOT_ACCEPTED),
    }
    return Outcome(yes(f"受理 {len(accepted)} 项，不予受理 {len(failing)} 项", duty="E2"), payload, tell=tell)
