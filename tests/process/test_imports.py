"""Experts and applications from workbooks: each fault with its row, all or nothing, through the acts."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from stdnum.cn import ric, uscc
from typer.testing import CliRunner

from tests.process.books import rows_of, save
from tests.rules.worked import HEBEI
from zhiheng.faces.cli.imports import app
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.clock import SHANGHAI
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.documents.reading import Grid, ReadLimits, read_workbook
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.packs.services import store
from zhiheng.foundation.parties.models import Ban, Party
from zhiheng.foundation.people.models import Person, RoleGrant, Unit
from zhiheng.process.imports import applications, expert_run, experts, run
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.rules.pack import Pack
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Expert

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
TODAY = date(2026, 3, 2)


def resident(number: int, born: str = "19800101") -> str:
    """A made-up ID number with the right check digit."""
    body = f"130102{born}{number:03d}"
    return body + ric.calc_check_digit(body + "0")


def credit(number: int) -> str:
    """A made-up credit code with the right check digit."""
    body = f"91130100MA{number:07d}"
    return body + uscc.calc_check_digit(body + "0")


EXPERTS = [
    "专家编号*", "姓名*", "证件号码*", "职称", "现工作单位*", "近年工作单位", "有偿咨询服务单位", "熟悉行业*", "可评类别*", "所在市", "可任组长",
    "工作量上限（组）", "联系方式",
]  # fmt: skip


def expert(number: int, **changes: Any) -> list[Any]:
    row = dict(
        zip(
            [title.rstrip("*") for title in EXPERTS],
            [
                f"ZJ{number:03d}",
                f"专家{number}",
                resident(number),
                "正高",
                f"单位{number}",
                None,
                None,
                "26、27",
                "组织",
                "石家庄市",
                "是",
                3,
                None,
            ],
            strict=True,
        )
    )
    return list((row | changes).values())


ORGANIZATIONS = [
    "单位名称", "统一社会信用代码", "所在市", "行业大类", "奖项", "经办人姓名", "经办人证件号码", "成立日期", "职工人数", "主要产品（服务）",
    "主要业绩（事迹）",
]  # fmt: skip
PERSONS = [
    "姓名", "证件号码", "类别", "工作单位", "工作单位信用代码", "所在市", "行业大类", "职务（岗位）", "从事质量工作起始日期", "主要业绩（事迹）",
]  # fmt: skip


def organization(number: int, **changes: Any) -> list[Any]:
    row = dict(
        zip(
            ORGANIZATIONS,
            [
                f"河北第{number}公司",
                credit(number),
                "石家庄市",
                "26",
                None,
                f"经办{number}",
                resident(number),
                "2005-06-01",
                860,
                "装备",
                "业绩",
            ],
            strict=True,
        )
    )
    return list((row | changes).values())


def person(number: int, **changes: Any) -> list[Any]:
    row = dict(
        zip(
            PERSONS,
            [
                f"王{number}",
                resident(500 + number),
                "一线工作人员",
                "河北第1公司",
                credit(1),
                "唐山市",
                35,
                "班长",
                date(2010, 7, 1),
                "事迹",
            ],
            strict=True,
        )
    )
    return list((row | changes).values())


def grids(path: Path) -> tuple[Grid, ...]:
    found = read_workbook(path, ReadLimits())
    assert found.value is not None, found.text()
    return found.value


@pytest.fixture
def office() -> Acting:
    """A member of the office."""
    unit = Unit.objects.create(code="office", kind=Role.OFFICE.value, name="省质评办")
    someone = Person.objects.create(name="办")
    RoleGrant.objects.create(person=someone, role=Role.OFFICE.value, unit=unit, granted_at=NOW)
    return Acting(Role.OFFICE, someone, unit)


@pytest.fixture
def cycle(hebei: Pack) -> Cycle:
    """A cycle that takes applications."""
    for recommender in hebei.recommenders:
        Unit.objects.create(code=recommender.code, kind=Role.RECOMMENDER.value, name=recommender.name, city=recommender.city)
    return Cycle.objects.create(code="2026", year=2026, title="2026年度", pack=store(hebei), stage=Stage.APPLICATION.value)


def test_experts_are_read(hebei: Pack, tmp_path: Path) -> None:
    rows = [
        EXPERTS,
        ["示例-ZJ001", *expert(9)[1:]],
        expert(1, 近年工作单位="甲大学（至2024-06-30）；乙院（至今）", 有偿咨询服务单位="丙公司（至2025年3月1日）"),
        expert(2, 熟悉行业=1, 可评类别="senior_leader、其他人员", 可任组长=None, **{"工作量上限（组）": None}),
    ]
    found, problems = experts.read(grids(save(tmp_path / "a.xlsx", {"专家": rows})), hebei, TODAY)
    assert problems == []
    names = ("industries", "categories", "leader", "max_load")
    assert [(r.code, *(r.values[name] for name in names)) for r in found] == [
        ("ZJ001", ["26", "27"], ("organization",), True, 3),
        ("ZJ002", ["01"], ("senior_leader", "other"), False, 3),
    ]
    assert found[0].values["employers"] == ({"employer": "甲大学", "until": "2024-06-30"}, {"employer": "乙院", "until": None})
    assert found[0].values["consulted"] == ({"employer": "丙公司", "until": "2025-03-01"},)


@pytest.mark.parametrize(
    ("changes", "column", "wrong"),
    [
        ({"姓名": None}, "姓名", "未填写"),
        ({"姓名": "长" * 61}, "姓名", "有61字，超过60字"),
        ({"专家编号": "专家一"}, "专家编号", "“专家一”含有字母、数字和连字符以外的字符"),
        ({"证件号码": resident(1)[:17]}, "证件号码", "居民身份证号码应为18位，现为17位"),
        ({"证件号码": resident(1)[:17] + ("0" if resident(1)[17] != "0" else "1")}, "证件号码", "校验位或其中的日期不正确"),
        ({"证件号码": resident(1, "19800231")}, "证件号码", "校验位或其中的日期不正确"),
        ({"证件号码": resident(1, "20270101")}, "证件号码", "其中的出生日期不可能"),
        ({"证件号码": 130102198001010019}, "证件号码", "按数字格式填写，末几位已丢失"),
        ({"熟悉行业": "26、98"}, "熟悉行业", "“98”不是《国民经济行业分类》（GB/T 4754—2017）的大类代码"),
        ({"可评类别": "组织、领导"}, "可评类别", "“领导”不是申报类别"),
        ({"所在市": "北京市"}, "所在市", "“北京市”不是推荐单位所在的市"),
        ({"可任组长": "可以"}, "可任组长", "“可以”不在可选范围"),
        ({"工作量上限（组）": 0}, "工作量上限（组）", "“0”不是1至100之间的整数"),
        ({"近年工作单位": "甲大学（至2024-06-31）"}, "近年工作单位", "“甲大学（至2024-06-31）”无法识别或日期不可能"),
        ({"近年工作单位": "甲大学（至2027-01-01）"}, "近年工作单位", "“甲大学（至2027-01-01）”无法识别或日期不可能"),
    ],
)
def test_each_fault_of_an_expert_is_named(hebei: Pack, tmp_path: Path, changes: dict[str, Any], column: str, wrong: str) -> None:
    rows = [EXPERTS, expert(1), expert(2, **changes)]
    _, problems = experts.read(grids(save(tmp_path / "a.xlsx", {"专家": rows})), hebei, TODAY)
    assert [(p.row, p.column, p.wrong) for p in problems] == [(3, column, wrong)]


def test_no_fault_shows_an_id_number(hebei: Pack, tmp_path: Path) -> None:
    wrong = resident(1)[:17] + ("0" if resident(1)[17] != "0" else "1")
    rows = [EXPERTS, expert(1, 证件号码=wrong), expert(2, 证件号码=resident(3)), expert(3)]
    _, problems = experts.read(grids(save(tmp_path / "a.xlsx", {"专家": rows})), hebei, TODAY)
    assert [(p.row, p.wrong) for p in problems] == [(2, "校验位或其中的日期不正确"), (4, "证件号码与第3行重复")]
    assert not any(number in problem.text() for problem in problems for number in (wrong, resident(3)))


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([["姓名", "单位"], ["张三", "某公司"]], "没有找到完整的表头，缺少“专家编号、证件号码、现工作单位、熟悉行业、可评类别”"),
        ([EXPERTS], "没有可以处理的数据行"),
        ([[*EXPERTS, "备注"], [*expert(1), "无"]], "不是模板中的栏目"),
        ([[*EXPERTS, "姓名"], [*expert(1), "无"]], "表头重复"),
        ([EXPERTS, [*expert(1), "多余"]], "在没有表头的列中有内容"),
    ],
)
def test_a_wrong_header_is_named(hebei: Pack, tmp_path: Path, rows: list[list[Any]], wrong: str) -> None:
    _, problems = experts.read(grids(save(tmp_path / "a.xlsx", {"专家": rows})), hebei, TODAY)
    assert [p.wrong for p in problems] == [wrong]


def test_more_rows_than_are_taken(hebei: Pack) -> None:
    grid = Grid("专家", (tuple(EXPERTS), *(tuple(expert(number)) for number in range(5001))))
    _, problems = experts.read([grid], hebei, TODAY)
    assert "共5001行，超过5000行" in [p.wrong for p in problems]


@pytest.mark.django_db
@pytest.mark.duty("F1")
def test_experts_come_in_through_the_acts(hebei: Pack, office: Acting, tmp_path: Path) -> None:
    rows, _ = experts.read(grids(save(tmp_path / "a.xlsx", {"专家": [EXPERTS, *(expert(n) for n in (1, 2, 3))]})), hebei, TODAY)
    assert expert_run.import_experts(office, rows, approve=True) == []
    assert list(Expert.objects.order_by("code").values_list("code", "status")) == [(f"ZJ00{n}", "active") for n in (1, 2, 3)]
    acts = list(JournalEntry.objects.order_by("seq").values_list("act", flat=True))
    assert acts == ["panel.register_expert", "panel.approve_expert"] * 3
    assert expert_run.plan(rows)[0].same == 3  # the same file again changes nothing
    assert expert_run.import_experts(office, rows) == []
    assert JournalEntry.objects.count() == 6


@pytest.mark.django_db
def test_one_refused_act_undoes_all(hebei: Pack, tmp_path: Path) -> None:
    nobody = Acting(Role.EXPERT, Person.objects.create(name="非工作人员"))
    rows, _ = experts.read(grids(save(tmp_path / "a.xlsx", {"专家": [EXPERTS, expert(1), expert(2)]})), hebei, TODAY)
    problems = expert_run.import_experts(nobody, rows)
    assert [p.row for p in problems] == [2, 3]
    assert (Expert.objects.count(), Person.objects.count(), JournalEntry.objects.count()) == (0, 1, 0)


def test_applications_are_read(hebei: Pack, tmp_path: Path) -> None:
    book = {"组织申报": [ORGANIZATIONS, organization(1)], "个人申报": [PERSONS, person(1)]}
    rows, problems = applications.read(grids(save(tmp_path / "a.xlsx", book)), hebei, TODAY)
    assert problems == []
    assert [(r.kind, r.award, r.category, r.name, r.number, r.owner, r.city, r.industry) for r in rows] == [
        ("organization", "organization", "organization", "河北第1公司", credit(1), "经办1", "石家庄市", "26"),
        ("person", "individual", "front_line", "王1", resident(501), "王1", "唐山市", "35"),
    ]
    assert rows[0].form == {"established_on": "2005-06-01", "employees": 860, "main_business": "装备", "achievements": "业绩"}
    assert rows[1].form == {"job": "班长", "work_since": "2010-07-01", "achievements": "事迹"}


@pytest.mark.parametrize(
    ("changes", "column", "wrong"),
    [
        ({"统一社会信用代码": credit(2)[:17] + ("0" if credit(2)[17] != "0" else "1")}, "统一社会信用代码", "校验位或其中的日期不正确"),
        ({"统一社会信用代码": "9113"}, "统一社会信用代码", "统一社会信用代码应为18位，现为4位"),
        ({"统一社会信用代码": credit(1)}, "统一社会信用代码", "申报主体与第2行重复"),
        ({"所在市": "雄安"}, "所在市", "“雄安”不是推荐单位所在的市"),
        ({"行业大类": "99"}, "行业大类", "“99”不是《国民经济行业分类》（GB/T 4754—2017）的大类代码"),
        ({"奖项": "个人奖"}, "奖项", "“个人奖”不在可选范围"),
        ({"成立日期": "2026-02-30"}, "成立日期", "“2026-02-30”不是有效日期"),
        ({"成立日期": date(2030, 1, 1)}, "成立日期", "2030-01-01早于1900年或晚于今天"),
        ({"职工人数": "很多"}, "职工人数", "“很多”不是1至5000000之间的整数"),
        ({"经办人证件号码": None}, "经办人证件号码", "未填写"),
    ],
)
def test_each_fault_of_an_application_is_named(hebei: Pack, tmp_path: Path, changes: dict[str, Any], column: str, wrong: str) -> None:
    book = {"组织申报": [ORGANIZATIONS, organization(1), organization(2, **changes)]}
    _, problems = applications.read(grids(save(tmp_path / "a.xlsx", book)), hebei, TODAY)
    assert [(p.row, p.column, p.wrong) for p in problems] == [(3, column, wrong)]


def test_an_unknown_category_and_a_strange_sheet(hebei: Pack, tmp_path: Path) -> None:
    book = {"个人申报": [PERSONS, person(1, 类别="领导")], "说明": [["随便写的"]]}
    _, problems = applications.read(grids(save(tmp_path / "a.xlsx", book)), hebei, TODAY)
    assert [(p.sheet, p.row, p.column) for p in problems] == [("个人申报", 2, "类别"), ("说明", 0, "")]


@pytest.mark.django_db
@pytest.mark.duty("D1", "D5")
def test_applications_become_drafts(hebei: Pack, cycle: Cycle, tmp_path: Path) -> None:
    book = {"组织申报": [ORGANIZATIONS, organization(1), organization(2)], "个人申报": [PERSONS, person(1)]}
    rows, _ = applications.read(grids(save(tmp_path / "a.xlsx", book)), hebei, TODAY)
    codes, problems = run.import_applications(cycle, hebei, rows)
    assert (codes, problems) == (["2026-Z-0001", "2026-Z-0002", "2026-G-0001"], [])
    entry = Entry.objects.get(code="2026-G-0001")
    assert (entry.status, entry.recommender.code, entry.owner.name, entry.party.employer) == (
        "draft", "ts", "王1", Party.objects.get(credit_code=credit(1)),
    )  # fmt: skip
    again, problems = run.import_applications(cycle, hebei, rows[:1])
    assert (again, [p.wrong for p in problems]) == ([], ["该申报主体本周期已有申报（2026-Z-0001）"])


@pytest.mark.django_db
@pytest.mark.duty("K1")
def test_a_ban_stops_the_whole_file(hebei: Pack, cycle: Cycle, tmp_path: Path) -> None:
    party = Party.objects.create(identity=f"uscc:{credit(2)}", kind="organization", name="受限公司", credit_code=credit(2), city="石家庄市")
    Ban.objects.create(party=party, from_on=date(2024, 1, 1), until=date(2029, 1, 1), duty="K1", article="七(一)", cause="提供虚假材料")
    rows, _ = applications.read(
        grids(save(tmp_path / "a.xlsx", {"组织申报": [ORGANIZATIONS, *(organization(n) for n in (1, 2, 3))]})), hebei, TODAY
    )
    with clock.travel(NOW):
        codes, problems = run.import_applications(cycle, hebei, rows)
    assert (codes, [p.row for p in problems]) == ([], [3])
    assert "2029" in problems[0].wrong
    assert (Entry.objects.count(), Person.objects.count(), JournalEntry.objects.count()) == (0, 0, 0)


def command(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.output


@pytest.mark.django_db
def test_the_commands(hebei: Pack, office: Acting, cycle: Cycle, tmp_path: Path) -> None:
    path = save(tmp_path / "a.xlsx", {"专家": [EXPERTS, expert(1)]})
    assert command("experts", path, "--pack", HEBEI, "--check") == (0, "1名专家检查通过，未导入\n")
    assert Expert.objects.count() == 0
    code, output = command("experts", path, "--pack", HEBEI, "--json")
    assert (code, json.loads(output)) == (0, {"ok": True, "rows": 1, "imported": True})
    path = save(
        tmp_path / "b.xlsx",
        {"专家": [EXPERTS, expert(1, 姓名="他人", 证件号码=resident(7)), expert(2, 专家编号="ZJ009", 证件号码=resident(1))]},
    )
    code, output = command("experts", path, "--pack", HEBEI, "--json")
    assert (code, [p["column"] for p in json.loads(output)["problems"]]) == (1, ["姓名", "证件号码"])
    path = save(tmp_path / "b.xlsx", {"组织申报": [ORGANIZATIONS, organization(1)]})
    code, output = command("applications", path, "--json")
    assert (code, json.loads(output)["entries"]) == (0, ["2026-Z-0001"])
    code, output = command("applications", path, "--cycle", "1999")
    assert (code, output) == (1, "没有代码为“1999”的评审周期\n")


@pytest.mark.parametrize("kind", ["experts", "applications"])
def test_templates_are_read_back_without_their_example(hebei: Pack, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "t.xlsx"
    assert command(kind, "--template", path, "--pack", HEBEI)[0] == 0
    module = {"experts": experts, "applications": applications}[kind]
    rows, problems = module.read(grids(path), hebei, TODAY)
    assert rows == []
    assert [p.wrong.startswith("没有可以") for p in problems] == [True]


def test_the_template_offers_choices(hebei: Pack, tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "t.xlsx"
    path.write_bytes(applications.template(hebei, NOW))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["组织申报", "个人申报"]
    offered = {rule.formula1 for rule in book["个人申报"].data_validations.dataValidation}
    assert offered == {'"个人奖"', '"高层领导者,中层管理者,一线工作人员,其他人员"'}
    assert rows_of(path, "个人申报")[5][0].startswith("示例")
