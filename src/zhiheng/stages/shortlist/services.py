"""Acts between the scores and the site visits (F4–F6; Q10)."""

from __future__ import annotations

from collections.abc import Mapping

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import reference, rules_of
from zhiheng.foundation.files import letters
from zhiheng.foundation.files.letters import Letterhead
from zhiheng.foundation.publicity import services as publicity
from zhiheng.foundation.publicity.selectors import upheld_entries
from zhiheng.rules.decision import no, yes
from zhiheng.rules.eligibility import eligible
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage
from zhiheng.stages.application import facts as application_facts
from zhiheng.stages.application import moves
from zhiheng.stages.application.models import Entry
from zhiheng.stages.recommendation.services import public_item
from zhiheng.stages.review.selectors import results
from zhiheng.stages.shortlist import selectors
from zhiheng.stages.shortlist.models import Shortlist

STAGE = [Stage.SHORTLIST]


@act(
    "shortlist.authority_opinion",
    "表彰奖励主管部门意见",
    duty="F4",
    article="四(四)4",
    roles=[Role.COMMENDATION_AUTHORITY, Role.OFFICE],
    stages=STAGE,
)
def authority_opinion(
    acting: Acting, cycle: Cycle, *, against: Mapping[str, str] | None = None, letter: Letterhead | None = None
) -> Outcome:
    """The provincial commendation authority's opinion on the proposed list; `against` maps entry codes to its objections."""
    word = letters.spoken(acting.role, frozenset({Role.COMMENDATION_AUTHORITY}), letter, clock.today())
    if not word.ok:
        return Outcome(word)
    record = selectors.of(cycle)
    if record is not None and record.approved_at:
        return Outcome(no("名单已经主任审批，意见不能再改", article="四(四)4", duty="F4"))
    proposed = [e.code for e in selectors.incoming(cycle)]
    if not proposed:
        return Outcome(no("没有材料评审达标的申报，无须征求意见", article="四(四)4", duty="F4"))
    if strange := sorted(set(against or {}) - set(proposed)):
        return Outcome(no(f"{strange[0]} 不在建议名单中，请核对编号", article="四(四)4", duty="F4"))
    if not all(text.strip() for text in (against or {}).values()):
        return Outcome(no("不同意见须写明理由", article="四(四)4", duty="F4"))
    kept = letters.keep(letter, cycle.code, "shortlist.authority_opinion")
    fields = {"proposed": proposed, "authority_letter": kept, "authority_at": clock.now(), "authority_against": dict(against or {})}
    Shortlist.objects.update_or_create(cycle=cycle, defaults=fields)
    payload = {"proposed": proposed, "against": sorted(against or {}), "letter": letters.particulars(letter)}
    return Outcome(yes("省表彰奖励主管部门意见已记录", duty="F4"), payload)


@act("shortlist.approve", "主任审批", duty="F4", article="四(四)4", roles=[Role.CHAIR, Role.OFFICE], stages=STAGE)
def approve(acting: Acting, cycle: Cycle, *, letter: Letterhead | None = None) -> Outcome:
    """The chair of the committee approves the list, after the commendation authority was heard."""
    record = selectors.of(cycle)
    if record is None or record.authority_at is None:
        return Outcome(no("须先征求省表彰奖励主管部门意见，再呈报主任审批", article="四(四)4", duty="F4"))
    if record.approved_at:
        return Outcome(no("名单已经主任审批", article="四(四)4", duty="F4"))
    word = letters.spoken(acting.role, frozenset({Role.CHAIR}), letter, clock.today())
    if not word.ok:
        return Outcome(word)
    record.approved_at, record.approval = clock.now(), letters.keep(letter, cycle.code, "shortlist.approve")
    record.save(update_fields=["approved_at", "approval"])
    return Outcome(yes("名单已经主任审批", duty="F4"), {"proposed": record.proposed, "letter": letters.particulars(letter)})


@act("shortlist.publish", "公示入围名单", duty=["F5", "L2"], article="四(四)5", roles=[Role.OFFICE], stages=STAGE)
def publish(acting: Acting, cycle: Cycle) -> Outcome:
    """Publish the approved list with the main achievements."""
    record = selectors.of(cycle)
    if record is None or record.approved_at is None:
        return Outcome(no("名单须经省质评委主任审批后方可公示", article="四(四)4", duty="F4"))
    if record.notice_id:
        return Outcome(no("入围名单已经公示", article="四(四)5", duty="F5"))
    approved = set(record.proposed) - set(record.authority_against)
    listed = sorted((e for e in selectors.incoming(cycle) if e.code in approved), key=lambda e: e.name)
    assert acting.unit is not None  # the office's grant names its unit
    posted = publicity.post(cycle, acting.unit, "shortlist_publicity", items=[public_item(e) for e in listed])
    if posted.value is None:
        return Outcome(posted)
    record.notice = posted.value
    record.save(update_fields=["notice"])
    return Outcome(posted, publicity.payload_of(posted.value), value=posted.value)


@act("shortlist.settle", "确定进入现场评审名单", duty="F5", article="四(四)5", roles=[Role.OFFICE], stages=STAGE)
def settle(acting: Acting, cycle: Cycle) -> Outcome:
    """Settle who goes on in the light of the publicity; lists, conditions and the score that counts now are tested again (Q10, Q18)."""
    record = selectors.of(cycle)
    if record is not None and record.settled_at:
        return Outcome(no("进入现场评审名单已经确定", article="四(四)5", duty="F5"))
    ended = publicity.concluded(record.notice if record else None, "入围名单", "四(四)5", "F5")
    if not ended.ok or record is None or record.notice is None:
        return Outcome(ended)
    upheld = upheld_entries(record.notice)
    listed = {item["code"] for item in record.notice.items}
    counted_on, pack = reference(cycle), rules_of(cycle)
    scored = results(cycle, "material")
    on: list[Entry] = []
    off: list[Entry] = []
    reasons: dict[str, str] = {}
    for entry in selectors.incoming(cycle):
        still = eligible(application_facts.applicant(entry), pack, counted_on)
        if entry.code in upheld:
            reasons[entry.code] = f"入围公示期间的异议（{upheld[entry.code]}）经查属实"
        elif entry.code not in listed:
            reasons[entry.code] = f"省表彰奖励主管部门意见：{record.authority_against.get(entry.code, '')}"
        elif not scored[entry.pk].passed:
            reasons[entry.code] = "专家评分依规定作废后重新计算，材料评审得分未达到分数线"
        elif not still.ok:
            reasons[entry.code] = still.text()
        (off if entry.code in reasons else on).append(entry)
    record.settled_at = clock.now()
    record.save(update_fields=["settled_at"])
    payload = {
        "notice": record.notice.code,
        "shortlisted": moves.all_to(on, EntryStatus.SHORTLISTED),
        "left_out": moves.all_to(off, EntryStatus.NOT_SHORTLISTED),
        "reasons": reasons,
    }
    tell = [To(f"person:{e.owner.code}", "未进入现场评审", reasons[e.code]) for e in off]
    return Outcome(yes(f"进入现场评审 {len(on)} 项", duty="F5"), payload, tell=tell)


@act("shortlist.notify", "通知进入现场评审", duty="F6", article="四(四)6", roles=[Role.OFFICE], stages=STAGE)
def notify(acting: Acting, cycle: Cycle) -> Outcome:
    """Notify those going on, and their recommenders."""
    record = selectors.of(cycle)
    if record is None or record.settled_at is None:
        return Outcome(no("进入现场评审名单尚未确定", article="四(四)6", duty="F6"))
    if record.notified_at:
        return Outcome(no("已经通知", article="四(四)6", duty="F6"))
    record.notified_at = clock.now()
    record.save(update_fields=["notified_at"])
    entries = cycle.entries.filter(status=EntryStatus.SHORTLISTED.value).select_related("owner", "recommender").order_by("code")
    tell = [To(f"person:{e.owner.code}", "进入现场评审通知", f"{e.code} 已进入现场评审，请做好准备") for e in entries]
    tell += [To(f"unit:{e.recommender.code}", f"进入现场评审通知 {e.code}", e.name) for e in entries]
    return Outcome(yes("已通知", duty="F6"), {"notified": [e.code for e in entries]}, tell=tell)
