"""What a notice says of the entries that it names: the only source of what the public site tells of an entry (T1, T2).

A notice's items may one day hold more than the public reads; only the fields named here are ever taken over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from zhiheng.faces.shared.ordering import by_name
from zhiheng.foundation.publicity.models import Notice
from zhiheng.rules.pack import Pack


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry as a notice names it. award: title of the award, empty where the pack knows none; unit: a person's employer."""

    code: str
    name: str
    award: str
    category: str
    unit: str
    city: str
    recommender: str
    merits: str


@dataclass(frozen=True, slots=True)
class Group:
    """The entries of one award, in neutral order. merits: whether they are shown; the flags say which columns have something to show."""

    award: str
    person: bool
    merits: bool
    listed: tuple[Listed, ...]

    @property
    def columns(self) -> int:
        """Columns beside the running number: what a row of merits spans."""
        return 1 + self.with_category + self.with_unit + self.with_city

    @property
    def with_unit(self) -> bool:
        """Whether any unit is given that is not the name itself."""
        return any(one.unit and one.unit != one.name for one in self.listed)

    @property
    def with_category(self) -> bool:
        """Whether the award parts its entries into categories."""
        return self.person and any(one.category for one in self.listed)

    @property
    def with_city(self) -> bool:
        """Whether any city is given."""
        return any(one.city for one in self.listed)


def listed(notice: Notice, pack: Pack) -> tuple[Listed, ...]:
    """The entries that the notice names, in neutral order (Q32)."""
    found = (_listed(item, pack) for item in notice.items if isinstance(item, dict) and item.get("name"))
    people = {award.title for award in pack.awards if award.applicant == "person"}
    return tuple(sorted(found, key=lambda one: (by_name(one.name, one.award in people), one.code)))


def groups(entries: Iterable[Listed], pack: Pack, *, merits: bool = False) -> tuple[Group, ...]:
    """The entries by award, in the pack's order of awards; those of no known award last."""
    rows = tuple(entries)
    people = {award.title: award.applicant == "person" for award in pack.awards}
    wanted = [*people, ""]
    parts = (Group(title, people.get(title, False), merits, tuple(row for row in rows if row.award == title)) for title in wanted)
    return tuple(part for part in parts if part.listed)


def _listed(item: dict[str, Any], pack: Pack) -> Listed:
    code, name, category, unit, city, recommender = (
        str(item.get(key) or "") for key in ("code", "name", "category", "unit", "city", "recommender")
    )
    merits = str(item.get("achievements") or item.get("merits") or "")
    return Listed(code, name, _award(str(item.get("award") or ""), code, pack), category, unit, city, recommender, merits)


def _award(given: str, code: str, pack: Pack) -> str:
    """The award's title: as given where the pack has it, otherwise by the letter in the code."""
    parts = code.rsplit("-", 2)
    short = parts[1] if len(parts) == 3 else ""
    return next((award.title for award in pack.awards if given in {award.title, award.code} or award.short == short), "")
