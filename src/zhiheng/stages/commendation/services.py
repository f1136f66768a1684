"""Acts of publicity and commendation (J1–J6, K6; Q23, Q35)."""

from __future__ import annotations

from collections import Counter
from datetime import date

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.files import letters
from zhiheng.foundation.files.letters import Letterhead
from zhiheng.foundation.files.models import StoredFile
from zhiheng.foundation.parties.models import Honour
from zhiheng.foundation.publicity import services as publicity
from zhiheng.foundation.publicity.selectors import upheld_entries
from zhiheng.rules.decision import Decision, no, yes
from zhiheng.rules.lifecycle import FAIL, PASS, EntryStatus, Role, Stage
from zhiheng.stages.application import moves
from zhiheng.stages.application.models import Entry
from zhiheng.stages.application.selectors import own
from zhiheng.stages.commendation import selectors
from zhiheng.stages.commendation.feedback import release_feedback
from zhiheng.stages.commendation.models import Approval, Certificate, LedgerLine, Promotion, UseReport
from zhiheng.stages.committee.models import Resolution
from zhiheng.stages.committee.selectors import of_my_committee, proposed
from zhiheng.stages.nomination.selectors import still_eligible
from zhiheng.stages.recommendation.services import public_item

__all__ = ["approve", "award", "cancel", "confirm", "pay", "promote", "publish", "release_feedback", "report_use"]

PUBLICITY = [Stage.PUBLICITY]
WON = [EntryStatus.AWARDED]
#: What the prize money of an organization is for (J4).
PURPOSES = {
    "improvement": "质量改进与创新",
    "research": "质量技术攻关",
    "standards": "标准化建设",
    "training": "人员培训",
    "rewards": "优秀员工质量奖励",
    "promotion": "先进经验和成果的宣传",
}


@act("commendation.publish", "公示授奖建议名单", duty=["J1", "L2"], article="四(八)1", roles=[Role.OFFICE], stages=PUBLICITY)
def publish(acting: Acting, cycle: Cycle) -> Outcome:
    """Publish the proposed winners in neutral order."""
    listed = sorted(proposed(cycle), key=lambda e: e.name)
    if not listed or selectors.notice(cycle):
        return Outcome(no("没有授奖建议名单，或已经公示", article="四(八)1", duty="J1"))
    assert acting.unit is not None  # the office's grant names its unit
    posted = publicity.post(cycle, acting.unit, "proposed_winners", items=[public_item(e) for e in listed])
    if posted.value is None:
        return Outcome(posted)
    return Outcome(posted, publicity.payload_of(posted.value), value=posted.value)


@act(
    "commendation.cancel",
    "取消授奖建议名单资格",
    duty="J2",
    article="四(八)2",
    roles=[Role.CHAIR, Role.OFFICE],
    stages=[Stage.PUBLICITY, Stage.COMMENDATION],
    states=[EntryStatus.PROPOSED, EntryStatus.CONFIRMED],
    scope=of_my_committee,
)
def cancel(acting: Acting, entry: Entry, *, report: str, letter: Letterhead | None = None) -> Outcome:
    """The committee cancels a proposed winner on the office's report: an objection found true, or conditions no longer met (Q10);
    nobody moves up (Q23). Until the government has approved."""
    word = letters.spoken(acting.role, frozenset({Role.CHAIR}), letter, clock.today())
    if not word.ok:
        return Outcome(word)
    notice = selectors.notice(entry.cycle)
    number = upheld_entries(notice).get(entry.code, "") if notice else ""
    still = still_eligible(entry)
    if Approval.objects.filter(cycle=entry.cycle).exists():
        return Outcome(no("省政府已经批准，不能再取消授奖建议名单资格", article="四(八)2", duty="J2"))
    if not number and still.ok:
        return Outcome(no("没有经查属实的异议，不能取消授奖建议名单资格", article="四(八)2", duty="J2"))
    if not report.strip():
        return Outcome(no("请填写调查报告", article="四(八)2", duty="J2"))
    kept = letters.keep(letter, entry.cycle.code, "commendation.cancel")
    Resolution.objects.create(
        cycle=entry.cycle, letter=kept, kind="cancellation", entries=[entry.code], text=report, resolved_at=clock.now()
    )
    moves.to(entry, FAIL[Stage.PUBLICITY])
    tell = [To(f"person:{entry.owner.code}", "取消授奖建议名单资格", entry.code)]
    return Outcome(
        yes("省质评委已取消其授奖建议名单资格", duty="J2"),
        {"objection": number, "no_longer_eligible": "" if still.ok else still.text(), "letter": letters.particulars(letter)},
        tell=tell,
    )


@act("commendation.confirm", "确认公示结果", duty=["J1", "J2"], article="四(八)2", roles=[Role.OFFICE], stages=PUBLICITY)
def confirm(acting: Acting, cycle: Cycle) -> Outcome:
    """After the publicity, those without a true objection are put to the government; lists are tested once more (Q10)."""
    notice = selectors.notice(cycle)
    ended = publicity.concluded(notice, "授奖建议名单", "四(八)1", "J1")
    if notice is None or not ended.ok:
        return Outcome(ended)
    entries, upheld = proposed(cycle), upheld_entries(notice)
    if not entries:
        return Outcome(no("没有待确认的授奖建议名单", article="四(八)2", duty="J2"))
    if left := [e.code for e in entries if e.code in upheld]:
        return Outcome(no(f"{left[0]} 的异议经查属实，须先提请省质评委取消其资格", article="四(八)2", duty="J2"))
    if not (fit := _all_fit(entries)).ok:
        return Outcome(fit)
    payload = {"notice": notice.code, "confirmed": moves.all_to(entries, PASS[Stage.PUBLICITY])}
    return Outcome(yes(f"公示无异议 {len(entries)} 项，可报请省政府批准", duty="J2"), payload)


def _all_fit(entries: list[Entry]) -> Decision[None]:
    """Whether every one still meets the conditions: lists and bans are tested once more before the award (Q10)."""
    for entry in entries:
        if not (still := still_eligible(entry)).ok:
            return no(f"{entry.code} 已不符合条件：{still.text()}；须先提请省质评委取消其资格", article="三", duty="B3")
    return yes()


@act(
    "commendation.approve",
    "省政府批准",
    duty="J2",
    article="四(八)2",
    roles=[Role.GOVERNMENT, Role.OFFICE],
    stages=[Stage.COMMENDATION],
)
def approve(acting: Acting, cycle: Cycle, *, letter: Letterhead | None = None) -> Outcome:
    """The provincial government approves the winners."""
    word = letters.spoken(acting.role, frozenset({Role.GOVERNMENT}), letter, clock.today())
    if not word.ok:
        return Outcome(word)
    entries = selectors.confirmed(cycle)
    if not entries or Approval.objects.filter(cycle=cycle).exists():
        return Outcome(no("没有待批准的名单，或已经批准", article="四(八)2", duty="J2"))
    if not (fit := _all_fit(entries)).ok:
        return Outcome(fit)
    on, ended = letter.dated if letter else clock.today(), selectors.notice(cycle)
    if ended and ended.closed_at and on < ended.closed_at.astimezone(clock.SHANGHAI).date():
        return Outcome(no(f"批准日期 {on} 早于授奖建议名单公示结束之日，请核对来文", article="四(八)2", duty="J2"))
    kept = letters.keep(letter, cycle.code, "commendation.approve")
    Approval.objects.create(cycle=cycle, entries=[e.code for e in entries], letter=kept, approved_on=on)
    payload = {"entries": [e.code for e in entries], "approved_on": on, "letter": letters.particulars(letter)}
    return Outcome(yes("省政府已批准", duty="J2"), payload)


@act("commendation.award", "表彰并颁发证书", duty=["J3", "J5", "K6"], article="五(一)", roles=[Role.OFFICE], stages=[Stage.COMMENDATION])
def award(acting: Acting, cycle: Cycle) -> Outcome:
    """Commend the approved winners: certificates with their numbers, prize money owed, honours on record, public announcement."""
    approval = Approval.objects.filter(cycle=cycle).first()
    entries = selectors.confirmed(cycle)
    if approval is None or {e.code for e in entries} != set(approval.entries):
        return Outcome(no("须经省政府批准后方可表彰", article="四(八)2", duty="J2"))
    pack, today = rules_of(cycle), clock.today()
    issued: dict[str, str] = {}
    count: Counter[str] = Counter()
    for entry in entries:
        wanted = pack.award(entry.award)
        count[wanted.short] += 1
        number = f"ZLJ-{cycle.code}-{wanted.short}{count[wanted.short]:02d}"
        Certificate.objects.create(number=number, entry=entry, cycle=cycle, issued_on=today)
        if wanted.prize.value:
            LedgerLine.objects.create(entry=entry, kind="awarded", amount=wanted.prize.value, on=today, note="奖励经费由财政统一安排")
        Honour.objects.create(party=entry.party, award=entry.award, cycle=cycle.code, decided_on=approval.approved_on)
        issued[entry.code] = number
    assert acting.unit is not None  # the office's grant names its unit
    moves.all_to(entries, PASS[Stage.COMMENDATION])
    items = [{**public_item(e), "certificate": issued[e.code]} for e in sorted(entries, key=lambda e: e.name)]
    posted = publicity.post(cycle, acting.unit, "commendation", items=items, timed=False)
    if posted.value is None:
        return Outcome(posted)
    payload = {
        "certificates": issued,
        "prizes": {e.code: pack.award(e.award).prize.value for e in entries},
        "decided_on": approval.approved_on,
        **publicity.payload_of(posted.value),
    }
    tell = [To(f"person:{e.owner.code}", "获奖通知", f"{e.code} 证书编号 {issued[e.code]}") for e in entries]
    return Outcome(yes(f"表彰 {len(entries)} 项", duty="J3"), payload, value=posted.value, tell=tell)


@act(
    "commendation.pay",
    "登记奖金发放",
    duty=["J3"],
    article="五(一)",
    roles=[Role.OFFICE],
    stages=[Stage.COMMENDATION, Stage.SUPERVISION],
    states=WON,
)
def pay(acting: Acting, entry: Entry, *, amount: int, on: date, note: str = "") -> Outcome:
    """Record a payment of prize money; never more than is owed."""
    owed = selectors.balance(entry)["to_pay"]
    if not 0 < amount <= owed:
        return Outcome(no(f"应发未发金额为 {owed} 元，请核对", article="五(一)", duty="J3"))
    if not entry.certificate.issued_on <= on <= clock.today() or len(note) > 200:
        return Outcome(no("请填写表彰之后、已经发放的日期，说明不超过 200 字", article="五(一)", duty="J3"))
    LedgerLine.objects.create(entry=entry, kind="paid", amount=amount, on=on, note=note)
    return Outcome(yes("奖金发放已登记", duty="J3"), {"amount": amount, "on": on})


@act(
    "commendation.report_use",
    "报告奖金使用情况",
    duty="J4",
    article="五(二)",
    roles=[Role.APPLICANT],
    stages=[Stage.SUPERVISION],
    states=WON,
    scope=own,
)
def report_use(acting: Acting, entry: Entry, *, purpose: str, amount: int, text: str) -> Outcome:
    """A winning organization reports what its prize money was used for."""
    if rules_of(entry.cycle).award(entry.award).applicant != "organization":
        return Outcome(no("奖励经费使用报告适用于获奖组织", article="五(二)", duty="J4"))
    if purpose not in PURPOSES:
        return Outcome(no(f"奖励经费主要用于：{'、'.join(PURPOSES.values())}，请重新选择用途", article="五(二)", duty="J4"))
    paid = selectors.balance(entry)["paid"]
    used = sum(entry.use_reports.values_list("amount", flat=True))
    if not 0 < amount <= paid - used or not text.strip():
        return Outcome(no(f"已发奖金中尚未报告使用的为 {paid - used} 元，请核对金额并填写使用情况", article="五(二)", duty="J4"))
    UseReport.objects.create(entry=entry, purpose=purpose, amount=amount, text=text, reported_at=clock.now())
    return Outcome(yes("奖金使用情况已报告", duty="J4"), {"purpose": purpose, "amount": amount})


@act(
    "commendation.promote",
    "登记宣传推广",
    duty="J6",
    article="六(一)",
    roles=[Role.APPLICANT],
    stages=[Stage.SUPERVISION],
    states=WON,
    scope=own,
)
def promote(acting: Acting, entry: Entry, *, kind: str, text: str, on: date, file: StoredFile | None = None) -> Outcome:
    """A winner records how it shared its methods."""
    if kind not in {"event", "visit", "material"} or not text.strip() or on > clock.today():
        return Outcome(no("请选择推广形式，填写内容和已经发生的日期", article="六(一)", duty="J6"))
    Promotion.objects.create(entry=entry, kind=kind, text=text, on=on, file=file)
    return Outcome(yes("宣传推广情况已登记", duty="J6"), {"kind": kind, "on": on})
