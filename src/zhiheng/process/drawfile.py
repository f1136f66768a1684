"""Reading a draw's file that anybody may have sent: limits first, then each part of the kind and size that it must be (T5, T17)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from zhiheng.process.drawcheck import Check, checks
from zhiheng.rules.decision import Decision, decide, no

#: Bytes: thrice what a draw of forty panels among two thousand experts takes.
LARGEST = 8 * 2**20
DEEPEST = 12
MOST_BRACKETS = 1_000_000
MOST_PEOPLE, MOST_PANELS, MOST_TICKETS, MOST_SEATS, MOST_FOLLOWED = 5000, 300, 10_000, 1_000_000, 300
LONGEST = 400  # characters of a source

TOO_LARGE = "文件过大，抽取记录文件不超过8兆字节"
NOT_ONE = "不是抽取记录文件。请上传评审档案中 draws 文件夹内的文件，如 material-1.json"
# A string to its end, or to that of the file: whatever is in it is passed over once.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
_SHA = re.compile(r"[0-9a-f]{64}")


def read(data: bytes) -> Decision[list[Check]]:
    """The checks of the file's draw; refused, in Chinese, where it is none or beyond the limits. Nothing is kept."""
    if len(data) > LARGEST:
        return no(TOO_LARGE)
    if not _shallow(data):
        return no(NOT_ONE)
    try:
        plain = json.loads(data.decode("utf-8-sig"), parse_float=_none, parse_constant=_none)
        if not _whole(plain):
            return no(NOT_ONE)
        return decide((), checks(plain))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OverflowError):
        return no(NOT_ONE)


def _none(text: str) -> Any:
    raise ValueError(f"no number of ours: {text[:20]}")


def _shallow(data: bytes) -> bool:
    """Whether it is nested no deeper, and holds no more, than a draw's file; known before anything is built of it."""
    depth = seen = 0
    for token in _TOKEN.finditer(data):
        kind = token[0]
        if len(kind) == 1:
            depth += 1 if kind in b"[{" else -1
            seen += 1
            if depth > DEEPEST or seen > MOST_BRACKETS:
                return False
    return depth == 0


def _whole(plain: Any) -> bool:
    """Whether the parts are there, of the right kind and no more than there may be."""
    return (
        isinstance(plain, dict)
        and plain["round"] in ("material", "site")
        and plain["method"] in ("numbers", "balls")
        and "hash_name" not in plain
        and _int(plain["version"], 999)
        and _frozen(plain["frozen"])
        and (plain["lottery"] is None or _lottery(plain["lottery"]))
        and (plain["ticket"] is None or _int(plain["ticket"], MOST_TICKETS))
        and _list(plain["sources"], 10, _short)
        and (plain["ticket"] is None or bool(plain["sources"]))
        and all(_texts(plain[name]) for name in ("seeds", "seed_commitments", "leaders"))
        and _short(plain["public_number"])
        and _list(plain["followed"], MOST_FOLLOWED, _followed)
    )


def _frozen(plain: Any) -> bool:
    return (
        _list(plain["pool"], MOST_PEOPLE, lambda one: isinstance(one, dict))
        and _list(plain["panels"], MOST_PANELS, lambda one: isinstance(one, dict) and _int(one["size"], 100))
        and isinstance(plain["excluded"], list)
    )


def _lottery(plain: Any) -> bool:
    people, panels = plain["experts"], plain["panels"]
    if not (_list(people, MOST_PEOPLE, _short) and _list(panels, MOST_PANELS, _short) and _list(plain["tickets"], MOST_TICKETS, _lists)):
        return False
    tickets = plain["tickets"]
    if not tickets or any(len(ticket) != len(panels) for ticket in tickets):
        return False
    if sum(len(members) for ticket in tickets for members in ticket) > MOST_SEATS:
        return False
    lawful = frozenset(range(len(people)))
    places = (place for ticket in tickets for members in ticket for place in members)
    return all(type(place) is int and place in lawful for place in places) and all(type(n) is int for n in plain["chances"].values())


def _followed(one: Any) -> bool:
    return (
        _int(one["number"], MOST_FOLLOWED)
        and _sha(one["link"])
        and _list(one["among"], MOST_PEOPLE, _short)
        and bool(one["among"])
        and all(_short(one[name]) for name in ("panel", "out", "in"))
    )


def _list(value: Any, most: int, each: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and len(value) <= most and all(each(one) for one in value)


def _lists(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, list) for one in value)


def _texts(value: Any) -> bool:
    return isinstance(value, dict) and len(value) <= MOST_PANELS and all(_short(text) for text in value.values())


def _short(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST


def _sha(value: Any) -> bool:
    return isinstance(value, str) and _SHA.fullmatch(value) is not None


def _int(value: Any, most: int) -> bool:
    return type(value) is int and 1 <= value <= most
