"""The model of a rule pack: a regulation as frozen, dated, cited data (A1). Strict: an unknown key is an error.

Reading files and naming lines is the loader's work (`foundation/packs/loader.py`); here is only what a right pack must be.
Cross-checks between the parts stand in `pack_checks.py`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

import rfc8785
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StrictBool, StrictInt

from zhiheng.rules.lifecycle import Role, Stage

T = TypeVar("T")
#: Parts that packs did not have from the beginning.
LATER = frozenset({"messages"})
#: What an exact number may look like. Exponents are left out (a short text could stand for a number that fills the memory), and so is /0.
_EXACT = re.compile(r"-?\d{1,12}(\.\d{1,12})?|-?\d{1,12}/[1-9]\d{0,11}", re.ASCII)


def _fraction(value: object) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, int | str) or not _EXACT.fullmatch(str(value)):
        raise ValueError('应写成整数或带引号的小数、分数，例如 "0.3" 或 "2/3"，不用浮点数')
    return Fraction(value)


#: An exact number: written in YAML as an integer or a quoted decimal or fraction, kept as a string in JSON.
Exact = Annotated[Fraction, BeforeValidator(_fraction), PlainSerializer(str, return_type=str)]
Article = Annotated[str, Field(min_length=1, pattern=r"^\S+$")]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$")]
Text = Annotated[str, Field(min_length=1)]
Answer = Literal["satisfied", "basically_satisfied", "dissatisfied", "unknown"]


class Model(BaseModel):
    """Base of all parts of a pack: frozen and strict."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with parts changed. What was computed from the original (a digest, a list of items) is left behind: it may be stale."""
        copy = super().model_copy(update=update, deep=deep)
        for name in copy.__dict__.keys() - type(self).model_fields.keys():
            del copy.__dict__[name]
        return copy


class Value(Model, Generic[T]):
    """One parameter: value, unit, article; `question` names the Q-row where the rules are silent, `note` says why."""

    value: T
    unit: Text
    article: Article
    note: str = ""
    question: str = ""


def given(value: Value[T] | None, otherwise: T) -> T:
    """A parameter that a pack may leave out."""
    return otherwise if value is None else value.value


class Parameters(Model):
    """Every number and choice that is not tied to one award. Keys are the same in every pack."""

    # publicity and clocks
    publicity_days: Value[StrictInt]  # working days of every public notice, at least
    posting_day_counts: Value[StrictBool]  # Q14
    internal_publicity_days: Value[StrictInt]  # Q13, working days
    handover_days: Value[StrictInt]  # G5, Q28, working days
    # eligibility and bans
    clean_years: Value[StrictInt]  # years without major accidents
    work_years: Value[StrictInt]  # years in quality work
    local_work_years: Value[StrictInt]  # of them in the province
    result_years: Value[StrictInt]  # Q33
    false_material_ban_years: Value[StrictInt]  # K1
    deceit_ban_years: Value[StrictInt]  # K2
    revocation_window_years: Value[StrictInt]  # K3
    past_winner_barred: Value[StrictBool]  # B5
    # scoring
    percentage_step: Value[StrictInt]  # Q4, percentage points
    point_step: Value[Exact]  # Q6, points
    material_aggregation: Value[Literal["mean", "median", "trimmed_mean", "consensus"]]  # Q2
    consensus_item_spread: Value[StrictInt]  # Q2, percentage points (or, for blocks, per cent of the block)
    consensus_total_spread: Value[Exact]  # Q2, per cent of the full mark
    shown_decimals: Value[StrictInt]  # Q1
    # panels
    material_panel_size: Value[StrictInt]  # Q17
    site_panel_size: Value[StrictInt]
    material_panel_load: Value[StrictInt]  # entries a panel, at most
    site_panel_load: Value[StrictInt]
    industry_experts_min: Value[StrictInt]  # experts of the panel's industry or category, wanted
    one_per_employer: Value[StrictBool]
    separate_site_experts: Value[StrictBool]  # Q16
    conflict_years: Value[StrictInt]  # Q18, employer and paid consulting
    same_city_barred: Value[StrictBool] | None = None  # Q18, experts do not judge entries of their own city; absent: they may
    confirm_months: Value[StrictInt] | None = None  # Q36, months for which an expert's confirmation holds; absent: for ever
    assessors_wanted: Value[StrictInt] | None = None  # Q17, trained assessors a panel, where the library has them; absent: none
    criteria_mix: Value[StrictBool] | None = None  # Q17, somebody for each part of the criteria, where the library has them; absent: no
    draw_tickets: Value[StrictInt] | None = None  # Q37, equally likely tickets of a draw; absent: 1000
    draw_digest: Value[Literal["sha256", "sm3"]] | None = None  # Q37; absent: sha256
    leader_by: Value[Literal["drawn", "named"]] | None = None  # Q37, how a panel comes by its leader; absent: drawn
    answer_days: Value[StrictInt] | None = None  # Q37, working days in which a drawn expert answers; absent: without a term
    # survey
    survey_weights: Value[Mapping[Answer, Exact | None]]  # Q24; None: left out
    survey_min_valid: Value[StrictInt]
    # nomination
    quota_pooled: Value[StrictBool]  # Q34
    # committee
    quorum: Value[Exact]  # share of all members
    majority: Value[Exact]  # share of the members attending
    ballot: Value[Literal["secret", "open"]]  # Q21


class Condition(Model):
    """One condition of applying, word for word; `evidence` says whether proof must be attached."""

    code: Code
    text: Text
    article: Article
    evidence: StrictBool = False
    applies_to: tuple[Code, ...] = ()  # category codes; empty: all


class BonusKind(Model):
    """One ground for the bonus. `years`: how far back it counts; None: must be valid on the reference date."""

    code: Code
    title: Text
    years: StrictInt | None = None
    article: Article


class Bonus(Model):
    """The bonus of an award: given once for at least one ground (Q9)."""

    points: Exact
    article: Article
    kinds: tuple[BonusKind, ...] = Field(min_length=1)


class Category(Model):
    """A category of an award (a person's category); `criteria` names its scheme."""

    code: Code
    title: Text
    definition: str = ""
    criteria: Code
    article: Article


class Award(Model):
    """One award: who may win it, how its score is made, and what it brings.

    weights: share of each round in the final score; survey_full: points of the public satisfaction survey, 0 for none;
    thresholds: points needed to go on from material review, and to be a candidate; tie_breakers: in order, `site`, `material`,
    `survey` or `section:CODE` of the criteria.
    """

    code: Code
    title: Text
    short: Code  # letter in entry numbers
    applicant: Literal["organization", "person"]
    article: Article
    scope: Text
    encouraged: tuple[Text, ...] = ()
    categories: tuple[Category, ...] = Field(min_length=1)
    conditions: tuple[Condition, ...] = Field(min_length=1)
    full_mark: Exact
    material_threshold: Value[Exact]
    final_threshold: Value[Exact]
    weights: Value[Mapping[Literal["material", "site"], Exact]]
    survey_full: Value[Exact]
    bonus: Bonus
    quota: Value[StrictInt]
    tie_breakers: Value[tuple[str, ...]]
    prize: Value[StrictInt]  # yuan


class Clause(Model):
    """A third-level clause or a numbered clause of a person's block; `points` ①②③ in `details`, word for word."""

    code: Code
    title: str = ""
    text: str = ""
    details: tuple[Text, ...] = ()
    numbered: StrictBool = True  # False: not numbered in the source


class Item(Model):
    """What gets a score: a second-level item (percentage × points) or a block of a person's criteria (points)."""

    code: Code
    title: Text
    points: Exact
    article: Article
    text: str = ""
    guide: Code | None = None  # which guide judges it
    clauses: tuple[Clause, ...] = ()


class Section(Model):
    """A first-level chapter of the criteria."""

    code: Code
    title: Text
    points: Exact
    article: Article
    text: str = ""
    items: tuple[Item, ...] = Field(min_length=1)


class Unscored(Model):
    """A part of the criteria that is answered but not scored (组织简介, 概述)."""

    code: Code
    title: Text
    article: Article
    text: Text


class Criteria(Model):
    """A scoring scheme. method `percentage`: item score = points × percentage; `points`: points in steps."""

    code: Code
    title: Text
    article: Article
    method: Literal["percentage", "points"]
    full_mark: Exact
    sections: tuple[Section, ...] = Field(min_length=1)
    unscored: tuple[Unscored, ...] = ()

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All scored items in order."""
        return tuple(item for section in self.sections for item in section.items)

    @cached_property
    def item_points(self) -> dict[str, Fraction]:
        """Item code → its full points."""
        return {item.code: item.points for item in self.items}

    @cached_property
    def section_of(self) -> dict[str, str]:
        """Item code → code of its chapter."""
        return {item.code: section.code for section in self.sections for item in section.items}


class Band(Model):
    """One band of a guide: the percentages it covers and its official text, by element (A D L I / Le T C I)."""

    percentages: tuple[StrictInt, ...] = Field(min_length=1)
    label: Text
    text: Text
    elements: Mapping[str, Text]


class Guide(Model):
    """A scoring guide: the bands from lowest to highest."""

    code: Code
    title: Text
    article: Article
    elements: tuple[Text, ...] = Field(min_length=1)
    bands: tuple[Band, ...] = Field(min_length=1)


class Concept(Model):
    """A basic concept, a definition, a basic requirement or a note, word for word."""

    code: Code
    title: str = ""
    text: Text
    article: Article


class CriteriaBook(Model):
    """Everything of the criteria files; `notes` is what the criteria say of themselves (preambles, scoring principles)."""

    schemes: tuple[Criteria, ...] = Field(min_length=1)
    guides: tuple[Guide, ...] = ()
    concepts: tuple[Concept, ...] = ()
    definitions: tuple[Concept, ...] = ()
    requirements: tuple[Concept, ...] = ()
    notes: tuple[Concept, ...] = ()


class StageRule(Model):
    """One stage of the line with its official title, duties, and the gates that must be passed to leave it."""

    code: Stage
    title: Text
    article: Article
    duties: tuple[str, ...]
    gates: tuple[Text, ...] = ()


class RoleTitle(Model):
    """A role's official name under this regulation."""

    code: Role
    title: Text
    article: Article


class Recommender(Model):
    """A recommending unit. gbt2260 is empty where the standard has no code (雄安新区)."""

    code: Code
    name: Text
    city: Text
    gbt2260: str = ""
    article: Article


class Check(Model):
    """One side of an examination (the recommender's four, the qualification review's five)."""

    code: Code
    title: Text
    article: Article
    stage: Stage


class Step(Model):
    """One step of a site visit, for the awards named."""

    code: Code
    title: Text
    article: Article
    awards: tuple[Code, ...]


class DocumentText(Model):
    """A document template: a title and a body with {placeholders}; `kind` is its stable key."""

    kind: Code
    title: Text
    body: Text
    article: Article


class MessageText(Model):
    """What is written to people outside the product: that something waits for them, never what (see `placeholders.MESSAGES`)."""

    kind: Literal["once", "digest", "sms", "wecom"]
    title: str = ""  # of a mail
    body: Text
    article: Article


class OpenQuestion(Model):
    """A question that the rules leave open (Q1…): the default taken, why, and the parameter that holds it."""

    id: Annotated[str, Field(pattern=r"^Q[0-9]+$")]
    question: Text
    default: Text
    reason: Text
    parameter: Text  # "parameters.NAME" or "awards.CODE.FIELD", several parted by a space, or "fixed"


class Law(Model):
    """The regulation that the pack renders."""

    title: Text
    number: str = ""
    authority: Text
    effective: date


class Pack(Model):
    """A whole rule pack."""

    id: Code
    version: Code
    title: Text
    law: Law
    effective: date
    region: Text
    award_name: Text  # 河北省政府质量奖
    duty_articles: Mapping[str, Article] = Field(default_factory=dict)  # duty → its article, where it is not the Hebei one
    parameters: Parameters
    awards: tuple[Award, ...] = Field(min_length=1)
    criteria: CriteriaBook
    stages: tuple[StageRule, ...] = Field(min_length=1)
    roles: tuple[RoleTitle, ...] = Field(min_length=1)
    recommenders: tuple[Recommender, ...] = Field(min_length=1)
    checks: tuple[Check, ...] = ()
    steps: tuple[Step, ...] = ()
    documents: tuple[DocumentText, ...] = ()
    messages: tuple[MessageText, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()
    text: Text  # the regulation word for word (Markdown)

    @cached_property
    def line(self) -> tuple[Stage, ...]:
        """The stages in order."""
        return tuple(stage.code for stage in self.stages)

    def award(self, code: str) -> Award:
        """The award with this code; KeyError if there is none."""
        return _by_code(self.awards, code)

    def article(self, duty: str, known: str) -> str:
        """The article to cite for a duty: this pack's own, or else the one known to the engine (those of Hebei 2022)."""
        return self.duty_articles.get(duty, known)

    def scheme(self, award: str, category: str) -> Criteria:
        """The criteria that judge a category of an award; KeyError if there is none."""
        return _by_code(self.criteria.schemes, _by_code(self.award(award).categories, category).criteria)

    def recommender(self, code: str) -> Recommender:
        """The recommender with this code; KeyError if there is none."""
        return _by_code(self.recommenders, code)

    def document(self, kind: str) -> DocumentText:
        """The template of this kind; KeyError if there is none."""
        for document in self.documents:
            if document.kind == kind:
                return document
        raise KeyError(kind)

    def message(self, kind: str) -> MessageText | None:
        """The text of this kind; None where the pack leaves it to the engine."""
        return next((message for message in self.messages if message.kind == kind), None)

    def checks_at(self, stage: Stage) -> tuple[Check, ...]:
        """The sides examined at a stage."""
        return tuple(check for check in self.checks if check.stage == stage)

    def canonical(self) -> bytes:
        """The pack as canonical JSON (RFC 8785): the form that is pinned, exported and digested.

        A part or parameter that came later than the first pinned packs is left out when it is empty, so that their digests stay what
        they were.
        """
        content = self.model_dump(mode="json")
        content["parameters"] = {name: value for name, value in content["parameters"].items() if value is not None}
        return rfc8785.dumps({key: value for key, value in content.items() if value or key not in LATER})

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical form, hex (A1)."""
        return hashlib.sha256(self.canonical()).hexdigest()


C = TypeVar("C", Award, Category, Criteria, Recommender)


def _by_code(parts: tuple[C, ...], code: str) -> C:
    for part in parts:
        if part.code == code:
            return part
    raise KeyError(code)
