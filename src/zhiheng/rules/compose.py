"""Which entries go before one panel: by award, category and industry section (细则四(四)1, 四(五)1; duties F1, G1)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from zhiheng.rules.decision import Decision, Reason, decide
from zhiheng.rules.pack import Award, Pack
from zhiheng.rules.recusal import EntryFacts

#: GB/T 4754—2017: the first division of each section, A to T; 97 is the last division.
_FIRST_DIVISIONS = (1, 6, 13, 44, 47, 51, 53, 61, 63, 66, 70, 71, 73, 76, 80, 83, 84, 86, 91, 97)
_SECTIONS = "ABCDEFGHIJKLMNOPQRST"
_LAST_DIVISION = 97
_CODE = re.compile(r"([A-Ta-t]?)(\d{2})?\d{0,2}")
_NUMBER = re.compile(r"-(\d+)(?:-v\d+)?$")


@dataclass(frozen=True, slots=True)
class PanelPlan:
    """A panel to be drawn for: its entries' codes in order, and the industry sections that they come from ("C", "A/F")."""

    code: str
    award: str
    category: str
    industry_section: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A panel to be drawn for, with its number of experts."""

    code: str
    award: str
    category: str
    entries: tuple[str, ...]
    size: int


class PanelName(Protocol):
    """What a panel is called by."""

    @property
    def code(self) -> str:
        """As addresses and files have it."""

    @property
    def award(self) -> str:
        """The award's code."""

    @property
    def category(self) -> str:
        """The category's code."""


def category_title(award: Award, code: str) -> str:
    """The title of a category; empty where the award has only one."""
    return next((c.title for c in award.categories if c.code == code), code) if len(award.categories) > 1 else ""


def panel_title(panel: PanelName, pack: Pack) -> str:
    """A panel, drawn or proposed, as people call it: 组织奖第1组, 个人奖高层领导者第2组."""
    award, found = pack.award(panel.award), _NUMBER.search(panel.code)
    return f"{award.title}{category_title(award, panel.category)}第{int(found[1])}组" if found else panel.code


def in_words(text: str, panels: Iterable[PanelName], pack: Pack) -> str:
    """A text that names panels by their codes, for people: by their titles."""
    for panel in sorted({panel.code: panel for panel in panels}.values(), key=lambda one: -len(one.code)):
        title = panel_title(panel, pack)
        text = text.replace(f"专家组{panel.code}", title).replace(panel.code, title)
    return text


def division(industry: str) -> str:
    """The two-digit GB/T 4754 division of a code such as "C26", "26" or "2614"; empty when it names none."""
    match = _CODE.fullmatch(industry.strip())
    return (match[2] or "") if match else ""


def section(industry: str) -> str:
    """The GB/T 4754 section letter of a code such as "C26", "2614" or "C"; empty when unknown. The digits win over a letter."""
    match = _CODE.fullmatch(industry.strip())
    if not match:
        return ""
    if not match[2]:
        return match[1].upper()
    number = int(match[2])
    return _SECTIONS[bisect_right(_FIRST_DIVISIONS, number) - 1] if 1 <= number <= _LAST_DIVISION else ""


def compose(entries: Sequence[EntryFacts], load: int) -> tuple[PanelPlan, ...]:
    """Panels that hold each entry exactly once, none more than `load` of them, in an order that the input's order does not change.

    Within an award and category a section with at least half a load stands alone; the smaller ones are put together.
    Each bunch is cut into as few panels as the load allows, whose sizes differ by one at most.
    ValueError when load < 1 or an entry appears twice.
    """
    if load < 1:
        raise ValueError("a panel takes one entry at least")
    if len({entry.code for entry in entries}) != len(entries):
        raise ValueError("an entry appears twice")
    groups: dict[tuple[str, str], list[EntryFacts]] = defaultdict(list)
    for entry in entries:
        groups[entry.award, entry.category].append(entry)
    plans: list[PanelPlan] = []
    for (award, category), members in sorted(groups.items()):
        panels = [panel for bunch in _bunches(members, load) for panel in _cut(bunch, load)]
        plans += [
            PanelPlan(f"{award}-{category}-{number:02d}", award, category, _sections(panel), tuple(entry.code for entry in panel))
            for number, panel in enumerate(panels, 1)
        ]
    return tuple(plans)


def _bunches(entries: list[EntryFacts], load: int) -> list[list[EntryFacts]]:
    """The large sections each by itself, then all small ones together, sorted by section, division and code."""
    by_section: dict[str, list[EntryFacts]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: (section(entry.industry), division(entry.industry), entry.code)):
        by_section[section(entry.industry)].append(entry)
    large = [bunch for bunch in by_section.values() if 2 * len(bunch) >= load]
    small = [entry for bunch in by_section.values() if 2 * len(bunch) < load for entry in bunch]
    return [*large, small] if small else large


def _cut(bunch: list[EntryFacts], load: int) -> list[list[EntryFacts]]:
    """A bunch in as few parts as possible, their sizes equal or one apart."""
    parts = -(-len(bunch) // load)
    return [bunch[len(bunch) * part // parts : len(bunch) * (part + 1) // parts] for part in range(parts)]


def _sections(panel: list[EntryFacts]) -> str:
    return "/".join(sorted({section(entry.industry) for entry in panel} - {""}))


def regrouped(
    groups: Sequence[Group], moves: Mapping[str, str], sizes: Mapping[str, int], article: str, duty: str
) -> Decision[tuple[tuple[Group, ...], tuple[str, ...]]]:
    """The groups after changes by hand, and each change in Chinese; refused where an entry would come before another award's panel.

    moves: entry → panel, or "new" for a panel of their own; sizes: panel → experts. A panel left without entries goes.
    """
    home = {code: group for group in groups for code in group.entries}
    target = {group.code: group for group in groups}
    faults, said = [], []
    entries = {group.code: list(group.entries) for group in groups}
    size = {group.code: group.size for group in groups}
    fresh: dict[tuple[str, str], Group] = {}
    for code, panel in sorted(moves.items()):
        here = home.get(code)
        if panel == "new" and here:
            there: Group | None = fresh.setdefault((here.award, here.category), _new(target.values(), here))
        else:
            there = target.get(panel)
        if here is None or there is None:
            faults.append(f"{code}或专家组{panel}不在本轮，请刷新页面后重新选择")
        elif (there.award, there.category) != (here.award, here.category):
            faults.append(f"{code}与专家组{panel}不属同一奖项和类别，请选择同类别的专家组")
        elif there.code != here.code:
            target.setdefault(there.code, there)
            size.setdefault(there.code, there.size)
            entries[here.code].remove(code)
            entries.setdefault(there.code, []).append(code)
            said.append(f"{code}由{here.code}调至{there.code}")
    for panel, number in sorted(sizes.items()):
        if panel not in size or not 1 <= number <= MOST_EXPERTS:
            faults.append(f"专家组{panel}的人数须为1至{MOST_EXPERTS}，请更正")
        elif number != size[panel]:
            said.append(f"{panel}的专家由{size[panel]}名改为{number}名")
            size[panel] = number
    if not faults and not said:
        faults.append("没有改动，请选择要调整的申报或人数")
    if faults:
        return decide(Reason(False, text, article, duty, "input") for text in faults)
    found = (Group(g.code, g.award, g.category, tuple(sorted(entries[g.code])), size[g.code]) for g in target.values() if entries[g.code])
    return decide((), (tuple(sorted(found, key=lambda group: group.code)), tuple(said)))


#: A panel of more could not agree on anything.
MOST_EXPERTS = 25


def _new(groups: Iterable[Group], like: Group) -> Group:
    """An empty panel beside those of the same award and category, under the next number."""
    start = f"{like.award}-{like.category}-"
    used = [int(group.code.removeprefix(start)) for group in groups if group.code.startswith(start)]
    return Group(f"{start}{max(used, default=0) + 1:02d}", like.award, like.category, (), like.size)


def adjusted(groups: Sequence[Group], known: Sequence[EntryFacts], load: int, size: int) -> tuple[Group, ...]:
    """Groups made by hand, fitted to the entries of today: who is gone leaves, who is new joins the smallest panel of their category."""
    left = {entry.code: entry for entry in known}
    found: list[Group] = []
    for group in groups:
        staying = tuple(code for code in group.entries if left.pop(code, None))
        if staying:
            found.append(Group(group.code, group.award, group.category, staying, group.size))
    for entry in sorted(left.values(), key=lambda one: one.code):
        same = [group for group in found if (group.award, group.category) == (entry.award, entry.category)]
        room = min((group for group in same if len(group.entries) < load), key=lambda group: (len(group.entries), group.code), default=None)
        if room is None:
            room = _new(found, Group("", entry.award, entry.category, (), size))
        else:
            found.remove(room)
        found.append(Group(room.code, room.award, room.category, (*room.entries, entry.code), room.size))
    return tuple(sorted(found, key=lambda group: group.code))
