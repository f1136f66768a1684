"""Who may apply and submit, and whether an examination is complete (细则二, 三, 四(二), 四(三); duties B1–B5, D1–D4, E1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from zhiheng.rules.calendar import WorkCalendar
from zhiheng.rules.clocks import BEIJING, add_years, beijing_date, chinese_date, period_end
from zhiheng.rules.decision import Decision, Reason, decide, no
from zhiheng.rules.pack import Award, Check, Pack
from zhiheng.rules.sanctions import BanFacts, barred

__all__ = [
    "ApplicantFacts",
    "BanFacts",
    "Incident",
    "InternalPublicity",
    "SideFacts",
    "SubmissionFacts",
    "checked",
    "eligible",
    "may_submit",
]

_INCIDENTS = {"quality": "质量事故", "safety": "安全事故", "environment": "突发环境事件"}


@dataclass(frozen=True, slots=True)
class Incident:
    """An accident or environmental incident of the applicant or, for a senior leader, of the organization."""

    kind: Literal["quality", "safety", "environment"]
    major: bool
    on: date


@dataclass(frozen=True, slots=True)
class InternalPublicity:
    """The publicity inside the applicant's own unit: first and last day, objections still open, whether proof is attached."""

    start: date
    end: date
    objections: int
    proof: bool


@dataclass(frozen=True, slots=True)
class ApplicantFacts:
    """What is known of an applicant. For a senior leader, lists, incidents and violations are those of the organization as well."""

    award: str
    category: str
    in_region: bool
    established_on: date | None
    work_since: date | None
    local_work_since: date | None
    abnormal_listed: bool
    dishonest_listed: bool
    violations: tuple[str, ...]
    incidents: tuple[Incident, ...]
    past_award: bool
    past_attempts: int
    improvement_statement: str
    bans: tuple[BanFacts, ...]


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
    return _decided([*_unmet(facts, pack, on), *barred(facts.bans, on).refusals], "符合申报条件", "三", _duty(facts, pack), "eligible")


def may_submit(facts: SubmissionFacts, pack: Pack, calendar: WorkCalendar, at: datetime, deadline: datetime) -> Decision[None]:
    """Whether an application may be submitted at this moment (D1–D3, B3, B4; Q10, Q11, Q13).

    at, deadline: aware; what is received before the close counts, at the close it is closed. Conditions are tested on the date of the
    deadline (Q10), bans on the day of submission (Q29). A short internal publicity and the findings of Q11 are warnings. ValueError for
    a naive time.
    """
    today = beijing_date(at)
    reasons = [
        *_unmet(facts.applicant, pack, beijing_date(deadline)),
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
    return _decided(reasons, "申报材料齐备，可以提交", "四(二)", "D1", "may_submit")


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
    award = _award(facts, pack)
    return "B4" if award and award.applicant == "person" else "B3"


def _award(facts: ApplicantFacts, pack: Pack) -> Award | None:
    return next((award for award in pack.awards if award.code == facts.award), None)


def _unmet(facts: ApplicantFacts, pack: Pack, on: date) -> Iterator[Reason]:
    """Each condition of applying that the facts do not meet, bans apart."""
    award = _award(facts, pack)
    if award is None or facts.category not in {category.code for category in award.categories}:
        yield Reason(False, "所选奖项或类别不在本届评选范围内，请重新选择", "二", "B1", "unknown_award")
        return
    person = award.applicant == "person"
    if not facts.in_region:
        text = f"申报人不在{pack.region}范围内，请核对{'工作单位所在地' if person else '登记住所'}；不在范围内的不能申报"
        yield Reason(False, text, "二(二)" if person else "二(一)", "B2" if person else "B1", "not_in_region")
    yield from _service(facts, pack, on) if person else _establishment(facts, on)
    yield from _record(facts, pack, on, person)
    yield from _history(facts, pack)


def _establishment(facts: ApplicantFacts, on: date) -> Iterator[Reason]:
    """B3: an organization lawfully established."""
    if facts.established_on is None:
        yield Reason(False, "未填写成立日期，请按登记证照填写", "三(一)2", "B3", "no_establishment")
    elif facts.established_on > on:
        yield Reason(False, f"截至{chinese_date(on)}尚未依法设立，请核对成立日期", "三(一)2", "B3", "not_established")


def _service(facts: ApplicantFacts, pack: Pack, on: date) -> Iterator[Reason]:
    """B4: years in quality work and, of them, in the region; the years are complete on the corresponding day."""
    for since, years, where, code in (
        (facts.work_since, pack.parameters.work_years, "", "work_years"),
        (facts.local_work_since, pack.parameters.local_work_years, f"在{pack.region}", "local_work_years"),
    ):
        if since is None:
            yield Reason(False, f"未填写{where}从事质量工作的起始日期，请补充", years.article, "B4", f"no_{code}")
        elif add_years(since, years.value) > on:
            text = f"截至{chinese_date(on)}，{where}从事质量工作不满{years.value}年（自{chinese_date(since)}起），请满年限后再申报"
            yield Reason(False, text, years.article, "B4", code)


def _record(facts: ApplicantFacts, pack: Pack, on: date, person: bool) -> Iterator[Reason]:
    """B3, B4: accidents, lists and violations.

    An accident counts up to and with the corresponding day; one after the reference date counts too, when it is known at a later check.
    """
    article, duty = ("三(二)5", "B4") if person else ("三(一)5", "B3")
    years = pack.parameters.clean_years.value
    for incident in sorted(facts.incidents, key=lambda incident: (incident.on, incident.kind)):
        if incident.major and on <= add_years(incident.on, years):
            what = f"{chinese_date(incident.on)}发生重大{_INCIDENTS[incident.kind]}"
            text = f"{what}，不符合近{years}年无重大事故、事件的条件，请期满后再申报"
            yield Reason(False, text, article, duty, "incident")
    if facts.abnormal_listed:
        yield Reason(False, "已被列入经营异常名录，请依法移出名录后再申报", article, duty, "abnormal_listed")
    if facts.dishonest_listed:
        yield Reason(False, "已被列入严重违法失信名单，请依法移出名单后再申报", article, duty, "dishonest_listed")
    for violation in facts.violations:
        text = f"存在违法、违规、违纪行为：{violation}；如情况不实，请提交有关部门出具的证明"
        yield Reason(False, text, "三(二)4" if person else article, duty, "violation")


def _history(facts: ApplicantFacts, pack: Pack) -> Iterator[Reason]:
    """B5: a past winner never again; a past applicant shows its improvement."""
    if facts.past_award and pack.parameters.past_winner_barred.value:
        yield Reason(False, f"已获得往届{pack.award_name}，不再重复申报", pack.parameters.past_winner_barred.article, "B5", "past_winner")
    if facts.past_attempts > 0 and not facts.past_award and not facts.improvement_statement.strip():
        text = f"曾申报{facts.past_attempts}次未获奖，请填写较上次申报的提高情况"
        yield Reason(False, text, "三(三)", "B5", "no_improvement")


def _undeclared(facts: SubmissionFacts, pack: Pack) -> Iterator[Reason]:
    """B3, B4: each condition that applies must be declared, and evidenced where the pack asks for it."""
    award = _award(facts.applicant, pack)
    if award is None:
        return
    duty = "B4" if award.applicant == "person" else "B3"
    for condition in award.conditions:
        if condition.applies_to and facts.applicant.category not in condition.applies_to:
            continue
        if condition.code not in facts.declared:
            yield Reason(False, f"申报条件“{condition.text}”尚未承诺，请逐项确认", condition.article, duty, "undeclared")
        if condition.evidence and condition.code not in facts.evidenced:
            yield Reason(False, f"申报条件“{condition.text}”缺少证实性材料，请上传", condition.article, duty, "unevidenced")


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
