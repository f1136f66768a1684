"""`zhiheng draw`: selections and lotteries from the command line."""

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
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


# ------------------------------------------------------------------ lotteries

PEOPLE = "id,行业,地区\n" + "".join(f"E{n:02},{'制造业' if n % 3 else '服务业'},{'甲乙'[n % 2]}\n" for n in range(1, 21))
QUOTAS = "feature,value,min,max\n行业,制造业,2,3\n行业,服务业,2,\n地区,甲,,3\n"


@pytest.fixture
def sheets(tmp_path: Path) -> Callable[..., list[str | Path]]:
    """Writes the two files and gives the command for them."""

    def write(people: str = PEOPLE, quotas: str = QUOTAS, size: int = 5) -> list[str | Path]:
        (tmp_path / "people.csv").write_text(people, encoding="utf-8")
        (tmp_path / "quotas.csv").write_text(quotas, encoding="utf-8")
        return ["draw", "lottery", "--people", tmp_path / "people.csv", "--quotas", tmp_path / "quotas.csv", "--size", str(size)]

    return write


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_a_lottery_is_written_and_drawn(command: Callable[..., Any], sheets: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / "new" / "lottery"
    ran = command(*sheets(), "--tickets", "1000", "--seed", "9319", "--seed", "2 5 12", "--out", out, "--json")
    assert ran.code == 0, ran.err
    assert sorted(file.name for file in out.iterdir()) == ["lottery.json", "lottery.json.sha256", "probabilities.csv", "tickets.csv"]
    found, tickets, chances = ran.json, rows(out / "tickets.csv"), rows(out / "probabilities.csv")
    # Two or three of 14 and two or three of 6: at 3 and 2, the likeliest for the many, their chance is 3/14.
    assert found["exact"]["minimum"] == pytest.approx(3 / 14, abs=1e-7)
    assert set(found["exact"]) == set(found["tickets"]) == {"minimum", "gini", "geometric_mean"}
    number = int.from_bytes(hashlib.sha256(b"\0\0009319./2.5.12./\0\0").digest(), "big") % 1000 + 1
    assert found["ticket"] == number
    assert found["drawn"] == tickets[number - 1]["ids"].split(";")
    seats = Counter(code for ticket in tickets for code in ticket["ids"].split(";"))
    assert len(tickets) == 1000
    assert all(Fraction(row["tickets"]) == Fraction(seats[row["id"]], 1000) for row in chances)
    assert min(Fraction(row["tickets"]) for row in chances) == Fraction(str(found["tickets"]["minimum"]))
    data = (out / "lottery.json").read_bytes()
    assert found["sha256"] == hashlib.sha256(data).hexdigest()
    assert (out / "lottery.json.sha256").read_text() == f"{found['sha256']}  lottery.json\n"
    assert b"9319" not in data, "the scheme is published before its seed"
    assert [";".join(ticket) for ticket in json.loads(data)["tickets"]] == [ticket["ids"] for ticket in tickets]


def test_the_same_input_gives_the_same_bytes(command: Callable[..., Any], sheets: Callable[..., Any], tmp_path: Path) -> None:
    lines = PEOPLE.splitlines(keepends=True)
    assert command(*sheets(), "--out", tmp_path / "one").code == 0
    assert command(*sheets(people=lines[0] + "".join(lines[:0:-1])), "--out", tmp_path / "two").code == 0
    for file in sorted((tmp_path / "one").iterdir()):
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes(), file.name


def test_a_lottery_is_told_in_chinese(command: Callable[..., Any], sheets: Callable[..., Any]) -> None:
    ran = command(*sheets(), "--tickets", "14", "--seed", "1")
    assert ran.code == 0, ran.err
    before, after, drawn = ran.out.splitlines()
    assert before.startswith("取整前：最低抽中概率0.214286，基尼系数0.")
    assert after.startswith("14签：最低抽中概率0.214286，")
    assert drawn.startswith("抽中第")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"people": "code,行业\nA,制造业\n"}, "【people.csv】第1行“id”：缺少这一列"),
        ({"people": PEOPLE + "E03,制造业,甲\n"}, "【people.csv】第22行“id”：“E03”与第4行重复"),
        ({"people": PEOPLE + ",制造业,甲\n"}, "【people.csv】第22行“id”：为空"),
        ({"people": PEOPLE + "=1,制造业,甲\n"}, "【people.csv】第22行“id”：“=1”含不能使用的符号"),
        ({"people": PEOPLE + "E21,,甲\n"}, "【people.csv】第22行“行业”：为空"),
        ({"people": PEOPLE + "E21,甲\n"}, "【people.csv】第22行：有2格，表头有3格"),
        ({"people": ""}, "【people.csv】文件是空的"),
        ({"people": "id,行业,地区\n"}, "【people.csv】没有人员"),
        ({"quotas": "feature,value,min\n行业,制造业,2\n"}, "【quotas.csv】第1行“max”：缺少这一列"),
        ({"quotas": QUOTAS + "性别,女,1,2\n"}, "【quotas.csv】第5行“feature”：人员名单中没有“性别”这一列"),
        ({"quotas": QUOTAS + "地区,乙,3,2\n"}, "【quotas.csv】第5行“min”：下限3大于上限2"),
        ({"quotas": QUOTAS + "地区,乙,一,2\n"}, "【quotas.csv】第5行“min”：“一”不是整数"),
        ({"quotas": QUOTAS + "地区,乙,-1,2\n"}, "【quotas.csv】第5行“min”：“-1”不是整数"),
        ({"quotas": QUOTAS + "地区,甲,1,2\n"}, "【quotas.csv】第5行“value”：“地区=甲”与第4行重复"),
        ({"quotas": QUOTAS + "地区,丙,0,2\n"}, "【quotas.csv】第5行“value”：名单中没有人的“地区”为“丙”"),
        ({"size": 21}, "名单仅有20人，不足21人，请补充人员或减少每组人数"),
        ({"size": 0}, "每组人数须至少为1，现为0，请更正"),
        ({"quotas": QUOTAS + "地区,丙,1,2\n"}, "“地区=丙”至少1人，符合的仅有0人；可将下限降为0"),
        ({"quotas": "feature,value,min,max\n行业,服务业,7,8\n", "size": 10}, "“行业=服务业”至少7人，符合的仅有6人；可将下限降为6"),
    ],
)
def test_faults_are_named_and_nothing_is_written(
    command: Callable[..., Any], sheets: Callable[..., Any], tmp_path: Path, change: dict[str, Any], expected: str
) -> None:
    ran = command(*sheets(**change), "--out", tmp_path / "out")
    assert (ran.code, ran.out) == (1, "")
    assert expected in ran.err
    assert not (tmp_path / "out").exists()


def test_a_bad_seed_a_missing_file_and_a_wrong_encoding(command: Callable[..., Any], sheets: Callable[..., Any], tmp_path: Path) -> None:
    bad = command(*sheets(), "--seed", "种子", "--tickets", "0", "--json")
    assert bad.code == 1
    assert [text[:2] for text in bad.json["errors"]] == ["签数", "随机"]
    arguments = sheets()
    (tmp_path / "people.csv").write_bytes(PEOPLE.encode("gb18030"))
    assert command(*arguments).code == 0
    (tmp_path / "people.csv").write_bytes(b"\xff\xfe\x00\x01")
    assert "编码" in command(*arguments).err
    (tmp_path / "people.csv").unlink()
    missing = command(*arguments)
    assert (missing.code, missing.err) == (1, "【people.csv】没有这个文件，请检查文件名\n")
