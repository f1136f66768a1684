"""The sheets of a panel side by side: marks by the experts' codes, how far they lie apart, what was agreed (F2, G3, Q2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from django.http import QueryDict
from django.utils.safestring import SafeString

from zhiheng.faces.expert.wording import grid, options
from zhiheng.foundation.acts import Acting
from zhiheng.process import reach
from zhiheng.rules import scoring
from zhiheng.rules.pack import Criteria, Item, Pack
from zhiheng.rules.thresholds import plain, shown
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Panel
from zhiheng.stages.review import facts
from zhiheng.stages.review.models import Consensus, Sheet


@dataclass(slots=True)
class Line:
    """One item: each expert's mark in the order of the columns, the difference, whether it is too wide, and the mark to agree on."""

    item: Item
    marks: list[str]
    apart: str
    wide: bool
    even: bool
    options: SafeString
    chosen: str = ""
    error: str = ""
    said: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """The panel's sheets of an entry that the reader may see. complete: whether every seat has its sheet, so that all is open."""

    pack: Pack
    scheme: Criteria
    sheets: list[Sheet]
    codes: list[str]
    totals: list[str]
    spread: scoring.Spread | None
    last: Consensus | None
    outdated: bool

    @property
    def must(self) -> bool:
        """Whether the panel has to agree before the score is released."""
        return self.spread is not None and scoring.needs_consensus(self.spread)

    @property
    def apart(self) -> str:
        """How far the totals lie apart, in points."""
        return plain(self.spread.total) if self.spread else ""

    def lines(self, typed: Mapping[str, str] | None, errors: Mapping[str, str]) -> list[Line]:
        """The table's rows; what is to be agreed on is what was typed, else what was agreed, else what all gave alike."""
        agreed = {} if self.last is None else self.last.marks
        unit = "%" if self.scheme.method == "percentage" else "分"
        found = []
        for item in self.scheme.items:
            marks = [sheet.marks.get(item.code, "") for sheet in self.sheets]
            even = len(set(marks)) == 1 and bool(marks)
            chosen = typed.get(item.code, "") if typed is not None else agreed.get(item.code, marks[0] if even else "")
            full, step = grid(item, self.scheme, self.pack)
            apart = plain(self.spread.items[item.code]) if self.spread else ""
            wide = self.spread is not None and item.code in self.spread.wide_items
            shown_marks = [plain(Fraction(mark)) if mark else "" for mark in marks]
            chosen = plain(Fraction(chosen)) if chosen and typed is None else chosen
            line = Line(item, shown_marks, apart, wide, even, options(full, step, chosen, unit), chosen, errors.get(item.code, ""))
            line.said = [(sheet.expert.code, said) for sheet in self.sheets if (said := _said(sheet, item.code))]
            found.append(line)
        return found

    def typed(self, data: QueryDict | None) -> dict[str, str] | None:
        """The marks as typed; None for no form."""
        return None if data is None else {item.code: data.get(f"mark-{item.code}", "").strip()[:20] for item in self.scheme.items}

    def total(self, marks: Mapping[str, Fraction]) -> str:
        """The total of agreed marks."""
        return shown(scoring.total(marks, self.scheme), self.pack.parameters.shown_decimals.value)


def _said(sheet: Sheet, code: str) -> Mapping[str, str]:
    said = sheet.comments.get(code, {})
    return said if isinstance(said, dict) else {"note": str(said)}


def table(acting: Acting, panel: Panel, entry: Entry, pack: Pack) -> Table:
    """The table for a reader: just the sheets that are open to them (F2, T2)."""
    scheme = pack.scheme(entry.award, entry.category)
    rows = reach.sheets(acting).filter(entry=entry, panel=panel, voided_at=None).select_related("expert")
    sheets = sorted(rows, key=lambda sheet: sheet.expert.code)
    marks = facts.sheets(sheets)
    spread = scoring.spread(marks, scheme, pack.parameters).value if len(sheets) > 1 else None
    last = reach.consensuses(acting).filter(entry=entry, panel=panel).order_by("-version").first()
    outdated = last is not None and set(last.sheets) != {sheet.digest for sheet in sheets}
    totals = [shown(sheet.total) for sheet in sheets]
    return Table(pack, scheme, sheets, [sheet.expert.code for sheet in sheets], totals, spread, last, outdated)
