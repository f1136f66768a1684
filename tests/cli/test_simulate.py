"""`zhiheng simulate`: the whole line, the hard turns, the papers and the dossier; the same seed gives the same bytes."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

STAGES = [
    "通知公告", "申报", "审核推荐", "资格审查", "材料评审", "入围公示", "现场评审", "综合提名", "省质评委审议", "授奖公示", "表彰奖励", "监督管理",
]  # fmt: skip


@pytest.mark.duty("L1", "L4")
def test_a_cycle_goes_through_every_stage_and_leaves_its_papers(played: tuple[Path, Any]) -> None:
    out, found = played
    gates = found["gates"]
    assert [g["from"] for g in gates] == STAGES[1:-1]
    assert [g["to"] for g in gates] == STAGES[2:]
    assert found["stage"] == "监督管理"
    assert found["journal"]["refusals"] > 0
    for name in found["documents"]:
        assert (out / name).read_bytes()[:2] == b"PK", name
    kinds = {Path(name).suffix for name in found["documents"]}
    assert kinds == {".docx", ".xlsx"}
    for word in ("申报通知", "受理名单", "排序", "候选", "纪要"):
        assert any(word in name for name in found["documents"]), word


def test_funnels_only_narrow_and_never_exceed_the_quota(played: tuple[Path, Any]) -> None:
    _, found = played
    assert {award: steps[0]["count"] for award, steps in found["funnel"].items()} == {"organization": 40, "individual": 12}
    for steps in found["funnel"].values():
        counts = [step["count"] for step in steps]
        assert counts == sorted(counts, reverse=True)
        nominated = next(step["count"] for step in steps if step["stage"] == "nomination")
        assert nominated <= 10


@pytest.mark.duty("B5", "C1", "D1", "D4", "F1", "F2", "F4", "I1", "I2", "J2", "K1", "K3", "L2")
def test_the_hard_turns_are_played_and_refused_under_their_articles(played: tuple[Path, Any]) -> None:
    _, found = played
    refused = {row["what"]: row for row in found["refused"]}
    expected = {
        "方案未经审核先行印发申报通知": "《细则》四（一）",
        "申报截止后提交": "《细则》四（二）",
        "异议属实仍签署推荐意见": "《细则》四（二）",
        "受理名单公示期未满即结束公示": "《细则》四（三）2",
        "揭示的种子与承诺不符": "《细则》四（四）1",
        "未经主任审批即公示入围名单": "《细则》四（四）4",
        "出席未达法定人数即开始表决": "《细则》四（七）1",
        "同一委员重复投票": "《细则》四（七）2",
        "异议属实未经省质评委取消即报批": "《细则》四（八）2",
        "未经省政府批准先行表彰": "《细则》四（八）2",
        "未经省质评委同意即取消奖励": "《细则》七（三）",
        "五年禁止期内再次申报": "《细则》七（一）",
        "往届获奖者再次申报": "《细则》三（三）",
    }
    for what, article in expected.items():
        assert article in refused[what]["articles"], what
    told = "\n".join(found["turns"])
    for word in (
        "市级公示期间",
        "评分作废" if "评分作废" in told else "评分表作废",
        "入围公示期间",
        "未达法定人数",
        "授奖公示期间",
        "获奖后三年内",
    ):
        assert word in told
    assert [m["status"] for m in found["meetings"]] == ["未达法定人数", "已结束"]
    assert [m["present"] for m in found["meetings"]] == [16, 20]
    assert sum(w["revoked"] for w in found["winners"]) == 1


@pytest.mark.duty("L3")
def test_the_dossier_proves_itself_with_the_standard_library_alone(played: tuple[Path, Any]) -> None:
    out, found = played
    zipped = Path(found["dossier"])
    assert zipped == out / "dossier.zip"
    ran = subprocess.run([sys.executable, "-I", out / "verify.py", zipped], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def digests(folder: Path) -> dict[str, str]:
    """Name → SHA-256 of every file of a folder."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(command: Callable[..., Any], installed: Path, tmp_path: Path) -> None:
    """Whether in a database of its own or in an empty one that it is given."""
    size = ("simulate", "--organizations", "4", "--individuals", "1", "--experts", "40", "--json")
    made = {}
    for name, seed in (("one", "3"), ("two", "3"), ("three", "4")):
        given = tmp_path / f"{name}.sqlite3"
        if name != "one":
            shutil.copy(installed / "zhiheng.sqlite3", given)
        where = ("--database", f"sqlite:///{given}") if given.exists() else ()
        ran = command(*size, *where, "--seed", seed, "--out", tmp_path / name)
        assert ran.code == 0, ran.err
        made[name] = digests(tmp_path / name)
    assert made["one"] == made["two"]
    assert made["one"]["dossier.zip"] != made["three"]["dossier.zip"]


def test_a_database_in_use_is_left_alone(command: Callable[..., Any], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kept.sqlite3"
    size = ("simulate", "--organizations", "2", "--individuals", "0", "--experts", "40", "--database", url, "--json")
    assert command(*size, "--out", tmp_path / "a").code == 0
    again = command(*size, "--out", tmp_path / "b")
    assert again.code == 1
    assert again.err.strip() == "指定的数据库中已有评审周期，请使用空数据库"
    kept = command("journal", "verify", "--json", env={"ZHIHENG_DATABASE_URL": url})
    assert kept.json["faults"] == []
