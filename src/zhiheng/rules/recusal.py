"""Who must stand aside from which entry (细则七(七), 四(五)1; duties K7, G1; questions Q16, Q18)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from zhiheng.rules.clocks import add_years
from zhiheng.rules.decision import Decision, Reason, decide, yes
from zhiheng.rules.pack import Parameters

Round = Literal["material", "site"]
#: An employer (credit code or name) and the last day there; None: to this day.
Tie = tuple[str, date | None]


@dataclass(frozen=True, slots=True)
class ExpertFacts:
    """What a draw needs to know of an expert.

    name_key: a stable key of the person (never shown); employer: the present main employer, credit code or name;
    employers: further and former ones; industries: GB/T 4754 divisions; categories: codes of award categories they can judge;
    declared, kin_of: codes of entries, or employers, of which the expert declared an interest or kinship;
    consulted: paid consulting; leader: qualified to lead a site-visit panel; load: panels they already sit on in this round;
    credit_code, group_code: of the present employer and of the group it belongs to; main: the divisions of their own work;
    criteria: sections of the criteria that they know best; assessor: trained to assess, not only at home in an industry.
    """

    code: str
    name_key: str
    employer: str
    employers: tuple[Tie, ...]
    industries: frozenset[str]
    categories: frozenset[str]
    city: str
    declared: frozenset[str]
    kin_of: frozenset[str]
    consulted: tuple[Tie, ...]
    leader: bool
    load: int
    active: bool
    credit_code: str = ""
    group_code: str = ""
    main: frozenset[str] = frozenset()
    criteria: frozenset[str] = frozenset()
    assessor: bool = True


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What a draw needs to know of an entry.

    employer: the organization itself, or the person's employer; industry: GB/T 4754 code; requested_out: experts whose
    recusal the applicant requested and the office upheld; earlier_scorers: experts who scored its materials;
    applicant_key: the person's key when a person applies, comparable with ExpertFacts.name_key; credit_code, group_code: of the
    organization or the person's employer, and of its group.
    """

    code: str
    award: str
    category: str
    employer: str
    industry: str
    city: str
    requested_out: frozenset[str]
    earlier_scorers: frozenset[str]
    applicant_key: str = ""
    credit_code: str = ""
    group_code: str = ""


@lru_cache(maxsize=65536)
def employer_key(employer: str) -> str:
    """An employer's name or credit code, so written that width, case and spaces make no difference; empty stays empty."""
    return "".join(unicodedata.normalize("NFKC", employer).split()).upper()


@dataclass(frozen=True, slots=True)
class Ground:
    """Why an expert may not judge an entry: in a few words, with its article and duty."""

    entry: str
    text: str
    code: str
    article: str = "七(七)"
    duty: str = "K7"

    @property
    def noted(self) -> str:
        """As a frozen draw has it: the ground, then the entry."""
        return f"{self.text}（{self.entry}）"


def conflicts(expert: ExpertFacts, entry: EntryFacts, params: Parameters, on: date, round: Round) -> Decision[None]:  # noqa: A002
    """Whether the expert may judge the entry in this round; each conflict is a refusal with its ground (K7, Q16, Q18)."""
    found = tuple(_refusal(expert, ground) for ground in found_conflicts(expert, entry, params, on, round))
    return decide(found) if found else yes("未发现应当回避的情形", article="七(七)", duty="K7", code="no_conflict")


def found_conflicts(expert: ExpertFacts, entry: EntryFacts, params: Parameters, on: date, round: Round) -> Iterator[Ground]:  # noqa: A002
    """Each ground for recusal, in a fixed order; the draw asks this directly, many thousand times."""
    years = params.conflict_years.value
    own, house = _keys(entry.employer, entry.credit_code), _keys(entry.employer, entry.credit_code, entry.group_code)
    if entry.applicant_key and entry.applicant_key == expert.name_key:
        yield Ground(entry.code, "专家本人即为申报人", "self")
    if not own.isdisjoint(_keys(expert.employer, expert.credit_code)):
        yield Ground(entry.code, "现为该单位人员", "employer")
    elif not house.isdisjoint(_keys(expert.employer, expert.credit_code, expert.group_code)):
        yield Ground(entry.code, "工作单位与该单位同属一个集团", "group")
    elif body := _tied(expert.employers, own, house, years, on):
        yield Ground(entry.code, f"近{years}年内曾在{body}任职", "former_employer")
    if body := _tied(expert.consulted, own, house, years, on):
        yield Ground(entry.code, f"近{years}年内为{body}提供过有偿咨询", "consulting")
    if params.same_city_barred is not None and params.same_city_barred.value and expert.city and expert.city == entry.city:
        yield Ground(entry.code, "所在市与申报者相同", "city")
    if _named(expert.kin_of, entry, house):
        yield Ground(entry.code, "与申报人或该单位有关人员有亲属关系", "kinship")
    if _named(expert.declared, entry, house):
        yield Ground(entry.code, "专家已主动申请回避", "declared")
    if expert.code in entry.requested_out:
        yield Ground(entry.code, "申报人申请其回避且经审核成立", "requested")
    if round == "site" and params.separate_site_experts.value and expert.code in entry.earlier_scorers:
        yield Ground(entry.code, "已参加其材料评审，不得再参加其现场评审", "scored_materials", params.separate_site_experts.article, "G1")


def _refusal(expert: ExpertFacts, ground: Ground) -> Reason:
    text = f"专家{expert.code}应当回避{ground.entry}：{ground.text}，请另行抽取或改派"
    return Reason(False, text, ground.article, ground.duty, ground.code)


@lru_cache(maxsize=65536)
def _keys(*names: str) -> frozenset[str]:
    """What a body may be known by, its name and its codes, as `employer_key` writes them."""
    return frozenset(key for key in map(employer_key, names) if key)


def _named(names: frozenset[str], entry: EntryFacts, house: frozenset[str]) -> bool:
    """Whether one of the names is the entry's code, its employer or its group."""
    return entry.code in names or any(employer_key(name) in house for name in names)


def _tied(ties: tuple[Tie, ...], own: frozenset[str], house: frozenset[str], years: int, on: date) -> str:
    """The body, in words, to which a tie lasts or ended within the years before `on`, the corresponding day included; empty: none."""
    found = {employer_key(employer) for employer, until in ties if until is None or on <= add_years(until, years)} & house
    return "" if not found else "该单位" if found & own else "该单位所属集团"
