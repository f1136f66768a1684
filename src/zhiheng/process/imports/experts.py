"""Experts of the library as worksheets (F1, Q18): the form, rows to records without a database, and records to rows again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from zhiheng.foundation.documents.reading import Grid
from zhiheng.foundation.documents.records import Problem, Record, records
from zhiheng.foundation.documents.sheet import Cell, Column, Table, workbook
from zhiheng.foundation.documents.word import Properties
from zhiheng.process.imports import expert_cells as c
from zhiheng.process.imports import fields as f
from zhiheng.rules.pack import Pack
from zhiheng.stages.panel import profile

SHEET = "专家"
CODE, NAME, ID, CONTACT = "专家编号", "姓名", "证件号码", "联系方式"
KIND, TITLE, EMPLOYER, EMPLOYERS, CONSULTED = "专家类型", "职称", "现工作单位", "近年工作单位", "有偿咨询服务单位"
USCC, GROUP, MAIN, CRITERIA = "工作单位信用代码", "所属集团信用代码", "主攻行业", "擅长评审章节"
PAPERS, TRAINING, LANGUAGES, AWAY = "评审资格", "培训经历", "语种", "不能参加的日期"
INDUSTRIES, CATEGORIES, CITY, LEADER, LOAD = "熟悉行业", "可评类别", "所在市", "可任组长", "工作量上限（组）"
FROM, UNTIL = "聘期起", "聘期止"
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-]*")
Made = tuple[Any, list[Problem]]


@dataclass(frozen=True, slots=True)
class ExpertRow:
    """One expert as typed in, checked. id_number: "" where the cell is empty or holds the mask of an export; mask: that mask.

    values: fields of a profile (stages/panel/profile.py); periods: first day, last day, note of each absence.
    """

    record: Record
    code: str
    name: str
    id_number: str
    mask: str
    contact: str
    values: dict[str, Any]
    periods: tuple[c.Period, ...]

    @property
    def given(self) -> dict[str, Any]:
        """The values whose columns the sheet has: of somebody known the others stay as they are."""
        return {name: value for name, value in self.values.items() if profile.TITLES[name] in self.record.cells}

    @property
    def tells_absences(self) -> bool:
        """Whether the sheet has the column of absences."""
        return AWAY in self.record.cells


def columns(pack: Pack) -> tuple[f.Field, ...]:
    """The columns of the form; categories and cities are the pack's."""
    titles = list(_categories(pack).values())
    return (
        f.Field(CODE, required=True, most=20, example="-ZJ001"),
        f.Field(NAME, required=True, most=60, example="张某某"),
        f.Field(ID, required=True, most=30, example="（18位居民身份证号码）"),
        f.Field(KIND, most=10, example="评审员", choices=tuple(profile.KINDS.values())),
        f.Field(TITLE, most=60, example="正高级工程师"),
        f.Field(EMPLOYER, required=True, example="河北某某研究院"),
        f.Field(USCC, most=18),
        f.Field(GROUP, most=18),
        f.Field(EMPLOYERS, most=2000, example="河北某某大学（至2024-06-30）；某某研究院（至今）"),
        f.Field(CONSULTED, most=2000, example="某某股份有限公司（至2025-03-31）"),
        f.Field(INDUSTRIES, required=True, most=400, example="26、27、35"),
        f.Field(MAIN, most=400, example="26"),
        f.Field(CATEGORIES, required=True, most=200, example="、".join(titles[:2])),
        f.Field(CRITERIA, most=1000, example=next(iter(_criteria(pack).values()), "")),
        f.Field(PAPERS, most=2000, example=c.QUALIFICATION),
        f.Field(TRAINING, most=2000, example=c.COURSE),
        f.Field(LANGUAGES, most=120, example="英语、日语"),
        f.Field(CITY, most=40, example=pack.recommenders[0].city),
        f.Field(LEADER, most=2, example="是", choices=("是", "否")),
        f.Field(LOAD, most=3, example="3"),
        f.Field(FROM, most=12, example="2026-01-01"),
        f.Field(UNTIL, most=12, example="2028-12-31"),
        f.Field(AWAY, most=2000, example=c.PERIOD),
        f.Field(CONTACT, example="（手机或邮箱）"),
    )


def _categories(pack: Pack) -> dict[str, str]:
    return {category.code: category.title for award in pack.awards for category in award.categories}


def _criteria(pack: Pack) -> dict[str, str]:
    """Code → title of each section of the criteria, under the category that they judge: "组织·领导"."""
    judged = {category.criteria: category.title for award in pack.awards for category in award.categories}
    schemes = [scheme for scheme in pack.criteria.schemes if scheme.code in judged]
    return {f"{s.code}:{section.code}": f"{judged[s.code]}·{section.title}" for s in schemes for section in s.sections}


def _notes(pack: Pack) -> tuple[str, ...]:
    return (
        f"{INDUSTRIES}、{MAIN}：《国民经济行业分类》（GB/T 4754—2017）大类代码，两位，多个用顿号隔开；{MAIN}须在{INDUSTRIES}之内。",
        f"{CATEGORIES}：{'、'.join(_categories(pack).values())}，多个用顿号隔开。{CRITERIA}：{'；'.join(_criteria(pack).values())}，多个用分号隔开。",
        f"{EMPLOYERS}、{CONSULTED}：写明单位和截止日期，如“{c.TIE}”，仍在任的写“（至今）”，多个用分号隔开；用于认定回避。",
        f"{PAPERS}：{'、'.join(profile.QUALIFICATIONS.values())}，括号内依次为证书编号、发证日期、有效期至，如“{c.QUALIFICATION}”。",
        f"库中已有的专家按{CODE}和{NAME}核对后更新，{ID}可留空或保留掩码；未列出的专家不受影响。",
    )


def template(pack: Pack, created: datetime) -> bytes:
    """The workbook to fill in."""
    table = f.form(SHEET, f"{pack.award_name}评审专家登记表", columns(pack), _notes(pack))
    return workbook([table], Properties("评审专家登记表模板", pack.law.authority, created))


def sheet(pack: Pack, rows: Iterable[Sequence[Cell]], told: str, created: datetime) -> bytes:
    """Experts in the columns of the form, so that the workbook can be taken in again. rows: as `cells` makes them."""
    heads = tuple(Column(field.title + ("*" if field.required else ""), choices=field.choices) for field in columns(pack))
    title = f"{pack.award_name}评审专家名单"
    return workbook([Table(SHEET, title, heads, list(rows), (told, *_notes(pack)))], Properties(title, pack.law.authority, created))


def cells(pack: Pack) -> Any:
    """Makes an expert's row: of code, name, mask, contact, the fields of the profile, and absences (first, last, note)."""
    categories, criteria = _categories(pack), _criteria(pack)

    def row(code: str, name: str, mask: str, contact: str, values: dict[str, Any], away: Iterable[c.Period]) -> list[Cell]:
        named = [criteria[one] for one in values["criteria"] if one in criteria]
        return [
            code, name, mask, profile.KINDS[values["kind"]], values["title"], values["employer"], values["credit_code"],
            values["group_code"], c.ties_text(values["employers"]), c.ties_text(values["consulted"]), "、".join(values["industries"]),
            "、".join(values["main_industries"]), "、".join(categories.get(one, one) for one in values["categories"]), "；".join(named),
            c.qualifications_text(values["qualifications"]), c.training_text(values["training"]), "、".join(values["languages"]),
            values["city"], "是" if values["leader"] else "否", str(values["max_load"]), _iso(values["term_from"]),
            _iso(values["term_until"]), c.periods_text(away), contact,
        ]  # fmt: skip

    return row


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def read(grids: Sequence[Grid], pack: Pack, today: date) -> tuple[list[ExpertRow], list[Problem]]:
    """The experts of the first worksheet, and every fault; with a fault nothing may be used."""
    if not grids:
        return [], [Problem("工作簿", 0, "", "没有工作表", "请用模板填写")]
    fields = columns(pack)
    found, problems = records(grids[0], f.required(fields), f.optional(fields), most=f.MOST_ROWS)
    rows = []
    for record in found:
        row, faults = _row(record, fields, pack, today)
        rows.append(row)
        problems += faults
    problems += f.twice(((row.record, row.code) for row in rows), CODE, "专家编号")
    problems += f.twice(((row.record, row.id_number) for row in rows), ID, "证件号码")
    return rows, sorted(problems)


def _row(record: Record, fields: Sequence[f.Field], pack: Pack, today: date) -> tuple[ExpertRow, list[Problem]]:
    # Who is known already needs no number; whether a row is of such a one is seen where the library is.
    problems = f.texts(record, [field for field in fields if field.title != ID])
    code, mask = record.text(CODE), record.text(ID)
    if code and not _CODE.fullmatch(code):
        problems.append(record.problem(CODE, f"“{code[:20]}”含有字母、数字和连字符以外的字符", "请更正"))
    number, faults = ("", []) if "*" in mask else f.id_number(record, ID, today)
    problems += faults + f.city(record, CITY, pack)
    made: dict[str, Made] = {
        "credit_code": f.credit_code(record, USCC),
        "group_code": f.credit_code(record, GROUP),
        "employers": c.parts(record, EMPLOYERS, c.tie(today), c.TIE),
        "consulted": c.parts(record, CONSULTED, c.tie(today), c.TIE),
        "industries": f.divisions(record, INDUSTRIES),
        "main_industries": f.divisions(record, MAIN),
        "categories": c.named(record, CATEGORIES, _categories(pack), "申报类别"),
        "criteria": c.named(record, CRITERIA, _criteria(pack), "评价标准的章节"),
        "qualifications": c.parts(record, PAPERS, c.qualification, c.QUALIFICATION),
        "training": c.parts(record, TRAINING, c.course, c.COURSE),
        "max_load": f.whole(record, LOAD, 1, 100),
        "term_from": c.later(record, FROM),
        "term_until": c.later(record, UNTIL),
    }
    away, faults = c.parts(record, AWAY, c.period, c.PERIOD)
    problems += faults
    for _, faults in made.values():
        problems += faults
    values: dict[str, Any] = {name: value for name, (value, _) in made.items()}
    if strange := set(values["main_industries"]) - set(values["industries"]) if not problems else set():
        problems.append(record.problem(MAIN, f"“{'、'.join(sorted(strange))}”不在{INDUSTRIES}之内", "请更正"))
    kinds = {title: kind for kind, title in profile.KINDS.items()}
    values |= {
        "kind": kinds.get(record.text(KIND), "assessor"), "title": record.text(TITLE), "employer": record.text(EMPLOYER),
        "languages": f.parts(record.text(LANGUAGES)), "city": record.text(CITY), "leader": record.text(LEADER) == "是",
        "max_load": values["max_load"] or 3,
    }  # fmt: skip
    row = ExpertRow(record, code, record.text(NAME), number, mask if "*" in mask else "", record.text(CONTACT), values, away)
    return row, problems
