"""`zhiheng draw`: selections that anybody can repeat, without a database."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from zhiheng.faces.cli import answers
from zhiheng.foundation import canonical
from zhiheng.foundation.lottery import papers, reading
from zhiheng.foundation.lottery.build import Lottery, build
from zhiheng.rules import rfc3797
from zhiheng.rules.lottery import Person, Quota
from zhiheng.rules.lottery_chances import Evenness, drawn_ticket, evenness

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


@app.command("lottery")
def lottery(
    people: Annotated[Path, typer.Option(help="人员名单（CSV）：id列和各特征列", metavar="people.csv")],
    quotas: Annotated[Path, typer.Option(help="名额要求（CSV）：feature、value、min、max四列", metavar="quotas.csv")],
    size: Annotated[int, typer.Option(help="每组人数")],
    tickets: Annotated[int, typer.Option(help="签数")] = 1000,
    seed: Annotated[list[str] | None, typer.Option(help="随机数来源，可多次给出；不给出则只制签，不抽签")] = None,
    out: Annotated[Path | None, typer.Option(help="将签和概率写入此文件夹", metavar="DIR")] = None,
    as_json: AsJson = False,
) -> None:
    """制作公平的抽签方案：名额要求之内，使最不易抽中者的抽中概率尽可能大；再由种子抽出一签。"""
    persons, limits, problems = reading.read(people, quotas)
    if problems:
        answers.fail_rows(problems, as_json)
    made = _made(persons, limits, size, tickets, seed, as_json)
    written = papers.files(made, persons, limits) if out is not None else {}
    if out is not None:
        _write(out, written, as_json)
    exact, after = made.exact_chances(), made.ticket_chances()
    never = [code for code, chance in exact.items() if chance == 0]
    number = drawn_ticket(seed, tickets).value if seed else None
    data = {
        "exact": _numbers(evenness(exact)),
        "tickets": _numbers(evenness(after)),
        "types": len(made.pool.people),
        "never": never,
        "ticket": number,
        "drawn": made.tickets[number - 1] if number else [],
        "sha256": canonical.digest(written["lottery.json"]) if written else None,
    }
    lines = [_said("取整前", evenness(exact)), _said(f"{tickets}签", evenness(after))]
    lines += [f"任何合规的组合都不含：{'、'.join(never)}"] if never else []
    lines += [f"抽中第{number}签：{'、'.join(made.tickets[number - 1])}"] if number else []
    lines += [f"抽签方案已写入：{out}", f"lottery.json的SHA-256：{data['sha256']}（请在公布种子之前公布）"] if written else []
    answers.say("\n".join(lines), data, as_json)


def _made(persons: list[Person], limits: list[Quota], size: int, tickets: int, seed: list[str] | None, as_json: bool) -> Lottery:
    """The lottery, or why there is none."""
    faults = []
    if size < 1:
        faults.append(f"每组人数须至少为1，现为{size}，请更正")
    if not 1 <= tickets <= rfc3797.LARGEST_POOL:
        faults.append(f"签数须在1至{rfc3797.LARGEST_POOL}之间，现为{tickets}，请更正")
    if seed:
        faults += [reason.text for reason in rfc3797.key_of(seed).refusals]
    if faults:
        answers.fail(faults, as_json)
    try:
        decision = build(persons, limits, size, tickets)
    except ArithmeticError:
        answers.fail(["求解器没有得出结果，请减少名额要求或合并相近的取值后重试"], as_json)
    if decision.value is None:
        answers.fail([reason.text for reason in decision.refusals], as_json)
    return decision.value


def _write(out: Path, files: dict[str, bytes], as_json: bool) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        answers.fail([f"不能建立文件夹“{out}”：{error.strerror}，请更换位置"], as_json)
    for name, data in files.items():
        answers.write(out / name, data, as_json)


def _numbers(found: Evenness) -> dict[str, float]:
    return {"minimum": float(found.minimum), "gini": float(found.gini), "geometric_mean": float(found.geometric_mean)}


def _said(name: str, found: Evenness) -> str:
    numbers = _numbers(found)
    return f"{name}：最低抽中概率{numbers['minimum']:.6f}，基尼系数{numbers['gini']:.6f}，几何平均{numbers['geometric_mean']:.6f}"
