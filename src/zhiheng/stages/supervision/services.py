"""Acts of supervision (J6, K1–K5, K7; Q29, Q30, Q35)."""

from __future__ import annotations

from datetime import date

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.canonical import salted
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.entropy import token
from zhiheng.foundation.files import letters
from zhiheng.foundation.files.letters import Letterhead
from zhiheng.foundation.parties.models import Ban, Honour
from zhiheng.foundation.people.models import Person
from zhiheng.foundation.publicity import services as publicity
from zhiheng.foundation.publicity.models import Notice
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.decision import Decision, no, yes
from zhiheng.rules.lifecycle import FAIL, EntryStatus, Role, Stage
from zhiheng.rules.sanctions import false_material_ban, may_revoke_for_deceit, may_revoke_for_event
from zhiheng.stages.application import moves
from zhiheng.stages.application.models import Entry
from zhiheng.stages.application.selectors import own
from zhiheng.stages.commendation import selectors as commendations
from zhiheng.stages.commendation.models import Certificate, LedgerLine
from zhiheng.stages.committee.selectors import of_my_committee
from zhiheng.stages.recommendation.services import public_item
from zhiheng.stages.supervision import selectors
from zhiheng.stages.supervision.models import AbuseRecord, ChangeReport, Finding, MisuseReport, Revisit, Revocation

STAGE = [Stage.SUPERVISION]
WON = [EntryStatus.AWARDED]
AFTER_DRAFT = [s for s in EntryStatus if s != EntryStatus.DRAFT]


@act(
    "supervision.report_misuse",
    "反映违规使用奖项",
    duty="J6",
    article="六(二)",
    roles=[Role.PUBLIC, Role.RECOMMENDER, Role.OFFICE],
    stages=STAGE,
)
def report_misuse(acting: Acting, entry: Entry, *, content: str, reporter: str = "") -> Outcome:
    """Receive a report that the award is used on products or advertising, or a certificate sold, rented or forged."""
    if EntryStatus(entry.status) not in {EntryStatus.AWARDED, EntryStatus.REVOKED}:  # says nothing of where an entry stands
        return Outcome(no("请选择获奖组织或获奖个人", article="六(二)", duty="J6"))
    if not content.strip() or len(content) > 5000 or len(reporter) > 60:
        return Outcome(no("请写明反映的情况（5000 字以内），反映人不超过 60 字", article="六(二)", duty="J6"))
    number = f"JB{entry.cycle.code}-{token(4).upper()}"
    row = MisuseReport.objects.create(entry=entry, number=number, content=content, reporter=reporter, received_at=clock.now())
    return Outcome(yes(f"已受理，编号 {number}", duty="J6"), {"number": number, "content": salted(number, content)}, value=row)


@act("supervision.handle_misuse", "处理违规使用", duty="J6", article="六(二)", roles=[Role.OFFICE], stages=STAGE)
def handle_misuse(acting: Acting, report: MisuseReport, *, outcome: str) -> Outcome:
    """Record how a report of misuse was handled."""
    if report.handled_at or not outcome.strip():
        return Outcome(no("该反映已办结，或未填写处理结果", article="六(二)", duty="J6"))
    report.handled_at, report.outcome = clock.now(), outcome
    report.save(update_fields=["handled_at", "outcome"])
    return Outcome(yes("处理结果已登记", duty="J6"), {"number": report.number, "outcome": outcome}, subject=f"entry:{report.entry.code}")


@act(
    "supervision.find_false",
    "认定提供虚假材料",
    duty="K1",
    article="七(一)",
    roles=[Role.OFFICE],
    states=AFTER_DRAFT,
    scope=selectors.was_submitted,
)
def find_false(acting: Acting, entry: Entry, *, text: str) -> Outcome:
    """Find concealment or false materials: no application for the pack's years, from today (Q29)."""
    ban = false_material_ban(clock.today(), text, rules_of(entry.cycle))
    if ban.value is None:
        return Outcome(Decision(ban.reasons))
    Finding.objects.create(entry=entry, text=text, found_on=clock.today())
    value = ban.value
    Ban.objects.create(party=entry.party, from_on=value.from_on, until=value.until, duty="K1", article=value.article, cause=value.cause)
    payload = {"from": value.from_on, "until": value.until}
    tell = [To(f"person:{entry.owner.code}", "不予受理申报的决定", f"{entry.code}：至{chinese_date(value.until)}")]
    return Outcome(ban, payload, tell=tell)


def _take_back(acting: Acting, entry: Entry, row: Revocation, won: date, ban_until: date | None) -> Decision[Notice]:
    """Revoke: status, honour, certificate, money to recover, ban, public announcement."""
    today = clock.today()
    row.decided_on = today
    row.save()
    moves.to(entry, FAIL[Stage.SUPERVISION])
    Honour.objects.filter(party=entry.party, award=entry.award, cycle=entry.cycle.code).update(revoked_on=today)
    Certificate.objects.filter(entry=entry).update(revoked_on=today)
    paid = commendations.balance(entry)["paid"]
    if paid:
        LedgerLine.objects.create(entry=entry, kind="recall", amount=paid, on=today, note="取消奖励，追缴奖金")
    if ban_until:
        Ban.objects.create(
            party=entry.party, from_on=today, until=ban_until, duty="K2", article="七(二)", cause="以不正当手段获奖被取消奖励"
        )
    assert acting.unit is not None  # the office's grant names its unit
    deceit = row.ground == "deceit"
    words = {
        "applicant": entry.name,
        "awarded_on": won,
        "award": rules_of(entry.cycle).award(entry.award).title,
        "number": entry.certificate.number,
        "reasons": row.text,
        "citation": "七（二）" if deceit else "七（三）",
        "consent": "" if deceit else "经评审委员会同意，",
        "amount": publicity.money(paid),
        "ban": f"自取消奖励之日起至{chinese_date(ban_until)}不予受理其申报。" if ban_until else "",
    }
    return publicity.post(entry.cycle, acting.unit, "revocation_notice", items=[public_item(entry)], words=words, timed=False)


@act("supervision.revoke_deceit", "以不正当手段获奖的取消奖励", duty="K2", article="七(二)", roles=[Role.OFFICE], stages=STAGE, states=WON)
def revoke_deceit(acting: Acting, entry: Entry, *, evidence: str) -> Outcome:
    """Revoke an award won by deceit or bribery: recovered, made public, no application for the pack's years."""
    won = selectors.awarded_on(entry)
    assert won is not None  # an awarded entry was approved
    decision = may_revoke_for_deceit(won, clock.today(), evidence, rules_of(entry.cycle))
    if decision.value is None or not decision.ok:
        return Outcome(decision)
    row = Revocation(entry=entry, ground="deceit", text=evidence)
    posted = _take_back(acting, entry, row, won, decision.value)
    if posted.value is None:
        return Outcome(posted)
    payload = {"ground": "deceit", "decided_on": row.decided_on, "ban_until": decision.value, **publicity.payload_of(posted.value)}
    return Outcome(decision, payload, value=row, tell=[To(f"person:{entry.owner.code}", "取消奖励决定", entry.code)])


@act(
    "supervision.verify_event",
    "部门核实获奖后重大问题",
    duty="K3",
    article="七(三)",
    roles=[Role.DEPARTMENT, Role.OFFICE],
    stages=STAGE,
    states=WON,
)
def verify_event(acting: Acting, entry: Entry, *, text: str, event_on: date, letter: Letterhead | None = None) -> Outcome:
    """A department verifies an accident, incident or violation after winning."""
    word = letters.spoken(acting.role, frozenset({Role.DEPARTMENT}), letter, clock.today())
    if not word.ok:
        return Outcome(word)
    if not text.strip() or event_on > clock.today():
        return Outcome(no("请写明核实情况和已经发生的日期", article="七(三)", duty="K3"))
    kept = letters.keep(letter, entry.cycle.code, "supervision.verify_event")
    row = Revocation.objects.create(entry=entry, ground="event", text=text, event_on=event_on, verified_at=clock.now(), verification=kept)
    return Outcome(yes("核实情况已记录", duty="K3"), {"event_on": event_on, "letter": letters.particulars(letter)}, value=row)


@act(
    "supervision.agree_revocation",
    "省质评委同意取消奖励",
    duty="K3",
    article="七(三)",
    roles=[Role.CHAIR, Role.OFFICE],
    stages=STAGE,
    scope=of_my_committee,
)
def agree_revocation(acting: Acting, row: Revocation, *, letter: Letterhead | None = None) -> Outcome:
    """The committee agrees to the revocation."""
    word = letters.spoken(acting.role, frozenset({Role.CHAIR}), letter, clock.today())
    if not word.ok:
        return Outcome(word)
    if row.ground != "event" or row.verified_at is None or row.agreed_at or row.entry.status != EntryStatus.AWARDED.value:
        return Outcome(no("没有经部门核实、待同意的取消奖励事项", article="七(三)", duty="K3"))
    row.agreed_at, row.agreement = clock.now(), letters.keep(letter, row.entry.cycle.code, "supervision.agree_revocation")
    row.save(update_fields=["agreed_at", "agreement"])
    payload = {"letter": letters.particulars(letter)}
    return Outcome(yes("省质评委已同意", duty="K3"), payload, subject=f"entry:{row.entry.code}")


@act("supervision.revoke_event", "获奖后发生重大问题的取消奖励", duty="K3", article="七(三)", roles=[Role.OFFICE], stages=STAGE)
def revoke_event(acting: Acting, row: Revocation) -> Outcome:
    """Revoke for an event within the window after winning, verified and agreed; its own date counts (Q30)."""
    entry = Entry.objects.select_for_update().get(pk=row.entry_id)
    won = selectors.awarded_on(entry)
    if won is None or row.event_on is None or row.decided_on or entry.status != EntryStatus.AWARDED.value:
        return Outcome(no("该事项不适用、已经办结，或其奖励已被取消", article="七(三)", duty="K3"))
    decision = may_revoke_for_event(won, row.event_on, row.verified_at is not None, row.agreed_at is not None, rules_of(entry.cycle))
    if not decision.ok:
        return Outcome(decision)
    posted = _take_back(acting, entry, row, won, None)
    if posted.value is None:
        return Outcome(posted)
    payload = {"ground": "event", "event_on": row.event_on, "decided_on": row.decided_on, **publicity.payload_of(posted.value)}
    tell = [To(f"person:{entry.owner.code}", "取消奖励决定", entry.code)]
    return Outcome(decision, payload, subject=f"entry:{entry.code}", tell=tell)


@act(
    "supervision.recover",
    "登记收回和追缴",
    duty=["K2", "K3"],
    article="七(二)",
    roles=[Role.OFFICE],
    stages=STAGE,
    states=[EntryStatus.REVOKED],
)
def recover(acting: Acting, entry: Entry, *, amount: int = 0, certificate: bool = False) -> Outcome:
    """Record prize money recovered, or the certificate and plaque taken back (Q35)."""
    open_sum = commendations.balance(entry)["to_recover"]
    if amount < 0 or amount > open_sum or not (amount or certificate):
        return Outcome(no(f"应追缴未追缴金额为 {open_sum} 元，请核对", article="七(二)", duty="K2"))
    if certificate and entry.certificate.recovered_on:
        return Outcome(no("证书、奖牌或奖杯此前已收回", article="七(二)", duty="K2"))
    if amount:
        LedgerLine.objects.create(entry=entry, kind="recovered", amount=amount, on=clock.today())
    if certificate:
        Certificate.objects.filter(entry=entry, recovered_on=None).update(recovered_on=clock.today())
    return Outcome(yes("收回和追缴情况已登记", duty="K2"), {"amount": amount, "certificate": certificate})


@act("supervision.report_change", "告知重大变更", duty="K4", article="七(四)", roles=[Role.APPLICANT], stages=STAGE, states=WON, scope=own)
def report_change(acting: Acting, entry: Entry, *, kind: str, text: str) -> Outcome:
    """A winning organization tells its city regulator of a major change."""
    if rules_of(entry.cycle).award(entry.award).applicant != "organization":
        return Outcome(no("重大变更告知适用于获奖组织", article="七(四)", duty="K4"))
    if kind not in {"structure", "quality_model", "other"} or not text.strip():
        return Outcome(no("请选择变更类别并写明情况", article="七(四)", duty="K4"))
    ChangeReport.objects.create(entry=entry, kind=kind, text=text, reported_at=clock.now())
    tell = [To(f"unit:{entry.recommender.code}", "获奖组织重大变更", f"{entry.code} {entry.name}：{text}")]
    return Outcome(yes("重大变更已告知", duty="K4"), {"kind": kind}, tell=tell)


@act(
    "supervision.revisit",
    "回访获奖组织",
    duty="K5",
    article="七(五)",
    roles=[Role.RECOMMENDER],
    stages=STAGE,
    states=WON,
    scope=selectors.my_city,
)
def revisit(acting: Acting, entry: Entry, *, on: date, departments: str, text: str, advice: str = "") -> Outcome:
    """A city regulator, with same-level departments, revisits a winner and records what it finds."""
    if not entry.certificate.issued_on <= on <= clock.today() or not text.strip() or not 0 < len(departments.strip()) <= 200:
        return Outcome(no("请填写获奖后已经进行的回访日期、会同部门（200 字以内）和回访情况", article="七(五)", duty="K5"))
    assert acting.unit is not None  # the scope has compared it
    Revisit.objects.create(entry=entry, unit=acting.unit, on=on, departments=departments, text=text, advice=advice)
    return Outcome(yes("回访情况已登记", duty="K5"), {"on": on, "departments": departments})


@act("supervision.record_abuse", "登记违规违纪处理", duty="K7", article="七(七)", roles=[Role.OFFICE, Role.INSPECTOR])
def record_abuse(acting: Acting, cycle: Cycle, *, person: Person, text: str, handling: str) -> Outcome:
    """Record an abuse of office by staff or an expert and how it was dealt with; nobody records on themselves."""
    if acting.person is not None and person.pk == acting.person.pk:
        return Outcome(no("不得登记本人事项", article="七(七)", duty="K7"))
    if not text.strip() or not handling.strip():
        return Outcome(no("请写明情况和处理意见", article="七(七)", duty="K7"))
    AbuseRecord.objects.create(cycle=cycle, person=person, text=text, handling=handling, recorded_at=clock.now())
    return Outcome(yes("已登记", duty="K7"), {"person": person.code, "text": salted(person.salt, text), "handling": handling})
