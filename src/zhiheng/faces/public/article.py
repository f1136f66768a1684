"""A notice's text laid out as an official article: opening, list, closing, signature."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

#: The line that stands for the list: as the publicity service writes it, and as a template leaves it.
LIST_LINES = frozenset({"（名单见附表）", "{list}", "＿＿＿＿"})
_DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_CHAPTER = re.compile(r"[一二三四五六七八九十]+、[^。；]{1,20}")
SIGNATURE_LENGTH = 30


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph; a chapter is a short numbered heading, an address is one phrase that ends in a colon, not indented."""

    kind: Literal["text", "chapter", "address"]
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """before and after: the paragraphs around the list; signature: who signed and when."""

    before: tuple[Line, ...]
    after: tuple[Line, ...]
    signature: tuple[str, ...]


def article_of(body: str) -> Article:
    """The article of a notice's body."""
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    signature: list[str] = []
    if lines and _DATE.fullmatch(lines[-1]):
        signature = [lines.pop()]
        if lines and len(lines[-1]) <= SIGNATURE_LENGTH and lines[-1][-1] not in "。：；）":
            signature.insert(0, lines.pop())
    place = next((n for n, line in enumerate(lines) if line in LIST_LINES), None)
    before = lines if place is None else lines[:place]
    after = [] if place is None else [line for line in lines[place + 1 :] if line not in LIST_LINES]
    return Article(_lines(before, first=True), _lines(after), tuple(signature))


def _lines(texts: Sequence[str], *, first: bool = False) -> tuple[Line, ...]:
    found = []
    for n, text in enumerate(texts):
        kind: Literal["text", "chapter", "address"] = "text"
        if first and n == 0 and text.endswith("：") and "。" not in text:
            kind = "address"
        elif _CHAPTER.fullmatch(text):
            kind = "chapter"
        found.append(Line(kind, text))
    return tuple(found)
