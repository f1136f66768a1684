"""Where each role finds its pages: the navigation of the working place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.rules.lifecycle import Role

R = Role
ALL = frozenset(Role) - {R.PUBLIC}
OVERSEES = frozenset({R.OFFICE, R.INSPECTOR, R.AGENCY, R.CHAIR, R.RECOMMENDER})  # as office.tabs has it
LINE = frozenset({R.OFFICE, R.RECOMMENDER, R.DEPARTMENT, R.AGENCY, R.APPLICANT, R.CHAIR, R.MEMBER, R.INSPECTOR})


@dataclass(frozen=True, slots=True)
class Item:
    """A link of the navigation."""

    title: Any
    url: str
    also: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        """Whether a page at `path` lies below this link, or below one of the other addresses of its pages."""
        return path.startswith((self.url, *self.also))


@dataclass(frozen=True, slots=True)
class Place:
    """A page by its URL's name, for these roles; of_cycle: its address names the current cycle; also: pages that belong to it elsewhere."""

    title: Any
    name: str
    roles: frozenset[Role]
    of_cycle: bool = False
    also: tuple[str, ...] = ()


PLACES = (
    Place(_("待办"), "desk:home", ALL),
    Place(_("申报项目"), "desk:entries", LINE),
    Place(_("评审任务"), "expert:home", frozenset({R.EXPERT})),
    Place(_("本人信息"), "desk:profile", frozenset({R.EXPERT})),
    Place(_("评审周期"), "office:cycles", OVERSEES),
    Place(_("专家库"), "desk:experts", frozenset({R.OFFICE, R.AGENCY, R.INSPECTOR}), also=("desk:experts_import",)),
    Place(_("日程"), "office:calendar", OVERSEES - {R.AGENCY}, of_cycle=True),  # an agency's cycles are those it is commissioned for
    Place(_("会议"), "committee:meetings", frozenset({R.OFFICE, R.CHAIR, R.MEMBER, R.INSPECTOR})),
    Place(_("评审日志"), "inspector:home", frozenset({R.INSPECTOR, R.OFFICE})),
    Place(_("系统管理"), "administration:home", frozenset({R.ADMIN})),
)


def items(acting: Acting, cycle: Cycle | None) -> tuple[Item, ...]:
    """The links of the role, in order; a page that does not exist is left out, one of a cycle while there is none."""
    return _items(acting.role, cycle.code if cycle else "")


@lru_cache(maxsize=256)
def _items(role: Role, cycle: str) -> tuple[Item, ...]:
    found = []
    for place in PLACES:
        if role not in place.roles or (place.of_cycle and not cycle):
            continue
        try:
            url = reverse(place.name, args=[cycle] if place.of_cycle else [])
            found.append(Item(place.title, url, tuple(reverse(name) for name in place.also)))
        except NoReverseMatch:
            continue
    return tuple(found)


def current(found: Sequence[Item], path: str) -> Item | None:
    """The link that a page at `path` belongs to: the longest that holds it."""
    return max((item for item in found if item.holds(path)), key=lambda item: len(item.url), default=None)
