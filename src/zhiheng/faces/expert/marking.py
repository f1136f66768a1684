"""A score sheet between the page and the act: what was typed, its running total, what is missing and what is wrong (F2, G3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString

from zhiheng.faces.expert.wording import Worded, band_of, fixed, grid, options
from zhiheng.rules.decision import Decision, Reason
from zhiheng.rules.marks import right_marks
from zhiheng.rules.pack import Criteria, Pack
from zhiheng.rules.thresholds import shown
from zhiheng.stages.application.models import Evidence

#: The texts beside a mark, as the sheet stores them.
TEXTS = ("strengths", "improvements", "note")


@dataclass(slots=True)
class Row:
    """One item on the page: its wording, what was given, the applicant's own words and evidence to it."""

    worded: Worded
    options: SafeString
    mark: str = ""
    points: str = ""
    band: tuple[str, str] = ("", "")
    texts: dict[str, str] = field(default_factory=dict)
    answer: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    error: str = ""


@dataclass(slots=True)
class Form:
    """A sheet as typed. total: of the marks given so far; missing: items without one; errors: by item."""

    pack: Pack
    scheme: Criteria
    marks: dict[str, str]
    texts: dict[str, dict[str, str]]
    exact: dict[str, Fraction]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> Fraction:
        """The points of the marks given so far, exact."""
        return sum((self.points(code) for code in self.exact), Fraction(0))

    @property
    def shown(self) -> str:
        """The total as people read it."""
        return shown(self.total, self.pack.parameters.shown_decimals.value)

    @property
    def missing(self) -> list[str]:
        """The codes of the items without a mark."""
        return [item.code for item in self.scheme.items if item.code not in self.exact]

    @property
    def done(self) -> int:
        """How many items have a mark."""
        return len(self.exact)

    def points(self, code: str) -> Fraction:
        """What an item's mark is worth in points."""
        mark = self.exact[code]
        return self.scheme.item_points[code] * mark / 100 if self.scheme.method == "percentage" else mark

    def rows(self, answers: Mapping[str, str], evidence: Mapping[str, list[Evidence]]) -> list[Row]:
        """The page's rows in the order of the criteria."""
        guides = {guide.code: guide for guide in self.pack.criteria.guides}
        found = []
        for worded in fixed(self.pack, self.scheme).items:
            item, code = worded.item, worded.item.code
            full, step = grid(item, self.scheme, self.pack)
            mark = self.exact.get(code)
            chosen = self.marks.get(code, "")
            row = Row(worded, options(full, step, chosen, "%" if self.scheme.method == "percentage" else "分"), chosen)
            row.texts, row.answer, row.error = self.texts.get(code, {}), answers.get(code, ""), self.errors.get(code, "")
            row.evidence = evidence.get(code, [])
            if mark is not None:
                row.points, row.band = shown(self.points(code)), band_of(guides.get(worded.guide), mark)
            found.append(row)
        return found

    def fields(self) -> list[tuple[str, str]]:
        """The sheet as fields of a form, to be sent once more with the confirmation."""
        marks = [(f"mark-{code}", mark) for code, mark in self.marks.items() if mark]
        return marks + [(f"{name}-{code}", text) for code, texts in self.texts.items() for name, text in texts.items()]


def form_of(pack: Pack, scheme: Criteria, data: QueryDict | None) -> Form:
    """The sheet as it was typed; nothing for none. What is wrong in it is known, but held against nobody yet."""
    marks, texts = typed(scheme, data) if data is not None else ({}, {})
    return Form(pack, scheme, marks, texts, right_marks(marks, scheme, pack.parameters))


def stored(pack: Pack, scheme: Criteria, marks: Mapping[str, str], comments: Mapping[str, Any]) -> Form:
    """A sheet that was handed in."""
    texts = {code: dict(text) if isinstance(text, Mapping) else {"note": str(text)} for code, text in comments.items()}
    return Form(pack, scheme, dict(marks), texts, {code: Fraction(mark) for code, mark in marks.items()})


def typed(scheme: Criteria, data: QueryDict) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """The marks and texts by item, as they were typed."""
    marks = {item.code: data.get(f"mark-{item.code}", "").strip()[:20] for item in scheme.items}
    texts = {}
    for item in scheme.items:
        said = {name: text for name in TEXTS if (text := data.get(f"{name}-{item.code}", "").strip())}
        if said:
            texts[item.code] = said
    return marks, texts


def laid(form: Form, decision: Decision[Any]) -> list[Reason]:
    """Lay each refusal at its item; gives those that belong to none."""
    rest: list[Reason] = []
    for reason in decision.refusals:
        item = next((i for i in form.scheme.items if reason.text.startswith(f"“{i.code} {i.title}”")), None)
        if item is None:
            rest.append(reason)
        else:
            form.errors[item.code] = reason.text
    return rest


def evidence_by_item(scheme: Criteria, rows: Iterable[Evidence]) -> tuple[dict[str, list[Evidence]], list[Evidence]]:
    """Item → the evidence to its clauses; and the rest (conditions, grounds for the bonus, the internal publicity)."""
    known = {clause.code: item.code for item in scheme.items for clause in item.clauses} | {item.code: item.code for item in scheme.items}
    found: dict[str, list[Evidence]] = defaultdict(list)
    rest: list[Evidence] = []
    for row in rows:
        code = known.get(row.proves.removeprefix("clause:")) if row.proves.startswith("clause:") else None
        (found[code] if code else rest).append(row)
    return found, rest
