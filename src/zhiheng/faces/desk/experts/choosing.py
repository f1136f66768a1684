"""The filters of the expert library: what may be chosen, what was, and the rows that are left (T16)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from zhiheng.faces.desk.experts.words import Book, division
from zhiheng.faces.shared import searching
from zhiheng.foundation import clock, industries
from zhiheng.foundation.documents.records import as_date
from zhiheng.rules.pack import Pack
from zhiheng.stages.panel.models import Absence, Expert, Revision
from zhiheng.stages.panel.selectors import unfit

SEARCHED = ("code", "person__name", "employer", "title")
SIZES = (50, 100, 200)
#: Beside the single statuses: who could be drawn today, who is late to confirm, whose change waits.
FIT, LATE, CHANGING = "fit", "late", "changing"
ORDERS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "code": (_later("专家编号"), ("code",)),
    "name": (_later("姓名"), ("person__name", "code")),
    "employer": (_later("工作单位"), ("employer", "code")),
    "city": (_later("所在市"), ("city", "code")),
}
Option = tuple[str, str]


@dataclass(frozen=True)
class Choice:
    """What was chosen. Empty: not narrowed."""

    q: str = ""
    status: str = ""
    kind: str = ""
    category: str = ""
    industry: str = ""
    main: str = ""
    city: str = ""
    leader: str = ""
    free_from: str = ""
    free_until: str = ""
    sort: str = ""
    size: str = ""

    @property
    def narrowed(self) -> dict[str, str]:
        """Name → value of all that leaves somebody out."""
        return {name: value for name, value in vars(self).items() if value and name not in ("sort", "size")}

    @property
    def query(self) -> str:
        """The choice as the part of an address behind the "?"."""
        made = QueryDict(mutable=True)
        made.update({name: value for name, value in vars(self).items() if value})
        return made.urlencode()

    @property
    def period(self) -> tuple[date, date] | None:
        """The days on which somebody must be free; one alone stands for both."""
        days = [day for day in (as_date(self.free_from), as_date(self.free_until)) if day]
        return (min(days), max(days)) if days else None


@dataclass(frozen=True)
class Offer:
    """What there is to choose from, each with its title."""

    statuses: tuple[Option, ...]
    kinds: tuple[Option, ...]
    categories: tuple[Option, ...]
    industries: tuple[Option, ...]
    cities: tuple[Option, ...]

    def values(self, name: str) -> set[str]:
        """The values of a filter that an address may name."""
        fields = {
            "status": self.statuses,
            "kind": self.kinds,
            "category": self.categories,
            "industry": self.industries,
            "city": self.cities,
        }
        return {value for value, _title in fields[name]}

    def words(self, choice: Choice) -> list[str]:
        """The narrowing in words, for a sheet that leaves the platform."""
        known = dict((*self.statuses, *self.kinds, *self.categories, *self.industries, *self.cities))
        return [known.get(value, _("是") if value == "1" else value) for value in choice.narrowed.values()]


def offer(rows: QuerySet[Expert], book: Book) -> Offer:
    """The filters, with what occurs among these rows. Two queries, however many rows."""
    plain = rows.order_by()
    counts: Counter[str] = Counter()
    sections: Counter[str] = Counter()
    for known in plain.values_list("industries", flat=True):
        counts.update(known)
        sections.update({industries.section_of(code) for code in known if code in industries.divisions()})
    tree: list[Option] = []
    for letter, title in industries.sections().items():
        if sections[letter]:
            tree.append((letter, f"{letter} {title}（{sections[letter]}）"))
            divisions = [code for code in industries.divisions() if counts[code] and industries.section_of(code) == letter]
            tree += [(code, f"　{division(code)}（{counts[code]}）") for code in divisions]
    cities = plain.exclude(city="").values_list("city", flat=True).distinct()
    field: Any = Expert._meta.get_field("status")
    statuses = [(code, _(title)) for code, title in field.flatchoices]
    special = [(FIT, _("今日可以抽取")), (LATE, _("逾期未确认")), (CHANGING, _("变更待审核"))]
    kind: Any = Expert._meta.get_field("kind")
    return Offer(
        (*statuses, *special),
        tuple((code, _(title)) for code, title in kind.flatchoices),
        tuple(book.categories.items()),
        tuple(tree),
        tuple((city, city) for city in sorted(cities)),
    )


def choose(typed: QueryDict, offered: Offer) -> Choice:
    """The choice that an address names; what is not on offer is as if it had not been typed."""

    def one(name: str) -> str:
        return value if (value := typed.get(name, "")) in offered.values(name) else ""

    days = {name: found.isoformat() if (found := as_date(typed.get(name, "")[:20])) else "" for name in ("free_from", "free_until")}
    flags = {name: "1" if typed.get(name) == "1" else "" for name in ("main", "leader")}
    picked = {name: one(name) for name in ("status", "kind", "category", "industry", "city")}
    sort = typed.get("sort", "")
    size = typed.get("size", "")
    return Choice(
        q=searching.cleaned(typed.get("q", "")),
        sort=sort if sort in ORDERS and sort != "code" else "",
        size=size if size in {str(n) for n in SIZES[1:]} else "",
        **picked, **flags, **days,
    )  # fmt: skip


def chosen(rows: QuerySet[Expert], choice: Choice, pack: Pack | None) -> QuerySet[Expert]:
    """The experts that the choice leaves, in its order."""
    found = rows.filter(reduce(and_, [searching.holds(word, SEARCHED) for word in searching.words(choice.q)], Q()))
    if choice.status == CHANGING:
        found = found.filter(Exists(Revision.objects.filter(expert=OuterRef("pk"), status="pending")))
    elif choice.status in (FIT, LATE):
        found = found.filter(pk__in=_standing(rows, choice.status, pack))
    elif choice.status:
        found = found.filter(status=choice.status)
    found = found.filter(**{name: value for name in ("kind", "city") if (value := getattr(choice, name))})
    if choice.category:
        found = _listing(found, "categories", [choice.category])
    if choice.industry:
        section = not choice.industry.isdecimal()
        codes = [d for d in industries.divisions() if industries.section_of(d) == choice.industry] if section else [choice.industry]
        found = _listing(found, "main_industries" if choice.main else "industries", codes)
    if choice.leader:
        found = found.filter(leader=True)
    if choice.period:
        first, last = choice.period
        away = Absence.objects.filter(expert=OuterRef("pk"), from_on__lte=last, until_on__gte=first)
        found = found.filter(~Exists(away)).filter(Q(term_until=None) | Q(term_until__gte=last))
    return found.order_by(*ORDERS[choice.sort or "code"][1])


def _listing(rows: QuerySet[Expert], field: str, codes: list[str]) -> QuerySet[Expert]:
    """The rows whose list holds one of the codes. As text, since SQLite cannot ask a list what it contains; each code stands in quotes."""
    named = rows.annotate(**{f"{field}_text": Cast(field, TextField())})
    return named.filter(reduce(or_, [Q(**{f"{field}_text__contains": f'"{code}"'}) for code in codes], Q(pk__in=[])))


def _standing(rows: QuerySet[Expert], wanted: str, pack: Pack | None) -> list[int]:
    """Who could be drawn today, or is late to confirm. The rule is asked, one by one: it is written nowhere else."""
    if pack is None:
        return []
    today, found = clock.today(), []
    for expert in rows.filter(status="active").prefetch_related("absences"):
        why = unfit(expert, today, pack.parameters)
        if (wanted == FIT and not why) or (wanted == LATE and "确认" in why):
            found.append(expert.pk)
    return found
