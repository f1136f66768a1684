"""The one publicity mechanism of all stages: post, object, investigate, answer, close (L2, J2, Q14, Q15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, Outcome, To, act
from zhiheng.foundation.canonical import digest_of, salted
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.entropy import token
from zhiheng.foundation.files.models import StoredFile
from zhiheng.foundation.journal import services as journal
from zhiheng.foundation.packs.selectors import calendar
from zhiheng.foundation.people.models import Unit
from zhiheng.foundation.publicity import facts
from zhiheng.foundation.publicity.models import Notice, Objection
from zhiheng.foundation.publicity.selectors import waiting_objections
from zhiheng.rules import clocks
from zhiheng.rules.decision import Decision, no, yes
from zhiheng.rules.lifecycle import Role
from zhiheng.rules.pack import Pack

#: Owner of a proof that was uploaded with a form not sent yet; the act makes it the objection's own.
DRAFT = "objection:draft-"
OWNERS = [Role.OFFICE, Role.RECOMMENDER]


def owns(acting: Acting, notice: Notice) -> bool:
    """Whether the notice is the acting unit's own."""
    return acting.unit is not None and acting.unit.pk == notice.unit_id


def handles(acting: Acting, objection: Objection) -> bool:
    """Whether the objection is against the acting unit's own notice."""
    return owns(acting, objection.notice)


def post(
    cycle: Cycle,
    unit: Unit,
    kind: str,
    *,
    items: Sequence[Mapping[str, Any]] = (),
    words: Mapping[str, object] | None = None,
    timed: bool = True,
    days: int = 0,
) -> Decision[Notice]:
    """Post a notice from the pack's template of this kind. timed: it runs for the pack's working days (`days`: longer ones).

    Refused where the calendar does not reach the end of the period, or where `days` is below the pack's minimum (L2).
    """
    pack = rules_of(cycle)
    posted = clock.now()
    length = max(days, pack.parameters.publicity_days.value) if timed else 0
    if days and timed and days < pack.parameters.publicity_days.value:
        return no(f"公示期不得少于 {pack.parameters.publicity_days.value} 个工作日", article="四", duty="L2")
    end = None
    if timed:
        period = clocks.period_end(posted.date(), length, calendar(), pack.parameters.posting_day_counts.value)
        if not period.ok:
            return Decision(period.reasons)
        end = period.value
    rows = [dict(item) for item in items]
    title, body = _written(
        pack,
        kind,
        cycle,
        unit,
        {"days": length, "posted_on": posted.date(), "ends_on": end, "counts": _counts(pack, rows), **(words or {})},
    )
    notice = Notice.objects.create(
        code=f"GS{cycle.code}-{cycle.notices.count() + 1:03d}",
        cycle=cycle,
        kind=kind,
        title=title,
        body=body,
        items=rows,
        unit=unit,
        days=length,
        posted_at=posted,
        ends_on=end,
        digest=digest_of({"title": title, "body": body, "items": rows}),
        journal_head=journal.head_of(cycle.chain),
    )
    return yes(f"已发布《{title}》", notice, duty="L2")


def _written(pack: Pack, kind: str, cycle: Cycle, unit: Unit, words: Mapping[str, object]) -> tuple[str, str]:
    """Title and body from the pack's template; a pack without one gets a plain title."""
    known: dict[str, object] = {"cycle": f"{cycle.year}年度", "sender": unit.name, "recommender": unit.name, "list": "（名单见附表）"}
    known |= {"date": words["posted_on"], "contact": unit.contact or "见发布单位公布的联系方式", "law": pack.law.title, **words}
    for award in pack.awards:
        known.setdefault(f"{award.code}_prize", money(award.prize.value))
    texts = _Known({name: clocks.chinese_date(value) if isinstance(value, date) else value for name, value in known.items()})
    try:
        template = pack.document(kind)
    except KeyError:
        return f"{cycle.title}公告", ""
    return template.title.format_map(texts), template.body.format_map(texts)


def money(yuan: int) -> str:
    """An amount of yuan as notices write it: 50万, 20000 → 2万, 12500 → 12500."""
    return f"{yuan // 10000}万" if yuan and yuan % 10000 == 0 else str(yuan)


def _counts(pack: Pack, rows: Sequence[Mapping[str, Any]]) -> str:
    """How many of each award a list holds: 9家组织、8名个人."""
    each = {"organization": "家组织", "person": "名个人"}
    found = ((sum(row.get("award") == a.title for row in rows), each[a.applicant]) for a in pack.awards)
    return "、".join(f"{count}{word}" for count, word in found if count)


class _Known(dict[str, object]):
    """Template words; one that is missing shows as a blank to fill rather than breaking the notice."""

    def __missing__(self, key: str) -> str:
        return "＿＿＿＿"


def payload_of(notice: Notice) -> dict[str, Any]:
    """What the journal keeps of a notice: enough to recompute its clock."""
    return {
        "notice": notice.code,
        "kind": notice.kind,
        "digest": notice.digest,
        "days": notice.days,
        "posted": notice.posted_at,
        "ends_on": notice.ends_on,
        "head": notice.journal_head,
        "entries": [item["code"] for item in notice.items if "code" in item],
    }


@act("publicity.object", "提出异议", duty=["L2", "J2"], article="四(八)2", roles=[Role.PUBLIC, Role.APPLICANT, Role.INSPECTOR])
def lodge_objection(
    acting: Acting, notice: Notice, *, content: str, entry: str = "", name: str = "", contact: str = "", proof: StoredFile | None = None
) -> Outcome:
    """Receive an objection. Real-name and in time: formal, to be answered, and it holds the gate; any other is a lead (Q15)."""
    if not content.strip():
        return Outcome(no("请写明异议内容", article="四(八)2", duty="J2"))
    if len(content) > 5000:
        return Outcome(no("异议内容请控制在 5000 字以内，详细材料可作为附件提交", article="四(八)2", duty="J2"))
    for title, text, most in (("姓名（名称）", name, 60), ("联系方式", contact, 120)):
        if len(text) > most:
            return Outcome(no(f"{title}请控制在 {most} 字以内", article="四(八)2", duty="J2"))
    if entry and entry not in {item.get("code") for item in notice.items}:
        return Outcome(no("所选申报对象不在本公示名单中，请重新选择", article="四(八)2", duty="J2"))
    if notice.ends_on is None:
        return Outcome(no("该公告不设公示期，不受理异议；如有意见请联系省质评办", article="四(八)2", duty="J2"))
    received = clock.now()
    # What came in before 24:00 counts even if the notice was closed while it waited for its turn (X5); `concluded` then holds.
    timely = clocks.objection_in_time(facts.of(notice).posted_on, notice.ends_on, received)
    formal = bool(name.strip() and contact.strip()) and timely
    row = Objection.objects.create(
        number=f"YY{notice.cycle.code}-{token(4).upper()}",
        notice=notice,
        entry=entry,
        name=name,
        contact=contact,
        content=content,
        proof=proof,
        received_at=received,
        formal=formal,
        status="received" if formal else "lead",
    )
    if proof and proof.owner.startswith(DRAFT):
        proof.owner = f"objection:{row.number}"  # from here on the rights of the objection govern it (T6)
        proof.save(update_fields=["owner"])
    text = f"异议已受理，受理编号 {row.number}，将在调查后答复" if formal else f"情况已登记，编号 {row.number}，作为线索处理"
    told = [To(f"unit:{notice.unit.code}", "收到异议", f"《{notice.title}》收到{'正式异议' if formal else '线索'} {row.number}")]
    payload = {"notice": notice.code, "entry": entry, "formal": formal, "content": salted(row.number, content)}
    return Outcome(yes(text, duty="J2"), payload, subject=f"objection:{row.number}", value=row, tell=told)


@act("publicity.investigate", "调查异议", duty="J2", article="四(八)2", roles=OWNERS, scope=handles)
def investigate(acting: Acting, objection: Objection, *, findings: str) -> Outcome:
    """Record what the investigation of an objection found; later findings stand below earlier ones."""
    if objection.status not in {"received", "investigating"}:
        return Outcome(no("该异议已办结或属于线索，不需调查登记", article="四(八)2", duty="J2"))
    if not findings.strip():
        return Outcome(no("请写明调查情况", article="四(八)2", duty="J2"))
    objection.investigation = f"{objection.investigation}\n{findings}".strip()
    objection.status = "investigating"
    objection.save(update_fields=["investigation", "status"])
    return Outcome(yes("调查情况已登记", duty="J2"), {"findings": salted(objection.number, findings)})


@act("publicity.answer", "答复异议", duty="J2", article="四(八)2", roles=OWNERS, scope=handles)
def answer(acting: Acting, objection: Objection, *, upheld: bool, text: str) -> Outcome:
    """Answer a formal objection after its investigation: upheld or dismissed, with the reasons."""
    if objection.status != "investigating":
        return Outcome(no("请先登记调查情况，再作出答复", article="四(八)2", duty="J2"))
    if not text.strip():
        return Outcome(no("请写明答复意见", article="四(八)2", duty="J2"))
    objection.status, objection.answer, objection.answered_at = "upheld" if upheld else "dismissed", text, clock.now()
    objection.save(update_fields=["status", "answer", "answered_at"])
    payload = {"upheld": upheld, "entry": objection.entry, "notice": objection.notice.code, "answer": salted(objection.number, text)}
    return Outcome(yes("异议已答复", duty="J2"), payload)


@act("publicity.close", "结束公示", duty="L2", article="四", roles=OWNERS, scope=owns)
def close(acting: Acting, notice: Notice) -> Outcome:
    """Close a notice: only after 24:00 of its last working day, and with every formal objection answered.

    A make-up working day that became known later does not end a period before the day that was announced.
    """
    if notice.closed_at:
        return Outcome(no("该公示已经结束", article="四", duty="L2"))
    if not notice.days:
        return Outcome(no("该公告不设公示期，无需结束", article="四", duty="L2"))
    decision = clocks.may_close_publicity(facts.of(notice), calendar(), clock.now(), rules_of(notice.cycle).parameters)
    if decision.ok and notice.ends_on and clock.today() <= notice.ends_on:
        text = f"公示期已公告至{clocks.chinese_date(notice.ends_on)}24时届满，不得提前结束，请于次日零时后办理"
        decision = no(text, article="四", duty="L2", code="publicity.running")
    if decision.ok:
        notice.closed_at = clock.now()
        notice.save(update_fields=["closed_at"])
    return Outcome(
        decision, {"notice": notice.code, "ended": decision.value, "posted": notice.posted_at, "days": notice.days}, value=notice
    )


def concluded(notice: Notice | None, what: str, article: str, duty: str) -> Decision[None]:
    """Whether a notice that an act rests on was posted and lawfully closed."""
    if notice is None:
        return no(f"{what}尚未公示，请先发布公示", article=article, duty=duty, code="notice")
    if notice.closed_at is None:
        end = f"（截止{clocks.chinese_date(notice.ends_on)}）" if notice.ends_on else ""
        return no(f"{what}公示尚未结束{end}，期满且异议办结后方可继续", article=article, duty=duty, code="notice")
    if waiting := waiting_objections(notice):
        return no(f"{what}公示尚有 {waiting} 件正式异议未办结，请先调查并答复", article=article, duty=duty, code="notice")
    return yes(f"{what}公示期满", duty=duty)
