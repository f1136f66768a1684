"""Bans on applying and the revocation of an award (细则七(一)–(三); duties K1, K2, K3; questions Q29, Q30)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from zhiheng.rules.clocks import add_years, chinese_date
from zhiheng.rules.decision import Decision, Reason, decide, no, yes
from zhiheng.rules.pack import Pack


@dataclass(frozen=True, slots=True)
class BanFacts:
    """One ban on applying: from the finding or revocation to its last day, both included; what it rests on and why."""

    from_on: date
    until: date
    article: str
    cause: str


def ban_end(start: date, years: int) -> date:
    """The last banned day: the corresponding day `years` on (Civil Code art. 202; 29 February becomes 28). ValueError when years < 1."""
    if years < 1:
        raise ValueError("a ban lasts one year at least")
    return add_years(start, years)


def barred(bans: Iterable[BanFacts], on: date) -> Decision[None]:
    """Whether an applicant with these bans may apply on that day; of several running bans the one that ends last is named (K1, K2, Q29)."""
    running = [ban for ban in bans if ban.from_on <= on <= ban.until]
    if not running:
        return yes("申报人不在不予受理申报的期限内", article="七", duty="K1", code="not_barred")
    last = max(running, key=lambda ban: (ban.until, ban.from_on, ban.cause))
    text = (
        f"因{last.cause}，自{chinese_date(last.from_on)}至{chinese_date(last.until)}（含当日）不予受理其申报，"
        f"请于{chinese_date(last.until + timedelta(days=1))}及以后申报"
    )
    return no(text, article=last.article, duty="K2" if last.article.startswith("七(二)") else "K1", code="barred")


def false_material_ban(found_on: date, cause: str, pack: Pack) -> Decision[BanFacts]:
    """The ban for concealment or false materials, from the date of the finding; refused without a stated cause (K1)."""
    years = pack.parameters.false_material_ban_years
    if not cause.strip():
        return no("请写明隐瞒情况或提供虚假材料的事实，再作出不予受理的认定", article=years.article, duty="K1", code="no_cause")
    until = ban_end(found_on, years.value)
    text = f"{cause.strip()}，{years.value}年内不再受理其申报，至{chinese_date(until)}（含当日）止"
    ban = BanFacts(found_on, until, years.article, cause.strip())
    return yes(text, ban, article=years.article, duty="K1", code="false_material_ban")


def may_revoke_for_deceit(awarded_on: date, found_on: date, evidence: str, pack: Pack) -> Decision[date]:
    """Whether an award won by deceit or bribery may be revoked; value: the last day of the ban that follows (K2).

    awarded_on: date of the award decision; found_on: date of the finding; evidence: what proves it (document number or summary).
    There is no time limit on the finding.
    """
    years = pack.parameters.deceit_ban_years
    reasons = []
    if not evidence.strip():
        text = "认定以欺骗、贿赂等不正当手段获奖须有证据，请登记调查报告或处理文书后再办理"
        reasons.append(_refuse(text, years.article, "K2", "no_evidence"))
    if found_on < awarded_on:
        text = f"认定日期{chinese_date(found_on)}早于获奖日期{chinese_date(awarded_on)}，请核对日期；尚未获奖的按提供虚假材料处理"
        reasons.append(_refuse(text, years.article, "K2", "found_before_award"))
    if reasons:
        return decide(reasons)
    until = ban_end(found_on, years.value)
    text = f"取消奖励，收回证书、奖牌或奖杯，追缴奖金，并向社会公开；{years.value}年内不予受理其申报，至{chinese_date(until)}（含当日）止"
    return yes(text, until, article=years.article, duty="K2", code="revoke_for_deceit")


def may_revoke_for_event(awarded_on: date, event_on: date, verified: bool, committee_agreed: bool, pack: Pack) -> Decision[None]:
    """Whether an award may be revoked for a major accident, incident or violation after winning (K3, Q30).

    The date of the event counts, even if it is found later; the corresponding day ends the window and belongs to it.
    Refused outside the window, before the departments verified it, or before the committee agreed.
    """
    years = pack.parameters.revocation_window_years
    last = add_years(awarded_on, years.value)
    reasons = []
    if event_on < awarded_on:
        text = f"事件发生于获奖之前（{chinese_date(event_on)}），不属于获奖后{years.value}年内的情形，请按申报条件或虚假材料的规定处理"
        reasons.append(_refuse(text, years.article, "K3", "event_before_award"))
    elif event_on > last:
        text = f"事件发生于{chinese_date(event_on)}，已超过自获奖之日起{years.value}年（至{chinese_date(last)}），不得据此取消奖励"
        reasons.append(_refuse(text, years.article, "K3", "event_after_window"))
    if not verified:
        reasons.append(_refuse("有关部门尚未核实相关情况，请先组织核实并登记核实结论", years.article, "K3", "not_verified"))
    if not committee_agreed:
        reasons.append(_refuse("尚未报省质评委同意，请先提请省质评委审议", years.article, "K3", "not_agreed"))
    if reasons:
        return decide(reasons)
    text = "经核实并报省质评委同意，取消奖励，收回证书、奖牌或奖杯，追缴奖金，并向社会公开"
    return yes(text, article=years.article, duty="K3", code="revoke_for_event")


def _refuse(text: str, article: str, duty: str, code: str) -> Reason:
    return Reason(False, text, article, duty, code)
