"""`zhiheng draw`: selections that anybody can repeat, without a database."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from zhiheng.faces.cli import answers
from zhiheng.foundation import canonical
from zhiheng.rules import rfc3797

app = typer.Typer(help="可由任何人复核的抽取，不需要数据库", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="以JSON输出，供程序读取")]


class Hash(StrEnum):
    """The hash functions to select with."""

    MD5 = "md5"
    SHA256 = "sha256"
    SM3 = "sm3"


_DIGESTS: dict[Hash, rfc3797.Digest] = {
    Hash.MD5: lambda data: hashlib.md5(data, usedforsecurity=False).digest(),
    Hash.SHA256: lambda data: hashlib.sha256(data).digest(),
    Hash.SM3: lambda data: bytes.fromhex(canonical.digest(data, "sm3")),
}


@app.command("rfc3797")
def select(
    pool: Annotated[int, typer.Option(help="总数，依次编号为1、2、3……")],
    pick: Annotated[int, typer.Option(help="抽取数")],
    source: Annotated[list[str] | None, typer.Option(help="事先公布的随机数来源，可多次给出，如 '2 5 12 8 10'")] = None,
    hash_: Annotated[Hash, typer.Option("--hash", help="散列算法；RFC 3797用md5")] = Hash.MD5,
    as_json: AsJson = False,
) -> None:
    """按RFC 3797由公开的随机数抽取，按抽出的先后给出编号。"""
    decision = rfc3797.select(pool, pick, source or [], _DIGESTS[hash_])
    found = decision.value
    if found is None:
        answers.fail([reason.text for reason in decision.refusals], as_json)
    data = {"key": found.key, "hash": hash_.value, "selected": found.selected, "steps": [asdict(step) for step in found.steps]}
    answers.say(" ".join(map(str, found.selected)), data, as_json)
