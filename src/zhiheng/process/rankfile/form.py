"""The workbook that an office fills in: a list of entries, and one sheet of marks for each scheme of criteria."""

from __future__ import annotations

from datetime import datetime

from zhiheng.foundation.documents.records import EXAMPLE
from zhiheng.foundation.documents.sheet import Cell, Column, Table, workbook
from zhiheng.foundation.documents.word import Properties
from zhiheng.rules.pack import Award, Category, Criteria, Pack
from zhiheng.rules.thresholds import plain

ENTRY, NAME, AWARD, CATEGORY, BONUS, SURVEY = "申报编号", "名称", "奖项", "类别", "加分", "公众满意度得分"
EXPERT, ROUND = "专家", "轮次"
LIST_REQUIRED, LIST_OPTIONAL = (ENTRY, NAME, AWARD), (CATEGORY, BONUS, SURVEY)
MARKS_REQUIRED = (ENTRY, EXPERT, ROUND)
#: In the expert column: marks that the panel agreed on, which stand in place of the computed ones.
CONSENSUS = "合议"
ROUNDS = {"材料": "material", "材料评审": "material", "material": "material", "现场": "site", "现场评审": "site", "site": "site"}
_BLANK = 300


def template(pack: Pack, created: datetime) -> bytes:
    """The workbook to fill in, for this pack."""
    tables = [_entries(pack)]
    seen: set[str] = set()
    for award in pack.awards:
        for category in award.categories:
            if category.criteria not in seen:
                seen.add(category.criteria)
                tables.append(_marks(pack, award, category))
    return workbook(tables, Properties(f"{pack.award_name}评分汇总模板", pack.law.authority, created))


def _entries(pack: Pack) -> Table:
    first = pack.awards[0]
    columns = (
        Column(f"{ENTRY}*"),
        Column(f"{NAME}*"),
        Column(f"{AWARD}*", choices=tuple(award.title for award in pack.awards)),
        Column(CATEGORY, choices=tuple(category.title for award in pack.awards for category in award.categories)),
        Column(BONUS, choices=("是", "否")),
        Column(SURVEY),
    )
    rows: list[list[Cell]] = [[f"{EXAMPLE}-0001", "某某有限公司（示例行不参加计算）", first.title, first.categories[0].title, "否", None]]
    notes = (
        "带*的栏目必填；不要改动表头。奖项只有一个类别的，类别可以不填。",
        "加分：经核实符合加分条件的填“是”，只加一次；未填按“否”。公众满意度得分：只填设有公众满意度测评的奖项，填换算后的得分。",
    )
    return Table("申报名单", f"{pack.award_name}申报名单", columns, rows, notes, _BLANK)


def _marks(pack: Pack, award: Award, category: Category) -> Table:
    scheme = pack.scheme(award.code, category.code)
    percentage = scheme.method == "percentage"
    step = pack.parameters.percentage_step.value
    choices = tuple(str(mark) for mark in range(0, 101, step)) if percentage else ()
    columns = (
        Column(f"{ENTRY}*"),
        Column(f"{EXPERT}*"),
        Column(f"{ROUND}*", choices=("材料", "现场")),
        *(Column(f"{item.code} {item.title}", choices=choices) for item in scheme.items),
    )
    example: list[Cell] = [f"{EXAMPLE}-0001", "专家甲", "材料", *(_half(scheme, index) for index in range(len(scheme.items)))]
    unit = (
        f"成熟度百分比，为{step}的整数倍，填55或55%均可"
        if percentage
        else f"分数，为{plain(pack.parameters.point_step.value)}分的整数倍，不超过该部分的分值"
    )
    notes = (
        f"每名专家对每个申报对象每一轮次填一行。各条款填{unit}。",
        f"经合议的，另填一行，“{EXPERT}”栏填“{CONSENSUS}”，只填合议确定的条款，以合议结果为准。",
    )
    title = category.title if len(award.categories) > 1 else award.title
    return Table(f"评分-{title}", f"{scheme.title}评分表", columns, [example], notes, _BLANK)


def _half(scheme: Criteria, index: int) -> str:
    return "50" if scheme.method == "percentage" else plain(scheme.items[index].points / 2)
