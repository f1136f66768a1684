"""From score sheets to the candidate list, by the worked figures of the rules."""

import json
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.process.books import LIST, blocks, header, marks, rows_of, save
from tests.rules.worked import HEBEI, with_award
from zhiheng.faces.cli.rank import app
from zhiheng.foundation.clock import SHANGHAI
from zhiheng.foundation.documents.reading import Grid, ReadLimits, read_workbook
from zhiheng.foundation.documents.records import Problem
from zhiheng.process.rankfile import form, writing
from zhiheng.process.rankfile.compute import Ranking, compute
from zhiheng.process.rankfile.reading import Book, read
from zhiheng.rules.pack import Pack

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
ORG = "组织奖"


def load(path: Path, pack: Pack) -> tuple[Book, list[Problem]]:
    grids = read_workbook(path, ReadLimits())
    assert grids.value is not None, grids.text()
    return read(grids.value, pack)


def ranked(path: Path, pack: Pack) -> Ranking:
    book, problems = load(path, pack)
    assert problems == []
    result, problems = compute(book, pack)
    assert problems == []
    return result


def organizations(pack: Pack, *entries: tuple[str, str, list[list[Any]]]) -> dict[str, list[list[Any]]]:
    listed = [LIST, *([code, f"单位{code}", ORG, None, bonus, None] for code, bonus, _ in entries)]
    return {"申报名单": listed, "评分": [header(pack, "organization", "organization"), *(row for *_, rows in entries for row in rows)]}


@pytest.mark.duty("F2", "F3")
def test_materials_alone_give_the_list_for_site_visits(hebei: Pack, tmp_path: Path) -> None:
    book = organizations(
        hebei,
        ("A", "", [marks(hebei, "A", "甲", "材料", 50)]),
        ("B", "", [marks(hebei, "B", "甲", "材料", 50, i4_6=45)]),
        ("C", "", [marks(hebei, "C", e, "材料", 50, **more) for e, more in (("甲", {}), ("乙", {}), ("丙", {"i4_6": 45}))]),
    )
    result = ranked(save(tmp_path / "a.xlsx", book), hebei)
    assert result.stage == "material"
    assert [(line.listed.code, line.material, line.outcome) for line in result.lines] == [
        ("A", Fraction(500), "passed"),
        ("C", Fraction(5999, 12), "below_material"),
        ("B", Fraction(1999, 4), "below_material"),
    ]
    # 499.9166… would round to 499.92, 499.75 stays: neither may look like 500.
    shown = rows_of(writing.write(result, hebei, NOW), ORG)
    assert [row[4] for row in shown[4:]] == [500, 499.92, 499.75]


@pytest.mark.duty("H1", "H3")
def test_organizations_at_the_line(hebei: Pack, tmp_path: Path) -> None:
    # Items 7.1 and 7.2 have 80 points each: all at 50 % and these at 75 % = 540. C: 0.3 × 500 + 0.7 × 520 + 10.
    book = organizations(
        hebei,
        ("A", "是", [marks(hebei, "A", "甲", r, 50, i7_1=75, i7_2=75) for r in ("材料", "现场")]),
        ("B", "否", [marks(hebei, "B", "甲", r, 50, i7_1=75, i7_2=75) for r in ("材料", "现场")]),
        ("C", "是", [marks(hebei, "C", "甲", "材料", 50), marks(hebei, "C", "甲", "现场", 50, i7_1=75)]),
        ("D", "是", [marks(hebei, "D", "甲", "材料", 45), marks(hebei, "D", "甲", "现场", 90)]),
    )
    result = ranked(save(tmp_path / "a.xlsx", book), hebei)
    assert [(line.listed.code, line.place, line.final, line.outcome) for line in result.lines] == [
        ("A", 1, Fraction(550), "chosen"),
        ("B", 2, Fraction(540), "below_final"),
        ("C", 3, Fraction(524), "below_final"),
        ("D", None, None, "below_material"),
    ]
    assert result.chosen == ("A",)
    assert "D材料评审未达标，其现场评审评分未予采用" in result.warnings
    assert [("空缺9个" in note) for note in result.notes] == [True]


@pytest.mark.duty("H2", "H3")
def test_individuals_with_survey_and_bonus(hebei: Pack, tmp_path: Path) -> None:
    head = ["申报编号", "专家", "轮次", "3.1 战略部署与经营理念", "3.2 文化与创新", "3.3 业绩"]
    book = {
        "申报名单": [
            LIST,
            ["P1", "张三", "个人奖", "高层领导者", "是", 12.5],
            ["P2", "李四", "个人奖", "senior_leader", None, "4.99"],
            ["P3", "王五", "个人奖", "高层领导者", None, 20],
        ],
        "评分": [
            head,
            blocks("P1", "甲", "材料", "26.5", "26.5", "17"),
            blocks("P1", "甲", "现场", "28", "28", "19"),
            *(blocks("P2", "甲", r, "30", "30", "20") for r in ("材料", "现场")),
            *(blocks("P3", "甲", r, "26", "27", "16.5") for r in ("材料", "现场")),
        ],
    }
    result = ranked(save(tmp_path / "a.xlsx", book), hebei)
    assert [(line.listed.code, line.final, line.outcome) for line in result.lines] == [
        ("P1", Fraction(88), "chosen"),  # 0.3 × 70 + 0.7 × 75 + 12.5 + 2
        ("P2", Fraction(8499, 100), "below_final"),
        ("P3", None, "below_material"),
    ]
    shown = rows_of(writing.write(result, hebei, NOW), "个人奖")
    assert shown[4][:10] == [1, "P1", "张三", "高层领导者", 70, 75, 12.5, 2, 88, "88"]


@pytest.mark.duty("H3")
def test_never_more_than_the_places_and_a_tie_at_the_last_one(hebei: Pack, tmp_path: Path) -> None:
    award = with_award(hebei.award("organization"), quota=2)
    pack = hebei.model_copy(update={"awards": (award, hebei.award("individual"))})

    def both(code: str, rest: int) -> list[list[Any]]:
        return [marks(hebei, code, "甲", r, rest) for r in ("材料", "现场")]

    book = organizations(pack, ("A", "", both("A", 80)), ("B", "", both("B", 60)), ("C", "", both("C", 60)), ("D", "", both("D", 55)))
    result = ranked(save(tmp_path / "a.xlsx", book), pack)
    assert [(line.listed.code, line.place, line.outcome) for line in result.lines] == [
        ("A", 1, "chosen"),
        ("B", 2, "tied"),
        ("C", 2, "tied"),
        ("D", 4, "full"),
    ]
    assert result.chosen == ("A",)


@pytest.mark.duty("F2")
def test_sheets_far_apart_need_a_consensus(hebei: Pack, tmp_path: Path) -> None:
    rows = [marks(hebei, "A", "甲", "材料", 50), marks(hebei, "A", "乙", "材料", 50, i7_1=75)]
    result = ranked(save(tmp_path / "a.xlsx", organizations(hebei, ("A", "", rows))), hebei)
    assert len(result.warnings) == 1
    assert result.warnings[0].startswith("A材料评审：“7.1 产品和服务结果”各专家评分最大相差25个百分点")
    assert result.lines[0].material == 510
    agreed = ["A", "合议", "材料", *("60" if item.code == "7.1" else None for item in hebei.scheme("organization", "organization").items)]
    result = ranked(save(tmp_path / "b.xlsx", organizations(hebei, ("A", "", [*rows, agreed]))), hebei)
    assert result.warnings == []
    assert result.lines[0].material == 508


@pytest.mark.duty("F2")
def test_percent_cells_are_what_they_show(hebei: Pack) -> None:
    """A cell that shows 55 % holds 0.55; a plain 1 is 1 % and off the grid, never 100 %."""
    items = hebei.scheme("organization", "organization").items
    listed = Grid("申报名单", (tuple(LIST), ("A", "单位", ORG, None, None, None)))
    head = tuple(header(hebei, "organization", "organization"))
    book, problems = read([listed, Grid("评分", (head, ("A", "甲", "材料", *["55%"] * len(items))))], hebei)
    assert problems == []
    assert set(book.sheets["A", "material"]["甲"].values()) == {Fraction(55)}
    _, problems = read([listed, Grid("评分", (head, ("A", "甲", "材料", 1, *["55%"] * (len(items) - 1))))], hebei)
    assert [(p.row, "不是5%的整数倍" in p.wrong) for p in problems] == [(2, True)]


def faults(
    hebei: Pack, tmp_path: Path, listed: list[Any] | None = None, marked: list[list[Any]] | None = None
) -> list[tuple[int, str, str]]:
    book = {
        "申报名单": [LIST, ["A", "单位A", ORG, None, None, None], *([listed] if listed else [])],
        "评分": [header(hebei, "organization", "organization"), marks(hebei, "A", "甲", "材料", 50), *(marked or [])],
    }
    _, problems = load(save(tmp_path / "a.xlsx", book), hebei)
    return [(p.row, p.column, p.wrong) for p in problems]


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (["A", "另一家", ORG, None, None, None], (3, "申报编号", "“A”与第2行重复")),
        (["B", None, ORG, None, None, None], (3, "名称", "未填写")),
        (["B", "单位B", "最佳奖", None, None, None], (3, "奖项", "“最佳奖”不是本规则的奖项")),
        (["B", "李四", "个人奖", None, None, None], (3, "类别", "未填写")),
        (["B", "李四", "个人奖", "组织", None, None], (3, "类别", "“组织”不是个人奖的类别")),
        (["B", "单位B", ORG, None, "也许", None], (3, "加分", "“也许”无法识别")),
        (["B", "单位B", ORG, None, None, 5], (3, "公众满意度得分", "组织奖不进行公众满意度测评")),
        (["B", "李四", "个人奖", "其他人员", None, 20.5], (3, "公众满意度得分", "20.5分超过满分20分")),
        (["B", "李四", "个人奖", "其他人员", None, "很高"], (3, "公众满意度得分", "“很高”不是有效数字")),
    ],
)
def test_faults_of_the_list(hebei: Pack, tmp_path: Path, row: list[Any], found: tuple[int, str, str]) -> None:
    assert faults(hebei, tmp_path, listed=row) == [found]


def test_faults_of_marks(hebei: Pack, tmp_path: Path) -> None:
    good = marks(hebei, "A", "乙", "材料", 50)
    wrong = [
        ["Z", *good[1:]],
        ["A", "甲", *good[2:]],
        ["A", "丙", "初评", *good[3:]],
        ["A", None, "材料", *good[3:]],
        ["A", "丁", "材料", "52", *good[4:]],
        ["A", "戊", "材料", None, *good[4:]],
        ["A", "己", "材料", "105", *good[4:]],
    ]
    assert faults(hebei, tmp_path, marked=wrong) == [
        (3, "申报编号", "“Z”不在申报名单中，或其所在行有错误"),
        (4, "专家", "“甲”对“A”该轮次已有一份评分"),
        (5, "轮次", "“初评”无法识别"),
        (6, "专家", "未填写"),
        (7, "", "“1.1 高层领导的作用”的评分52%不是5%的整数倍，请按规定档次更正"),
        (8, "", "“1.1 高层领导的作用”尚未评分，请评分后再提交"),
        (9, "", "“1.1 高层领导的作用”的评分105%超出0至100%的范围，请更正"),
    ]


def test_a_mark_outside_the_criteria_of_the_category(hebei: Pack, tmp_path: Path) -> None:
    book = {
        "申报名单": [LIST, ["P", "张三", "个人奖", "其他人员", None, 10]],
        "评分": [["申报编号", "专家", "轮次", "6.2", "7.1"], ["P", "甲", "材料", "70", "20"]],
    }
    _, problems = load(save(tmp_path / "a.xlsx", book), hebei)
    assert [(p.row, p.column) for p in problems] == [(2, "7.1")]


def test_an_entry_without_sheets_or_survey_is_named(hebei: Pack, tmp_path: Path) -> None:
    book = {
        "申报名单": [LIST, ["P1", "张三", "个人奖", "其他人员", None, None], ["P2", "李四", "个人奖", "其他人员", None, 18]],
        "评分": [["申报编号", "专家", "轮次", "6.2"], *(["P1", "甲", r, "75"] for r in ("材料", "现场"))],
    }
    loaded, problems = load(save(tmp_path / "a.xlsx", book), hebei)
    assert problems == []
    _, problems = compute(loaded, hebei)
    assert [(p.row, p.column) for p in problems] == [(2, "公众满意度得分"), (3, "")]


def test_the_template_filled_in_is_read(hebei: Pack, tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "t.xlsx"
    path.write_bytes(form.template(hebei, NOW))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["申报名单", "评分-组织奖", "评分-高层领导者", "评分-中层管理者", "评分-一线工作人员", "评分-其他人员"]
    book["申报名单"].append(["Z-1", "河北某某公司", ORG, None, "是", None])
    for round_ in ("材料", "现场"):
        book["评分-组织奖"].append(["Z-1", "甲", round_, *["60"] * 23])
    book.save(path)
    result = ranked(path, hebei)
    assert [(line.listed.code, line.final, line.outcome) for line in result.lines] == [("Z-1", Fraction(610), "chosen")]


def test_the_same_input_gives_the_same_bytes(hebei: Pack, tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", organizations(hebei, ("A", "", [marks(hebei, "A", "甲", "材料", 50)])))
    assert writing.write(ranked(path, hebei), hebei, NOW) == writing.write(ranked(path, hebei), hebei, NOW)
    assert form.template(hebei, NOW) == form.template(hebei, NOW)


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["--pack", str(HEBEI), *map(str, arguments)])
    return result.exit_code, result.output


def test_the_command_writes_the_result(hebei: Pack, tmp_path: Path) -> None:
    both = [marks(hebei, "A", "甲", r, 60) for r in ("材料", "现场")]
    path, out = save(tmp_path / "a.xlsx", organizations(hebei, ("A", "是", both))), tmp_path / "out.xlsx"
    code, output = run(path, "--out", out)
    assert code == 0
    assert "授奖候选名单：1个，A" in output
    assert rows_of(out, "授奖候选名单")[2:] == [[1, ORG, 1, "A", "单位A", "组织", 610]]


def test_the_command_for_machines(hebei: Pack, tmp_path: Path) -> None:
    both = [marks(hebei, "A", "甲", r, 60, i4_6=55) for r in ("材料", "现场")]
    code, output = run(save(tmp_path / "a.xlsx", organizations(hebei, ("A", "", both))), "--json")
    data = json.loads(output)
    assert (code, data["ok"], data["candidates"]) == (0, True, ["A"])
    assert [(line["entry"], line["place"], line["final"]) for line in data["ranking"]] == [("A", 1, "2399/4")]
    assert data["pack"] == {"id": hebei.id, "version": hebei.version, "digest": hebei.digest}


def test_the_command_fails_by_row(hebei: Pack, tmp_path: Path) -> None:
    book = organizations(hebei, ("A", "", [marks(hebei, "A", "甲", "材料", 52)]))
    out = tmp_path / "out.xlsx"
    code, output = run(save(tmp_path / "a.xlsx", book), "--json", "--out", out)
    data = json.loads(output)
    assert (code, data["ok"], len(data["problems"])) == (1, False, 23)
    assert data["problems"][0]["row"] == 2
    assert not out.exists()


@pytest.mark.parametrize("name", ["missing.xlsx", "text.xlsx"])
def test_the_command_refuses_what_is_no_workbook(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.xlsx").write_text("申报编号,专家", encoding="utf-8")
    code, output = run(tmp_path / name)
    assert code == 1
    assert "文件" in output
    assert "Traceback" not in output


def test_the_command_writes_a_template(tmp_path: Path) -> None:
    code, _ = run("--template", tmp_path / "t.xlsx")
    assert code == 0
    assert rows_of(tmp_path / "t.xlsx", "申报名单")[3][:3] == ["申报编号*", "名称*", "奖项*"]


def test_a_pack_that_is_wrong_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["--pack", str(tmp_path), str(tmp_path / "x.xlsx")])
    assert result.exit_code == 1
    assert "pack.yaml" in result.output
