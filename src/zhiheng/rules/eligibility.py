"""Who may apply and submit, and whether an examination is complete (细则二, 三, 四(二), 四(三); duties B1–B5, D1–D4, E1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zhiheng.rules.calendar import WorkCalendar
from zhiheng.rules.clocks import BEIJING, beijing_date, chinese_date, period_end
from zhiheng.rules.conditions import ApplicantFacts, Incident, award_of, unmet
from zhiheng.rules.decision import Decision, Reason, decide, no
from zhiheng.rules.pack import Check, Pack
from zhiheng.rules.sanctions import BanFacts, barred

__all__ = [
    "ApplicantFacts",
    "BanFacts",
    "Incident",
    "InternalPublicity",
    "SideFacts",
    "SubmissionFacts",
    "checked",
    "declared",
    "eligible",
    "may_submit",
]

_SHOWN = 24  # characters of a condition in a reason


@dataclass(frozen=True, slots=True)
class InternalPublicity:
    """The publicity inside the applicant's own unit: first and last day, objections still open, whether proof is attached."""

    start: date
    end: date
    objections: int
    proof: bool


@dataclass(frozen=True, slots=True)
class SubmissionFacts:
    """What is known of a submission: condition codes declared and evidenced, declarations, internal publicity, gaps.

    warnings: findings that staff must answer (sister firm, unit and person in the same cycle; Q11), as Chinese texts.
    """

    applicant: ApplicantFacts
    declared: frozenset[str]
    evidenced: frozenset[str]
    responsibility_signed_by: str
    no_state_secrets: bool
    internal_publicity: InternalPublicity | None
    fields_missing: tuple[str, ...]
    warnings: tuple[str, ...]
    warnings_answered: bool


@dataclass(frozen=True, slots=True)
class SideFacts:
    """One side of an examination: its check's code, passed (None: not examined yet), and the finding."""

    code: str
    passed: bool | None
    note: str


def eligible(facts: ApplicantFacts, pack: Pack, on: date) -> Decision[None]:
    """Whether the applicant meets the conditions that facts can show, on the reference date; bans are tested on that day too.

    B1–B5, K1, Q10, Q29. Every condition that fails is named, not only the first.
    """
    return _decided([*unmet(facts, pack, on), *barred(facts.bans, on).refusals], "符合申报条件", "三", _duty(facts, pack), "eligible")


def may_submit(facts: SubmissionFacts, pack: Pack, calendar: WorkCalendar, at: datetime, deadline: datetime) -> Decision[None]:
    """Whether an application may be submitted at this moment (D1–D3, B3, B4; Q10, Q11, Q13).

    at, deadline: aware; what is received before the close counts, at the close it is closed. Conditions are tested on the date of the
    deadline (Q10), bans on the day of submission (Q29). A short internal publicity and the findings of Q11 are warnings. ValueError for
    a naive time.
    """
    today = beijing_date(at)
    reasons = [
        *unmet(facts.applicant, pack, beijing_date(deadline)),
        *barred(facts.applicant.bans, today).refusals,
        *_undeclared(facts, pack),
        *_unsigned(facts),
        *_publicity(facts.internal_publicity, pack, calendar, today),
    ]
    if at >= deadline:
        text = f"申报截止时间为{_moment(deadline)}，现已截止，不能再提交；确有特殊情况的请与推荐单位联系"
        reasons.append(Reason(False, text, "四(二)", "D1", "late"))
    for warning in facts.warnings:
        text = warning if facts.warnings_answered else f"{warning}，请推荐单位核实并答复"
        reasons.append(Reason(facts.warnings_answered, text, "三(三)", "B5", "to_answer", warning=not facts.warnings_answered))
    return _decided(reasons, "申报材料齐备，符合提交要求", "四(二)", "D1", "may_submit")


def declared(facts: SubmissionFacts, pack: Pack) -> Decision[None]:
    """Whether each condition of the award that applies to the category is declared, and evidenced where the pack asks for it (B3, B4).

    Asked again at acceptance: a category corrected meanwhile (Q7) may bring a condition that nobody declared.
    """
    return decide(_undeclared(facts, pack))


def checked(sides: Sequence[SideFacts], wanted: Sequence[Check], what: str, duty: str) -> Decision[None]:
    """Whether every wanted side was examined, once, and passed (D4: four sides; E1: five sides).

    what: the examination's name in Chinese, used in the reasons. A failed side needs a note, since the applicant is told why (E3).
    """
    if not wanted:
        return no(f"{what}未规定审查事项，请先在规则包中补充", article="四", duty=duty, code="no_sides")
    article = wanted[0].article
    known = {check.code for check in wanted}
    counts = Counter(side.code for side in sides)
    found = {side.code: side for side in sides}
    reasons = [Reason(False, f"{what}不含“{code}”一项，请删除", article, duty, "unknown_side") for code in counts if code not in known]
    for check in wanted:
        side = found.get(check.code)
        if counts[check.code] > 1:
            reasons.append(Reason(False, f"{what}“{check.title}”填写了{counts[check.code]}次，请只保留一次", check.article, duty, "twice"))
        elif side is None or side.passed is None:
            reasons.append(Reason(False, f"{what}“{check.title}”尚未审查，请审查后填写结论", check.article, duty, "unchecked"))
        elif not side.passed:
            note = side.note.strip() or "未写明原因，请补写"
            reasons.append(Reason(False, f"{what}“{check.title}”不符合要求：{note}", check.article, duty, "failed"))
        else:
            reasons.append(Reason(True, f"{what}“{check.title}”符合要求", check.article, duty, "passed"))
    return decide(reasons)


def _decided(reasons: list[Reason], text: str, article: str, duty: str, code: str) -> Decision[None]:
    """The findings, with one that allows in front when none refuses."""
    refused = any(not reason.ok and not reason.warning for reason in reasons)
    return decide(reasons if refused else [Reason(True, text, article, duty, code), *reasons])


def _duty(facts: ApplicantFacts, pack: Pack) -> str:
    award = award_of(facts, pack)
    return "B4" if award and award.applicant == "person" else "B3"


def _undeclared(facts: SubmissionFacts, pack: Pack) -> Iterator[Reason]:
    """B3, B4: each condition that applies must be declared, and evidenced where the pack asks for it."""
    award = award_of(facts.applicant, pack)
    if award is None:
        return
    duty = "B4" if award.applicant == "person" else "B3"
    for condition in award.conditions:
        if condition.applies_to and facts.applicant.category not in condition.applies_to:
            continue
        if condition.code not in facts.declared:
            yield Reason(False, f"申报条件“{_short(condition.text)}”尚未承诺，请逐项确认", condition.article, duty, "undeclared")
        if condition.evidence and condition.code not in facts.evidenced:
            yield Reason(False, f"申报条件“{_short(condition.text)}”缺少证实性材料，请上传", condition.article, duty, "unevidenced")


def _short(text: str) -> str:
    """A condition's opening words: its full text stands in the form."""
    return text.rstrip("；。") if len(text) <= _SHOWN else f"{text[:_SHOWN]}……"


def _unsigned(facts: SubmissionFacts) -> Iterator[Reason]:
    """D1, D2: fields, the signed responsibility, no state secrets."""
    for name in facts.fields_missing:
        yield Reason(False, f"申报表“{name}”未填写，请补充完整", "四(二)", "D1", "field_missing")
    if not facts.responsibility_signed_by.strip():
        text = "请由申报人（法定代表人或本人）签署对材料完整性、真实性、准确性负责的承诺"
        yield Reason(False, text, "四(二)", "D1", "unsigned")
    if not facts.no_state_secrets:
        yield Reason(False, "请确认申报材料不涉及国家安全、国家秘密；涉及的内容须删除后再提交", "四(二)", "D2", "state_secrets")


def _publicity(facts: InternalPublicity | None, pack: Pack, calendar: WorkCalendar, today: date) -> Iterator[Reason]:
    """D3, Q13: internal publicity concluded, proven, without objection; a short one, or one that cannot be counted, is a warning."""
    if facts is None:
        yield Reason(False, "尚未登记单位内部公示，请公示无异议后再提交", "四(二)", "D3", "no_publicity")
        return
    if facts.end < facts.start:
        yield Reason(False, "内部公示的截止日期早于开始日期，请核对", "四(二)", "D3", "publicity_dates")
        return
    if today <= facts.end:
        text = f"内部公示至{chinese_date(facts.end)}届满，请于{chinese_date(facts.end + timedelta(days=1))}及以后提交"
        yield Reason(False, text, "四(二)", "D3", "publicity_running")
    if facts.objections:
        yield Reason(False, f"内部公示尚有{facts.objections}项异议未办结，请核查处理完毕后再提交", "四(二)", "D3", "publicity_objections")
    if not facts.proof:
        yield Reason(False, "请上传内部公示的证明材料（公示文稿、照片或单位出具的证明）", "四(二)", "D3", "publicity_proof")
    days = pack.parameters.internal_publicity_days.value
    end = period_end(facts.start, days, calendar, pack.parameters.posting_day_counts.value)
    if end.value is None:
        text = f"工作日历未覆盖内部公示期，无法自动核算是否满{days}个工作日，请推荐单位人工核实"
        yield Reason(False, text, "四(二)", "D3", "publicity_uncounted", warning=True)
    elif facts.end < end.value:
        text = f"内部公示不足{days}个工作日（应至{chinese_date(end.value)}），请推荐单位核实"
        yield Reason(False, text, "四(二)", "D3", "publicity_short", warning=True)


def _moment(at: datetime) -> str:
    local = at.astimezone(BEIJING)
    return f"{chinese_date(local.date())}{local:%H:%M}"
