"""The filters of a cycle's list: read from the address, put back into it, and applied to rows already within reach (T1, T16)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from django.db.models import Case, F, IntegerField, OrderBy, QuerySet, Value, When
from django.http import QueryDict
from django.utils.http import urlencode

from zhiheng.faces.office.sight import View
from zhiheng.faces.shared import searching
from zhiheng.foundation import industries
from zhiheng.rules.lifecycle import ENDED, EntryStatus
from zhiheng.stages.application.models import Entry

SIZES = (50, 100, 500)
SEARCHED = ("code", "name", "party__employer__name")
RUNNING, ENDED_ALL = "running", "ended"  # beside the single statuses
STANDING = frozenset(EntryStatus) - ENDED
#: What a list may be sorted by, and how; a leading "-" turns it round. Never by a score (Q32). The code comes last: no two are alike.
ORDERS: dict[str, tuple[str, ...]] = {
    "code": ("code",),
    "unit": ("recommender__pk", "code"),
    "award": ("award", "category", "code"),
    "industry": ("industry", "code"),
    "status": ("place", "code"),
    "submitted": ("submitted_at", "code"),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list shows. Empty: not narrowed. kind: award, or award/category; industry: section letter or division; late: only what is
    late or due."""

    q: str = ""
    status: str = ""
    kind: str = ""
    unit: str = ""
    industry: str = ""
    late: str = ""
    sort: str = ""  # late ones in front, then by code
    size: int = SIZES[0]
    page: int = 1

    @property
    def words(self) -> list[str]:
        """The words searched for."""
        return searching.words(self.q)

    @property
    def narrows(self) -> bool:
        """Whether anything is filtered out."""
        return any((self.q, self.status, self.kind, self.unit, self.industry, self.late))

    def query(self, **changes: Any) -> str:
        """The filter as the part of an address behind the "?", with changes; back on the first page unless a page is named."""
        new = replace(self, **{"page": 1, **changes})
        plain = Filter()
        named = {field.name: getattr(new, field.name) for field in fields(new)}
        return urlencode({name: value for name, value in named.items() if value != getattr(plain, name)})

    def sorted_by(self, name: str) -> str:
        """The address for sorting by a column: a second time turns it round."""
        return self.query(sort=f"-{name}" if self.sort == name else name)


def read(params: QueryDict, offered: Mapping[str, Collection[str]]) -> Filter:
    """The filter that an address asks for. A value that is not on offer narrows nothing; offered: what is, for the fields with choices."""

    def chosen(name: str) -> str:
        value = params.get(name, "")
        return value if value in offered.get(name, ()) else ""

    sort = params.get("sort", "")
    size = _number(params.get("size", ""))
    return Filter(
        q=searching.cleaned(params.get("q", "")),
        status=chosen("status"),
        kind=chosen("kind"),
        unit=chosen("unit"),
        industry=chosen("industry"),
        late="1" if params.get("late") == "1" else "",
        sort=sort if sort.removeprefix("-") in ORDERS and not sort.startswith("--") else "",
        size=size if size in SIZES else SIZES[0],
        page=max(1, _number(params.get("page", ""))),
    )


def apply(view: View, chosen: Filter, late: Collection[str]) -> QuerySet[Entry]:
    """The entries that the filter leaves, unsorted. late: codes of the entries that are late or due."""
    entries = view.entries
    for word in chosen.words:
        entries = entries.filter(searching.holds(word, SEARCHED))
    if chosen.status:
        named = {RUNNING: STANDING, ENDED_ALL: ENDED}.get(chosen.status) or [EntryStatus(chosen.status)]
        entries = entries.filter(view.veil.standing_at(named))
    award, _, category = chosen.kind.partition("/")
    if award:
        entries = entries.filter(award=award)
    if category:
        entries = entries.filter(category=category)
    if chosen.unit:
        entries = entries.filter(recommender__code=chosen.unit)
    if chosen.industry.isdecimal():
        entries = entries.filter(industry=chosen.industry)
    elif chosen.industry:
        within = [code for code in industries.divisions() if industries.section_of(code) == chosen.industry]
        entries = entries.filter(industry__in=within)
    if chosen.late:
        entries = entries.filter(code__in=list(late))
    return entries


def ordered(view: View, entries: QuerySet[Entry], chosen: Filter, late: Collection[str]) -> QuerySet[Entry]:
    """The entries in the order asked for; where none is, what is late or due in front. By status: along the line, those that ended last."""
    if not chosen.sort:
        return entries.order_by(*in_front(late), "code")
    keys, down = ORDERS[chosen.sort.removeprefix("-")], chosen.sort.startswith("-")
    if keys[0] == "place":
        order = [*(status for status in EntryStatus if status in STANDING), *(status for status in EntryStatus if status in ENDED)]
        whens = [When(status=status.value, then=Value(order.index(view.shown(status.value)))) for status in EntryStatus]
        entries = entries.annotate(place=Case(*whens, default=Value(len(order)), output_field=IntegerField()))
    first = F(keys[0]).desc(nulls_last=True) if down else F(keys[0]).asc(nulls_last=True)
    return entries.order_by(first, *keys[1:])


def in_front(late: Collection[str]) -> list[OrderBy]:
    """The order that puts these codes before all others; nothing where there are none."""
    return [Case(When(code__in=sorted(late), then=Value(0)), default=Value(1), output_field=IntegerField()).asc()] if late else []


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 6 else 0
