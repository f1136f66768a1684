"""The parts of a cycle's page, and which role has which."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhiheng.rules.lifecycle import Role


class Tab(StrEnum):
    """A part of a cycle's page. Its value is the name of its address."""

    OVERVIEW = "cycle"
    BOARD = "board"
    ENTRIES = "entries"
    FIGURES = "figures"
    NOTICES = "notices"
    CALENDAR = "calendar"
    FILES = "files"


TITLES: dict[Tab, Promise] = {
    Tab.OVERVIEW: _("总览"),
    Tab.BOARD: _("看板"),
    Tab.ENTRIES: _("名单"),
    Tab.FIGURES: _("统计"),
    Tab.NOTICES: _("公示与异议"),
    Tab.CALENDAR: _("日程"),
    Tab.FILES: _("文件"),
}
#: Role → its parts, in the order shown. To a role that is not named here, these pages do not exist. What stands in a part is again only
#: what `process.reach` gives the role: a recommender's list is its city's, the chair's begins where the material review was passed.
TABS: dict[Role, tuple[Tab, ...]] = {
    Role.OFFICE: tuple(Tab),
    Role.INSPECTOR: tuple(Tab),
    Role.AGENCY: tuple(Tab),
    Role.CHAIR: (Tab.OVERVIEW, Tab.ENTRIES, Tab.FIGURES, Tab.NOTICES, Tab.CALENDAR, Tab.FILES),
    Role.RECOMMENDER: (Tab.OVERVIEW, Tab.BOARD, Tab.ENTRIES, Tab.NOTICES, Tab.CALENDAR, Tab.FILES),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A tab as a link."""

    title: Promise
    url: str
    current: bool


def links(role: Role, code: str, current: Tab) -> list[Link]:
    """The parts that the role has of the cycle with this code."""
    return [Link(TITLES[tab], reverse(f"office:{tab}", args=[code]), tab is current) for tab in TABS.get(role, ())]
