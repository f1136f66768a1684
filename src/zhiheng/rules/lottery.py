"""A lottery over panels: people, quotas, the types into which people fall, and what a lawful panel is.

People whom no quota tells apart are of one type. A panel is then, as far as the quotas ask, the number of its people of each type; within a
type all are treated alike. All numbers are whole numbers or fractions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

#: How many people of each type a panel takes.
Panel = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may be drawn: code, and value by feature."""

    code: str
    features: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Quota:
    """Of a panel's people, at least `least` and at most `most` have the value in the feature."""

    feature: str
    value: str
    least: int
    most: int

    @property
    def name(self) -> str:
        """As messages call it."""
        return f"{self.feature}={self.value}"

    def holds(self, person: Person) -> bool:
        """Whether the quota counts the person."""
        return person.features.get(self.feature) == self.value


@dataclass(frozen=True, slots=True)
class Bound:
    """The people of the types `members` are together at least `least` and at most `most`."""

    members: tuple[int, ...]
    least: int
    most: int

    def count(self, panel: Sequence[int]) -> int:
        """How many of the people counted by type the bound counts."""
        return sum(panel[place] for place in self.members)


@dataclass(frozen=True, slots=True)
class Pool:
    """The people by type; `bounds`: one for each quota in its order, then the panel's size."""

    people: tuple[tuple[str, ...], ...]
    bounds: tuple[Bound, ...]
    size: int

    @property
    def counts(self) -> tuple[int, ...]:
        """The number of people of each type."""
        return tuple(len(codes) for codes in self.people)


def pool_of(people: Iterable[Person], quotas: Sequence[Quota], size: int) -> Pool:
    """The people grouped into types; neither their order nor features without a quota make a difference."""
    types: dict[tuple[bool, ...], list[str]] = {}
    for person in people:
        types.setdefault(tuple(quota.holds(person) for quota in quotas), []).append(person.code)
    keys = sorted(types)
    bounds = [
        Bound(tuple(place for place, key in enumerate(keys) if key[number]), max(quota.least, 0), min(quota.most, size))
        for number, quota in enumerate(quotas)
    ]
    everybody = Bound(tuple(range(len(keys))), size, size)
    return Pool(tuple(tuple(sorted(types[key])) for key in keys), (*bounds, everybody), size)


def is_lawful(panel: Sequence[int], pool: Pool) -> bool:
    """Whether a panel keeps the quotas and the size and takes no more people of a type than there are."""
    within = all(0 <= taken <= there for taken, there in zip(panel, pool.counts, strict=True))
    return within and all(bound.least <= bound.count(panel) <= bound.most for bound in pool.bounds)


def broken_rules(codes: Sequence[str], people: Collection[Person], quotas: Sequence[Quota], size: int) -> list[str]:
    """What a panel of named people breaks, in Chinese; it asks the people themselves and knows no types."""
    by_code = {person.code: person for person in people}
    strangers = sorted(set(codes) - by_code.keys())
    found = [f"{code}不在名单中" for code in strangers]
    if len(codes) != size or len(set(codes)) != size:
        found.append(f"应为{size}名不同的人员，现为{len(set(codes))}名")
    for quota in quotas:
        count = sum(quota.holds(by_code[code]) for code in codes if code in by_code)
        if not quota.least <= count <= quota.most:
            found.append(f"“{quota.name}”应为{quota.least}至{quota.most}人，现为{count}人")
    return found
