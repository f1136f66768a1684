"""Checking a draw by its file alone: digests, tickets, chances, commitments, the ticket drawn, leaders, successions (F1, G1, K7, L3).

The file is that of the dossier (draws/material-1.json). Both the replay of a draw on record and a visitor with the file ask here; the
dossier's own verify.py shares no line with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zhiheng.foundation.canonical import digest
from zhiheng.rules import draw as lot
from zhiheng.rules import rfc3797
from zhiheng.rules.draw_record import Frozen, digest_of, frozen_from_json
from zhiheng.stages.panel import chain
from zhiheng.stages.panel.lotteries import faults_of, seating_of

Json = Mapping[str, Any]
FROZEN = "冻结的专家池、排除和分组与其摘要"
LOTTERY = "公布的抽签方案与其摘要、冻结名单"
TICKETS = "每张签均合乎要求"
CHANCES = "所示入选机会与各签相符"
COMMITMENTS = "各方揭示的数与事先承诺"
SOURCES = "随机数来源的次序"
TICKET = "抽中的签"
LEADERS = "抽取产生的组长"
LINKS = "递补所用的种子链和人选"
HASHES = ("sha256", "sm3")
TITLES = (FROZEN, LOTTERY, TICKETS, CHANCES, COMMITMENTS, SOURCES, TICKET, LEADERS, LINKS)


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison: what was compared, whether it agrees, and how it was reckoned or what does not fit (all Chinese)."""

    title: str
    ok: bool
    details: tuple[str, ...] = ()


def checks(plain: Json) -> list[Check]:
    """Every check that the draw has come far enough for.

    Raises KeyError, TypeError, ValueError, AttributeError or IndexError for what is no draw's file.
    """
    frozen, found = frozen_from_json(plain["frozen"]), digest_of(plain["frozen"])
    same = (frozen.round, frozen.version) == (plain["round"], plain["version"])
    out = [Check(FROZEN, same and found == plain["pool_digest"], (f"算得 {found}", f"所载 {plain['pool_digest']}"))]
    if not plain["lottery"]:
        return out
    out += _tickets(plain, frozen)
    if plain["ticket"] is None:
        return [*out, _commitments(plain)] if plain["seeds"] else out
    return [*out, *_drawn(plain, frozen)]


def _tickets(plain: Json, frozen: Frozen) -> Iterator[Check]:
    lottery, found = plain["lottery"], digest_of(plain["lottery"])
    ok = found == plain["lottery_digest"] and lottery["frozen"] == plain["pool_digest"]
    yield Check(LOTTERY, ok, (f"算得 {found}", f"所载 {plain['lottery_digest']}"))
    faults = faults_of(lottery, frozen, plain["pool_digest"], len(lottery["tickets"]))
    wrong = [text for text in faults if "入选机会" not in text]
    number, seats = len(lottery["tickets"]), sum(spec.size for spec in frozen.panels)
    said = f"共{number}张签，每张签{len(frozen.panels)}个专家组、{seats}个席位，逐张核对人数、回避、组长、行业、单位和工作量"
    yield Check(TICKETS, not wrong, tuple(wrong) or (said,))
    least = min(lottery["chances"].values(), default=0)
    yield Check(CHANCES, not faults, (f"按各签逐人计数，{len(lottery['experts'])}名专家的入选机会最低为{least}/{number}",))


def _commitments(plain: Json) -> Check:
    if plain["method"] == "balls":
        return Check(COMMITMENTS, len(set(plain["seeds"].values())) == 1, ("以号码球抽取，各方分别录入的号码一致",))
    made = {role: digest(number.encode()) for role, number in plain["seeds"].items()}
    ok = all(plain["seed_commitments"].get(role) == found for role, found in made.items())
    return Check(COMMITMENTS, ok, tuple(f"{plain['seeds'][role]} 的 SHA-256 为 {found}" for role, found in sorted(made.items())))


def _drawn(plain: Json, frozen: Frozen) -> Iterator[Check]:
    yield _commitments(plain)
    right = lot.sources(plain["method"], plain["seeds"], plain["public_number"])
    yield Check(SOURCES, right == plain["sources"], tuple(plain["sources"]))
    number = len(plain["lottery"]["tickets"])
    drawn, steps = derived(plain, number)
    yield Check(TICKET, drawn == plain["ticket"], steps)
    if not 1 <= plain["ticket"] <= number:
        return
    seating = seating_of(plain["lottery"], plain["ticket"])
    # A pack may have leaders named instead; then the draw gave none.
    led = lot.leaders(frozen, seating, plain["sources"], hash_of(plain)) if plain["leaders"] else {}
    yield Check(
        LEADERS, led == plain["leaders"], tuple(f"专家组{panel}：{code}" for panel, code in sorted(led.items())) or ("本轮不抽取组长",)
    )
    followed = plain["followed"]
    said = tuple(f"专家组{one['panel']}：{one['out']}退出，第{one['number']}个种子抽中{one['in']}" for one in followed)
    ok = [one["number"] for one in followed] == list(range(1, len(followed) + 1))
    yield Check(LINKS, ok and all(_follows(plain, one) for one in followed), said or ("没有递补",))


def hash_of(plain: Json) -> str:
    """The hash function of the draw: SHA-256, or SM3 where that gives the ticket drawn and the other does not."""
    if "hash_name" in plain:
        return str(plain["hash_name"])
    number, ticket = len(plain["lottery"]["tickets"]), plain["ticket"]
    agree = [
        name
        for name in HASHES
        if name in hashlib.algorithms_available and lot.drawn_place(plain["sources"], 0, number, name).value == ticket
    ]
    return agree[0] if agree else HASHES[0]


def derived(plain: Json, tickets: int) -> tuple[int | None, tuple[str, ...]]:
    """The ticket that the sources draw of so many, None where they make no key; and each step to it in words."""
    sources, name = plain["sources"], hash_of(plain)
    if plain["method"] == "balls":
        return int(sources[0]) or tickets, (f"号码球所示{sources[0]}即为签号，全为0的为第{tickets}签",)
    key = rfc3797.key_of(sources).value
    if key is None:
        return None, ("随机数来源不能组成密钥",)
    said = "SM3" if name == "sm3" else "SHA-256"
    value = rfc3797.step_digest(key, 0, lambda data: hashlib.new(name, data).digest())
    rest = int.from_bytes(value, "big") % tickets
    return rest + 1, (
        f"密钥：{key}",
        f"密钥前后各加两个零字节，求{said}：{value.hex()}",
        f"作为一个整数除以{tickets}，余{rest}，加1，即第{rest + 1}签",
    )


def _follows(plain: Json, told: Json) -> bool:
    """Whether a succession used the link of its number, and drew whom it says."""
    place = lot.drawn_place([*plain["sources"], told["link"]], 0, len(told["among"]), hash_of(plain)).value
    return chain.onward(told["link"], told["number"]) == plain["chain_end"] and place is not None and told["among"][place - 1] == told["in"]
