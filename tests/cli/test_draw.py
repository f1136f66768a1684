"""`zhiheng draw`: selections and lotteries from the command line."""

from collections.abc import Callable
from typing import Any

import pytest

RFC = ("draw", "rfc3797", "--pool", "25", "--pick", "16", "--source", "9319", "--source", "2 5 12 8 10", "--source", "9 18 26 34 41 45")


def test_rfc3797_prints_one_line(command: Callable[..., Any]) -> None:
    ran = command(*RFC)
    assert (ran.code, ran.out, ran.err) == (0, "17 7 2 16 25 23 8 24 19 13 22 5 18 9 1 4\n", "")


@pytest.mark.parametrize(("hash_", "size"), [("md5", 32), ("sha256", 64), ("sm3", 64)])
def test_rfc3797_with_each_hash_shows_its_steps(command: Callable[..., Any], hash_: str, size: int) -> None:
    found = command(*RFC, "--hash", hash_, "--json").json
    assert (found["ok"], found["key"]) == (True, "9319./2.5.8.10.12./9.18.26.34.41.45./")
    assert [step["selected"] for step in found["steps"]] == found["selected"]
    assert {len(step["digest"]) for step in found["steps"]} == {size}
    assert len(set(found["selected"])) == 16


def test_rfc3797_refuses_in_chinese(command: Callable[..., Any]) -> None:
    ran = command("draw", "rfc3797", "--pool", "3", "--pick", "4", "--source", "9319")
    assert (ran.code, ran.out, ran.err) == (1, "", "抽取数须在1至总数3之间，现为4，请更正\n")
    bad = command("draw", "rfc3797", "--pool", "3", "--pick", "1", "--source", "股市", "--json")
    assert (bad.code, bad.json["ok"]) == (1, False)
    assert "股市" in bad.json["errors"][0]
