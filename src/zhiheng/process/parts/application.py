"""What the applicant handed in: the form in readable words, the declarations, the evidence by what it proves (D1–D3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from zhiheng.foundation.acts.permission import permit
from zhiheng.process.parts.audience import Part
from zhiheng.process.parts.sight import Sight
from zhiheng.process.register import panel
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.pack import Pack
from zhiheng.stages.application.forms import FORMS
from zhiheng.stages.application.models import Evidence

KINDS = {"condition": "申报条件", "clause": "评价标准", "bonus": "加分事由"}
INCIDENTS = {"quality": "质量事故", "safety": "安全事故", "environment": "突发环境事件"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A field of the form with what was written; value: text, list of texts, date, number, or bool."""

    title: str
    value: Any

    @property
    def listed(self) -> bool:
        """Whether it is a list of texts."""
        return isinstance(self.value, list | tuple)

    @property
    def dated(self) -> bool:
        """Whether it is a day."""
        return isinstance(self.value, date)


@dataclass(frozen=True, slots=True)
class Clause:
    """What was written on one clause of the criteria."""

    code: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A piece of evidence; open: whether the one who asks may open it now."""

    evidence: Evidence
    open: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """The evidence for one matter: `kind` in words (a condition, a clause of the criteria, …); title as the rules have it."""

    kind: str
    title: str
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Application:
    """The form: answers in the order of the official form, the explanations by clause, and what was declared and signed."""

    answers: tuple[Answer, ...]
    clauses: tuple[Clause, ...]
    declared: tuple[str, ...]
    signed_by: str
    no_state_secrets: bool


@dataclass(frozen=True, slots=True)
class Inside:
    """The publicity inside the applicant's own unit."""

    start: date
    end: date | None
    objections: int
    proof: Any


def form(sight: Sight) -> Application | None:
    """The application form in readable words; None where it is not theirs to read."""
    if not sight.admits(Part.FORM):
        return None
    entry, pack = sight.entry, sight.pack
    award = pack.award(entry.award)
    fields = FORMS[award.applicant].model_fields
    answers = tuple(
        Answer(str(field.title), value)
        for name, field in fields.items()
        if name != "answers" and (value := _value(name, entry.form.get(name))) not in (None, "", [], ())
    )
    titles = _clauses(pack, entry.award, entry.category)
    written = entry.form.get("answers") or {}
    clauses = tuple(Clause(code, titles.get(code, ""), str(text)) for code, text in sorted(written.items(), key=_order(titles)) if text)
    conditions = {condition.code: condition.text for condition in award.conditions}
    declared = tuple(conditions.get(code, code) for code in entry.declared)
    return Application(answers, clauses, declared, entry.signed_by, entry.no_state_secrets)


def publicity_inside(sight: Sight) -> Inside | None:
    """The internal publicity before the application (D3), to who reads the form."""
    entry = sight.entry
    if not sight.admits(Part.FORM) or entry.internal_from is None:
        return None
    proof = entry.internal_proof if sight.admits(Part.DOCUMENTS) else None
    return Inside(entry.internal_from, entry.internal_until, entry.internal_objections, proof)


def documents(sight: Sight) -> list[Proof] | None:
    """The evidence by what it proves, removed pieces beside those that stand, and which of it may be opened now. A few queries."""
    if not sight.admits(Part.DOCUMENTS):
        return None
    entry = sight.entry
    groups: dict[str, list[Paper]] = {}
    rows = list(entry.evidence.select_related("file").order_by("proves", "pk"))
    may_open = bool(rows) and permit(panel.look, sight.acting, rows[0]).ok  # who may open one piece may open each
    for row in rows:
        groups.setdefault(row.proves, []).append(Paper(row, may_open))
    titles = _proven(sight.pack, entry.award, entry.category)
    places = list(titles)
    order = sorted(groups, key=lambda key: (places.index(key) if key in titles else len(places), key))
    return [Proof(KINDS.get(key.partition(":")[0], ""), titles.get(key, key.partition(":")[2] or key), tuple(groups[key])) for key in order]


def _value(name: str, value: Any) -> Any:
    if name == "incidents":
        return [f"{INCIDENTS.get(i['kind'], i['kind'])}（{'重大' if i['major'] else '一般'}），{_day(i['on'])}" for i in value or []]
    return date.fromisoformat(value) if value and name.endswith(("_on", "_since")) else value


def _day(text: str) -> str:
    return chinese_date(date.fromisoformat(text))


def _clauses(pack: Pack, award: str, category: str) -> dict[str, str]:
    """Code → title of every item and clause of the criteria that judge the category, in their order."""
    found: dict[str, str] = {}
    for section in pack.scheme(award, category).sections:
        for item in section.items:
            found[item.code] = item.title
            found |= {clause.code: clause.title or clause.text[:40] for clause in item.clauses}
    return found


def _proven(pack: Pack, award: str, category: str) -> dict[str, str]:
    """What evidence can prove, as `proves` writes it, with its title."""
    rules = pack.award(award)
    found = {"internal": "内部公示情况", "internal:": "内部公示情况"}
    found |= {f"condition:{one.code}": one.text for one in rules.conditions}
    found |= {f"clause:{code}": f"{code} {title}" for code, title in _clauses(pack, award, category).items()}
    return found | {f"bonus:{kind.code}": kind.title for kind in rules.bonus.kinds}


def _order(titles: dict[str, str]) -> Any:
    places = {code: place for place, code in enumerate(titles)}
    return lambda pair: (places.get(pair[0], len(places)), pair[0])
