"""Reads the small Markdown of a regulation into blocks. Templates write them out escaped, so nothing in the text can run (T4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

_HEADING = re.compile(r"(#{1,6})\s+(.*\S)\s*")
_RULE = re.compile(r"\|?\s*:?-{3,}:?\s*(\|\s*:?-{3,}:?\s*)*\|?\s*")
_BULLET = re.compile(r"[-*]\s+(.*\S)\s*")


@dataclass(frozen=True, slots=True)
class Block:
    """One block. level is a heading's; anchor a heading's, or that of an article that begins here; rows a table's, the first its head;
    lines those of a paragraph or a list."""

    kind: Literal["heading", "paragraph", "list", "table"]
    lines: tuple[str, ...] = ()
    level: int = 0
    anchor: str = ""
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def text(self) -> str:
        """A heading's or a paragraph's text on one line."""
        return "".join(self.lines)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading in the table of contents with the headings below it."""

    text: str
    anchor: str
    below: list[Section] = field(default_factory=list)


def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a text: headings (anchored by their place: s1-4-3), paragraphs, bullet lists and tables.

    A heading's level is its depth: where a text leaves a level out (# and then ###), the page must not.
    """
    place: list[tuple[int, int]] = []
    return tuple(_block(lines, place) for lines in _groups(text.splitlines()))


def contents(found: Sequence[Block], deepest: int) -> tuple[Section, ...]:
    """The headings down to level `deepest` as a tree."""
    roots: list[Section] = []
    path: list[tuple[int, Section]] = []
    for block in found:
        if block.kind != "heading" or block.level > deepest:
            continue
        section = Section(block.text, block.anchor)
        while path and path[-1][0] >= block.level:
            path.pop()
        (path[-1][1].below if path else roots).append(section)
        path.append((block.level, section))
    return tuple(roots)


def _groups(lines: Sequence[str]) -> Iterator[list[str]]:
    """Lines that belong together: parted by blank lines, a heading always alone."""
    group: list[str] = []
    for line in (*lines, ""):
        heading = _HEADING.fullmatch(line)
        if group and (heading or not line.strip()):
            yield group
            group = []
        if heading:
            yield [line]
        elif line.strip():
            group.append(line.strip())


def _block(lines: list[str], place: list[tuple[int, int]]) -> Block:
    heading = _HEADING.fullmatch(lines[0])
    if heading:
        _step(place, len(heading[1]))
        return Block("heading", (heading[2],), len(place), "s" + "-".join(str(number) for _, number in place))
    if len(lines) > 1 and "|" in lines[0] and _RULE.fullmatch(lines[1]):
        return Block("table", rows=tuple(_cells(line) for line in (lines[0], *lines[2:])))
    bullets = [_BULLET.fullmatch(line) for line in lines]
    if all(bullets):
        return Block("list", tuple(found[1] for found in bullets if found))
    return Block("paragraph", tuple(lines))


def _step(place: list[tuple[int, int]], level: int) -> None:
    """Move `place`, the (level, number) of the headings that we stand below, on to the next heading of `level`."""
    number = 1
    while place and place[-1][0] >= level:
        number = place.pop()[1] + 1
    place.append((level, number))


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
