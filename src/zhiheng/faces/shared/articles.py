"""Where an article of the regulation is read: its address, and the anchors in the official text (A1, L1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.urls import reverse

from zhiheng.faces.shared.markdown import Block
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of

_NUMERALS = "一二三四五六七八九十"
_CODE = re.compile(rf"(?:附(\d{{1,2}}))?([{_NUMERALS}]{{1,3}})?(\([{_NUMERALS}]{{1,3}}\))?(\d+(?:\.\d+)*)?(\(\d{{1,3}}\))?")
_CLAUSE = re.compile(rf"第([{_NUMERALS}百零]{{1,7}})条")
_ATTACHED = re.compile(r"附件\s*(\d{1,2})(?!\d)")
_CHAPTER = re.compile(rf"([{_NUMERALS}]{{1,3}})、")
_SECTION = re.compile(rf"（([{_NUMERALS}]{{1,3}})）")
_TOP = re.compile(r"(\d{1,2})\s+\D")
_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)[．.、](?!\d)|(\d{1,2}(?:\.\d{1,2})+)\s")
_POINT = re.compile(r"（(\d{1,3})）")


def article_url(article: str, cycle: Cycle | None = None) -> str:
    """The address of an article's official text: "四(四)2" → /rules/#art-4-(4)-2. cycle: in the version that binds it, else in the
    newest one. A code of no known form leads to the text's beginning; an empty code leads nowhere ("")."""
    if not article:
        return ""
    anchor = anchor_of(article)
    return _page("rules", cycle) + (f"#{anchor}" if anchor else "")


def criteria_url(scheme: str, item: str = "", cycle: Cycle | None = None) -> str:
    """The address of a scheme of the criteria as a document, or of one item in it: ("organization", "4.6") → …#item-4.6."""
    return _page("criteria", cycle, scheme) + (f"#item-{item}" if item else "")


def _page(name: str, cycle: Cycle | None, *parts: str) -> str:
    if cycle is None:
        return reverse(f"public:{name}", args=parts)
    pack = rules_of(cycle)
    return reverse(f"public:{name}_version", args=(pack.id, pack.version, *parts))


@lru_cache(maxsize=1024)
def anchor_of(article: str) -> str:
    """The anchor of an article code: 四(四)2 → art-4-(4)-2, 附1二4.6 → att1-2-4.6, 第七条 → art-7; "" for a code of no known form."""
    code = article.replace("（", "(").replace("）", ")")
    if clause := _CLAUSE.fullmatch(code):
        return f"art-{_value(clause[1])}"
    found = _CODE.fullmatch(code)
    if not found or not code:
        return ""
    attached, chapter, section, number, point = found.groups()
    parts = [str(_value(chapter)) if chapter else "", f"({_value(section[1:-1])})" if section else "", number, point]
    return "-".join([f"att{attached}" if attached else "art", *(part for part in parts if part)])


def located(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same blocks; those that begin an article carry its anchor, headings of none keep their own. No anchor stands twice."""
    seen: set[str] = set()
    found = []
    for block, code in _coded(blocks):
        anchor = anchor_of(code) if code else ""
        if anchor and anchor not in seen:
            seen.add(anchor)
            found.append(replace(block, anchor=anchor))
        else:
            found.append(block)
    return tuple(found)


@dataclass(slots=True)
class _Place:
    """Where in the regulation we stand: attachment, chapter, section and item as an article code writes them."""

    attached: str = ""
    chapter: str = ""
    section: str = ""
    item: str = ""
    by_number: bool = False  # chapters of this attachment are numbered 1, 2, 3

    def code(self) -> str:
        return self.attached + self.chapter + self.section + self.item


def _coded(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    place = _Place()
    for block in blocks:
        if block.kind == "heading":
            yield block, _headed(block, place)
        elif block.kind == "paragraph":
            yield block, _begun(block.text, place)
        else:
            yield block, ""


def _headed(block: Block, place: _Place) -> str:
    text = block.text
    if block.level == 1:
        attached = _ATTACHED.match(text)
        place.attached, place.chapter, place.section, place.item = f"附{attached[1]}" if attached else "", "", "", ""
        place.by_number = False
        return place.attached
    if chapter := _CHAPTER.match(text):
        place.chapter, place.section, place.item, place.by_number = chapter[1], "", "", False
        return place.code()
    top = _TOP.match(text)
    if top and (place.by_number or not place.chapter):
        place.chapter, place.section, place.item, place.by_number = _numeral(int(top[1])), "", "", True
        return place.code()
    return _begun(text, place)


def _begun(text: str, place: _Place) -> str:
    """The article that begins with this text, and the place moved on to it; "" if none does."""
    if clause := _CLAUSE.match(text):
        return clause[0]
    if not place.chapter:
        return ""
    if section := _SECTION.match(text):
        place.section, place.item = f"({section[1]})", ""
        return place.code()
    if number := _NUMBER.match(text):
        place.item = number[1] or number[2]
        return place.code()
    if point := _POINT.match(text):
        return f"{place.code()}({point[1]})"
    return ""


def _value(numeral: str) -> int:
    """A Chinese numeral below a thousand as a number: 二十三 → 23, 一百零五 → 105."""
    total, digit = 0, 0
    for sign in numeral:
        if sign == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif sign == "十":
            total, digit = total + (digit or 1) * 10, 0
        elif sign != "零":
            digit = _NUMERALS.index(sign) + 1
    return total + digit


def _numeral(number: int) -> str:
    """A number from 1 to 99 as a Chinese numeral."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens - 1]}十") + (_NUMERALS[ones - 1] if ones else "")
