"""The result as a workbook and as data for machines. Shown scores never look better than they are (Q1)."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

from zhiheng.foundation.documents.sheet import Cell, Column, Kind, Table, workbook
from zhiheng.foundation.documents.word import Properties
from zhiheng.process.rankfile.compute import Line, Ranking, of_award
from zhiheng.rules.pack import Award, Pack
from zhiheng.rules.thresholds import plain, shown

OUTCOMES = {
    "chosen": "列入授奖候选名单",
    "tied": "末位并列，待裁定",
    "full": "达标，名额已满",
    "below_final": "最终得分未达标",
    "below_material": "材料评审未达标",
    "waiting": "待现场评审",
    "passed": "可进入现场评审",
}


def write(result: Ranking, pack: Pack, created: datetime) -> bytes:
    """The result as .xlsx: a ranking for each award, the candidate list, how the experts marked, and what needs attention."""
    tables = [_ranking(result, pack, award) for award in pack.awards if of_award(result.lines, award)]
    if result.stage == "final":
        tables.append(_candidates(result, pack))
    tables.append(_experts(result, pack))
    if result.warnings:
        rows: list[list[Cell]] = [[number, text] for number, text in enumerate(result.warnings, 1)]
        tables.append(Table("须处理事项", "须处理事项", (Column("序号", "integer"), Column("事项")), rows))
    return workbook(tables, Properties(f"{pack.award_name}评审得分排序表", pack.law.authority, created))


def score_columns(award: Award) -> list[tuple[str, Kind]]:
    """The score columns of an award's ranking: parts that the award does not have are left out."""
    columns: list[tuple[str, Kind]] = [("材料评审得分", "score")]
    if award.weights.value.get("site", Fraction(0)) > 0:
        columns.append(("现场评审得分", "score"))
    if award.survey_full.value > 0:
        columns.append(("公众满意度得分", "score"))
    return [*columns, ("加分", "score"), ("最终得分", "score"), ("最终得分（精确值）", "exact")]


def scores(award: Award, decimals: int, material: Fraction, site: Fraction | None, survey: Fraction | None, bonus: Fraction | None,
           final: Fraction | None) -> list[str | None]:  # fmt: skip
    """The score cells that go with `score_columns`."""
    cells: list[str | None] = [shown(material, decimals, award.material_threshold.value)]
    if award.weights.value.get("site", Fraction(0)) > 0:
        cells.append(None if site is None else shown(site, decimals))
    if award.survey_full.value > 0:
        cells.append(None if survey is None else shown(survey, decimals))
    cells.append(None if bonus is None else shown(bonus, decimals))
    cells.append(None if final is None else shown(final, decimals, award.final_threshold.value))
    cells.append(None if final is None else plain(final))
    return cells


def cells(line: Line, pack: Pack) -> list[str | None]:
    """The score cells of a line."""
    ranked = line.final is not None
    bonus = line.listed.bonus if ranked else None
    return scores(line.listed.award, pack.parameters.shown_decimals.value, line.material, line.site, line.listed.survey, bonus, line.final)


def _ranking(result: Ranking, pack: Pack, award: Award) -> Table:
    columns = [Column("名次", "integer"), Column("申报编号"), Column("名称"), Column("类别")]
    columns += [Column(title, kind) for title, kind in score_columns(award)]
    columns += [Column("结果"), Column("理由")]
    rows: list[list[Cell]] = [
        [line.place, line.listed.code, line.listed.name, line.listed.category, *cells(line, pack), OUTCOMES[line.outcome], line.reason]
        for line in of_award(result.lines, award)
    ]
    titles = {"material": "材料评审", "site": "现场评审"}
    weights = "，".join(f"{titles[key]}占{plain(share * 100)}%" for key, share in award.weights.value.items())
    first, last = plain(award.material_threshold.value), plain(award.final_threshold.value)
    notes = (
        f"材料评审{first}分及以上可进入现场评审；最终得分{last}分及以上可列为候选，不超过{award.quota.value}{award.quota.unit}。{weights}。",
        "本表为内部材料，不得公开。得分按精确值比较和排序，显示值四舍五入；四舍五入后会达到分数线而实际未达到的，截去尾数并标注。",
    )
    return Table(award.title, f"{pack.award_name}{award.title}评审得分排序表", tuple(columns), rows, notes)


def _candidates(result: Ranking, pack: Pack) -> Table:
    by_code = {line.listed.code: line for line in result.lines}
    rows: list[list[Cell]] = []
    for number, code in enumerate(result.chosen, 1):
        line = by_code[code]
        final = shown(line.final or Fraction(0), pack.parameters.shown_decimals.value, line.listed.award.final_threshold.value)
        rows.append([number, line.listed.award.title, line.place, code, line.listed.name, line.listed.category, final])
    columns = (
        Column("序号", "integer"), Column("奖项"), Column("名次", "integer"), Column("申报编号"), Column("名称"), Column("类别"),
        Column("最终得分", "score"),
    )  # fmt: skip
    return Table("授奖候选名单", f"{pack.award_name}授奖候选名单", columns, rows)


def _experts(result: Ranking, pack: Pack) -> Table:
    columns = (
        Column("专家"), Column("轮次"), Column("奖项"), Column("评分份数", "integer"), Column("平均分", "score"), Column("最低分", "score"),
        Column("最高分", "score"),
    )  # fmt: skip
    decimals = pack.parameters.shown_decimals.value
    rows: list[list[Cell]] = [
        [e.expert, e.round, e.award, e.sheets, *(shown(v, decimals) for v in (e.mean, e.low, e.high))] for e in result.experts
    ]
    return Table("专家评分情况", "专家评分情况", columns, rows, ("仅供参考，不参与计分。",))


def as_data(result: Ranking, pack: Pack) -> dict[str, Any]:
    """The result for machines; exact numbers as text ("1999/4")."""

    def exact(value: Fraction | None) -> str | None:
        return None if value is None else str(value)

    lines = [
        {
            "entry": line.listed.code,
            "name": line.listed.name,
            "award": line.listed.award.code,
            "category": line.listed.category,
            "place": line.place,
            "material": exact(line.material),
            "site": exact(line.site),
            "survey": exact(line.listed.survey),
            "bonus": exact(line.listed.bonus),
            "final": exact(line.final),
            "outcome": line.outcome,
            "reason": line.reason,
        }
        for line in result.lines
    ]
    used = {"id": pack.id, "version": pack.version, "digest": pack.digest}
    settled = {"stage": result.stage, "pack": used, "ranking": lines}
    return settled | {"candidates": list(result.chosen), "warnings": result.warnings, "notes": result.notes}
