"""The filters of the list of entries: what may be chosen, and what was (T16: nothing of an address reaches the database by name)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from zhiheng.foundation import industries
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.people.models import Unit
from zhiheng.process import reach
from zhiheng.process.parts import Veil, veil_of
from zhiheng.rules.lifecycle import STATUS_TITLES, EntryStatus, Role
from zhiheng.stages.application.models import Entry

LONGEST = 60  # characters of a search word
ORDERS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "code": (_("申报编号"), ("code",)),
    "newest": (_("提交时间，新的在前"), ("-submitted_at", "code")),
    "oldest": (_("提交时间，早的在前"), ("submitted_at", "code")),
    "city": (_("推荐单位"), ("recommender__code", "code")),
}
MANY = frozenset({Role.OFFICE, Role.INSPECTOR, Role.AGENCY})  # who may have five hundred on a page
SIZES = (50, 100, 200, 500)


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter."""

    value: str
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """A select of the filter form."""

    name: str
    label: Any
    every: Any
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Choice:
    """What was chosen, and what there is to choose from."""

    cycles: tuple[Cycle, ...]
    veil: Veil
    filters: tuple[Filter, ...]
    word: str
    condition: Q
    order: str
    size: int

    @property
    def query(self) -> str:
        """The choice as a query string, for the links to other pages."""
        made = QueryDict(mutable=True)
        for one in self.filters:
            if value := next((option.value for option in one.options if option.chosen), ""):
                made[one.name] = value
        plain = {"q": "", "sort": "code", "page_size": str(SIZES[0])}
        for name, value in (("q", self.word), ("sort", self.order), ("page_size", str(self.size))):
            if value != plain[name]:
                made[name] = value
        return made.urlencode()

    @property
    def narrowed(self) -> bool:
        """Whether anything but the cycle was chosen."""
        return bool(self.word) or any(option.chosen for one in self.filters if one.name != "cycle" for option in one.options)


def choose(acting: Acting, typed: QueryDict, rows: QuerySet[Entry]) -> Choice:
    """Read the filters. What is not on offer is as if it had not been typed. Four queries, one fewer for who knows every status."""
    cycles = tuple(reach.cycles(acting).select_related("pack").defer("pack__content"))
    veil = veil_of(acting.role, cycles)
    plain = rows.order_by()
    units = Unit.objects.filter(pk__in=plain.values("recommender")).order_by("code").values_list("code", "city", "name")
    divisions = plain.exclude(industry="").values_list("industry", flat=True).distinct()
    titles = industries.divisions()
    filters = (
        _filter("cycle", _("年度"), _("全部年度"), [(cycle.code, cycle.title) for cycle in cycles], typed),
        _filter("status", _("状态"), _("全部状态"), [(s.value, STATUS_TITLES[s]) for s in EntryStatus], typed),
        _filter("award", _("奖项"), _("全部奖项"), _awards(cycles), typed),
        _filter("city", _("推荐单位"), _("全部推荐单位"), [(code, city or name) for code, city, name in units], typed),
        _filter("industry", _("行业"), _("全部行业"), sorted((code, titles.get(code, code)) for code in divisions), typed),
    )
    word = " ".join(typed.get("q", "").split())[:LONGEST]
    order = typed.get("sort", "") if typed.get("sort", "") in ORDERS else "code"
    return Choice(cycles, veil, filters, word, _condition(filters, word, veil), order, _size(acting, typed))


def _awards(cycles: Iterable[Cycle]) -> list[tuple[str, str]]:
    return list({award.code: award.title for cycle in cycles for award in rules_of(cycle).awards}.items())


def _filter(name: str, label: Any, every: Any, values: Iterable[tuple[str, str]], typed: QueryDict) -> Filter:
    wanted = typed.get(name, "")
    return Filter(name, label, every, tuple(Option(value, title, value == wanted) for value, title in values))


def _size(acting: Acting, typed: QueryDict) -> int:
    wanted = typed.get("page_size", "")
    sizes = {str(size): size for size in SIZES if size == SIZES[0] or acting.role in MANY}
    return sizes.get(wanted, SIZES[0])


def _condition(filters: tuple[Filter, ...], word: str, veil: Veil) -> Q:
    chosen = {one.name: option.value for one in filters for option in one.options if option.chosen}
    found = Q()
    fields = {"cycle": "cycle__code", "award": "award", "city": "recommender__code", "industry": "industry"}
    for name, field in fields.items():
        if name in chosen:
            found &= Q(**{field: chosen[name]})
    if "status" in chosen:
        found &= veil.standing_at([EntryStatus(chosen["status"])])
    if word:
        found &= Q(code__icontains=word) | Q(name__icontains=word) | Q(party__employer__name__icontains=word)
    return found
