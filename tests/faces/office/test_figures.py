"""The counts add up: stage by stage, by city, by industry, by award, and in the charts."""

from __future__ import annotations

import json
import re
from functools import cache

from tests.faces.office.cycles import World
from tests.faces.public import data
from tests.faces.seating import text
from zhiheng.faces.office.charts import compared, funnel
from zhiheng.faces.office.figures import Cell, Figures, Line, section
from zhiheng.foundation.packs.loader import load_pack
from zhiheng.rules.lifecycle import FAIL, PASS, EntryStatus, Role, Stage
from zhiheng.rules.pack import Pack

E = EntryStatus


@cache
def hebei() -> Pack:
    return load_pack(data.ROOT / "rulepacks/hebei-2022")


def figures(*counts: tuple[EntryStatus, int], role: Role = Role.OFFICE) -> Figures:
    return Figures(hebei(), role, tuple(Cell("organization", "organization", "sjz", "34", status, count) for status, count in counts))


def test_each_stage_counts_those_that_passed_it() -> None:
    found = figures((E.SUBMITTED, 1), (E.NOT_RECOMMENDED, 2), (E.ACCEPTED, 4), (E.BELOW_MATERIAL, 8), (E.AWARDED, 16), (E.REVOKED, 32))
    assert [(step.stage, step.count) for step in found.funnel] == [
        (Stage.APPLICATION, 63), (Stage.RECOMMENDATION, 60), (Stage.QUALIFICATION, 60), (Stage.MATERIAL_REVIEW, 48), (Stage.SHORTLIST, 48),
        (Stage.SITE_VISIT, 48), (Stage.NOMINATION, 48), (Stage.COMMITTEE, 48), (Stage.PUBLICITY, 48), (Stage.COMMENDATION, 48),
    ]  # fmt: skip
    assert [step.share for step in found.funnel[:4]] == [100, 95, 95, 76]  # 60/63 = 95.2, 48/63 = 76.2


def test_every_status_has_passed_what_it_must_have() -> None:
    found, line = figures(), [stage for stage in hebei().line if stage in PASS]
    for stage in line:
        assert found.passed(PASS[stage]) == set(line[: line.index(stage) + 1])
        if stage in FAIL:
            assert found.passed(FAIL[stage]) == set(line[: line.index(stage)])
    assert found.passed(E.REVOKED) == set(line)
    assert found.passed(E.DRAFT) == found.passed(E.WITHDRAWN) == frozenset()


def test_half_a_per_cent_is_rounded_up() -> None:
    found = figures((E.AWARDED, 1), (E.SUBMITTED, 199))
    assert found.funnel[-1].share == 1  # 0.5
    assert figures((E.AWARDED, 1), (E.SUBMITTED, 200)).funnel[-1].share == 0  # 0.4975…
    assert figures().funnel[0].share == 0


def test_withdrawn_ones_are_counted_apart() -> None:
    found = figures((E.WITHDRAWN, 3), (E.ACCEPTED, 1))
    assert (found.total, found.withdrawn, found.funnel[0].count) == (4, 3, 1)


def test_a_role_counts_from_where_it_sees_all() -> None:
    assert figures((E.REVIEWED, 2), role=Role.CHAIR).funnel[0].stage == Stage.MATERIAL_REVIEW
    assert figures((E.REVIEWED, 2), role=Role.AGENCY).funnel[0].stage == Stage.RECOMMENDATION


def test_lines_by_unit_section_and_category() -> None:
    cells = (
        Cell("organization", "organization", "sjz", "34", E.ACCEPTED, 2),
        Cell("organization", "organization", "ts", "83", E.SUBMITTED, 1),
        Cell("individual", "front_line", "sjz", "", E.AWARDED, 1),
    )
    found = Figures(hebei(), Role.OFFICE, cells)
    width = len(found.columns)
    assert found.heads[:3] == ["已提交", "已推荐", "已受理"]
    assert found.heads[-1] == "获奖"
    assert [(line.title, line.counts[0]) for line in found.by_unit([("sjz", "石家庄市"), ("bd", "保定市"), ("ts", "唐山市")])] == [
        ("石家庄市", 3), ("保定市", 0), ("唐山市", 1),
    ]  # fmt: skip
    assert [(line.key, line.title, line.counts[0]) for line in found.by_section()] == [
        ("C", "C 制造业", 2),
        ("P", "P 教育", 1),
        ("", "", 1),
    ]
    named = {line.key: line.counts for line in found.by_category()}
    assert named["organization/organization"] == (3, 2, 2, *[0] * (width - 3))
    assert named["individual/front_line"] == (1,) * width
    assert sum(counts[0] for counts in named.values()) == 4


def test_a_division_belongs_to_its_section() -> None:
    assert (section("34"), section("83"), section("00"), section("")) == ("C", "P", "", "")


def test_a_chart_is_described_in_chinese() -> None:
    chart = funnel(figures((E.ACCEPTED, 2), (E.SUBMITTED, 1)).funnel[:3], "各阶段通过数量")
    assert chart["description"] == "柱状图：各阶段通过数量。已提交：通过数量3项；已推荐：通过数量2项；已受理：通过数量2项。"
    assert chart["series"] == [{"name": "通过数量", "data": [3, 2, 2], "award": False}]


def test_a_long_description_leads_to_the_table() -> None:
    lines = [Line(f"u{n}", f"第{n}市", (n, 0)) for n in range(14)]
    chart = compared("city", "按推荐单位", lines, ["已提交", "获奖"], [0, 1])
    assert "第7市：已提交7项、获奖0项；其余6项见旁边的表格。" in chart["description"]
    assert "第8市" not in chart["description"]
    assert [one["award"] for one in chart["series"]] == [False, True]


def test_the_page_has_each_chart_and_its_table(world: World) -> None:
    world.many(5)
    world.person(1, E.AWARDED, "王质量", "焊接研究所")
    answer = world.get(Role.OFFICE, "figures/")
    page = answer.content.decode()
    found = json.loads(re.search(r'<script id="chart-data" type="application/json">(.*?)</script>', page)[1])  # type: ignore[index]
    assert [chart["id"] for chart in found] == ["funnel", "city", "industry", "category"]
    assert re.findall(r'data-chart="(\w+)"', page) == ["funnel", "city", "industry", "category"]
    assert page.count("<table") == 4
    assert "石家庄市 2 2 2" in text(answer)  # entry 3 and the person
    assert "合计 6 6 6 1" in text(answer)
    assert 'href="/desk/cycles/2026/entries/?kind=individual%2Ffront_line"' in page


def test_the_charts_program_is_loaded_on_this_page_alone(world: World) -> None:
    world.entry(1)
    for part in ("", "board/", "entries/", "notices/", "calendar/", "files/"):
        assert "echarts" not in world.get(Role.OFFICE, part).content.decode()
    assert "vendor/echarts/echarts.common.min.js" in world.get(Role.OFFICE, "figures/").content.decode()
