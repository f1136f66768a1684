"""The conditions of applying that facts can show: place, years, record, history (细则二, 三; duties B1–B5; Q10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from zhiheng.rules.clocks import add_years, chinese_date
from zhiheng.rules.decision import Reason
from zhiheng.rules.pack import Award, Pack
from zhiheng.rules.sanctions import BanFacts

_INCIDENTS = {"quality": "质量事故", "safety": "安全事故", "environment": "突发环境事件"}


@dataclass(frozen=True, slots=True)
class Incident:
    """An accident or environmental incident of the applicant or, for a senior leader, of the organization."""

    kind: Literal["quality", "safety", "environment"]
    major: bool
    on: date


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


def award_of(facts: ApplicantFacts, pack: Pack) -> Award | None:
    """The award applied for; None when the pack has none of this code."""
    return next((award for award in pack.awards if award.code == facts.award), None)


def unmet(facts: ApplicantFacts, pack: Pack, on: date) -> Iterator[Reason]:
    """Each condition of applying that the facts do not meet, bans apart."""
    award = award_of(facts, pack)
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
