"""Drafts of applications from worksheets, one kind of applicant a sheet (B1, B2, D1, D5): rows to records, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from zhiheng.foundation.documents.reading import Grid
from zhiheng.foundation.documents.records import Problem, Record, records
from zhiheng.foundation.documents.sheet import workbook
from zhiheng.foundation.documents.word import Properties
from zhiheng.process.imports import fields as f
from zhiheng.rules.pack import Award, Category, Pack
from zhiheng.stages.application import forms

AWARD, CATEGORY, CITY, INDUSTRY, CONTACT = "奖项", "类别", "所在市", "行业大类", "联系方式"
UNIT, USCC, GROUP = "单位名称", "统一社会信用代码", "所属集团信用代码"
CLERK, CLERK_ID = "经办人姓名", "经办人证件号码"
NAME, ID, EMPLOYER, EMPLOYER_USCC = "姓名", "证件号码", "工作单位", "工作单位信用代码"
#: Form fields that a sheet can hold: name in the form → column title.
_ORGANIZATION = {"established_on": "成立日期", "employees": "职工人数", "main_business": "主要产品（服务）", "profile": "组织简介"}
_PERSON = {"job": "职务（岗位）", "work_since": "从事质量工作起始日期", "local_work_since": "在本省从事质量工作起始日期"}
_BOTH = {"achievements": "主要业绩（事迹）"}
_DAYS = ("established_on", "work_since", "local_work_since")


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One draft as typed in, checked. kind: organization or person; the applicant's number is a credit code or an ID number."""

    record: Record
    kind: str
    award: str
    category: str
    name: str
    number: str
    owner: str
    owner_id: str
    contact: str
    employer: str
    employer_code: str
    group_code: str
    city: str
    industry: str
    form: dict[str, Any]


def columns(pack: Pack, kind: str) -> tuple[f.Field, ...]:
    """The columns for one kind of applicant."""
    awards = tuple(award.title for award in _awards(pack, kind))
    shared = (
        f.Field(CITY, required=True, most=40, example=pack.recommenders[0].city),
        f.Field(INDUSTRY, required=kind == "organization", most=3, example="26"),
        f.Field(AWARD, most=60, example=awards[0], choices=awards),
    )
    merits = f.Field(_BOTH["achievements"], most=5000, example="（5000字以内）")
    if kind == "organization":
        return (
            f.Field(UNIT, required=True, example="河北某某有限公司"),
            f.Field(USCC, required=True, most=18, example="（18位）"),
            *shared,
            f.Field(CLERK, required=True, most=60, example="李某某"),
            f.Field(CLERK_ID, required=True, most=24, example="（18位居民身份证号码）"),
            f.Field(CONTACT, example="（手机或邮箱）"),
            f.Field(GROUP, most=18),
            f.Field(_ORGANIZATION["established_on"], most=12, example="2005-06-01"),
            f.Field(_ORGANIZATION["employees"], most=9, example="860"),
            f.Field(_ORGANIZATION["main_business"], most=5000, example="轨道交通装备"),
            f.Field(_ORGANIZATION["profile"], most=5000),
            merits,
        )
    categories = tuple(category.title for award in _awards(pack, kind) for category in award.categories)
    return (
        f.Field(NAME, required=True, most=60, example="王某某"),
        f.Field(ID, required=True, most=24, example="（18位居民身份证号码）"),
        f.Field(CATEGORY, required=len(categories) > 1, most=40, example=categories[0], choices=categories),
        f.Field(EMPLOYER, required=True, example="河北某某有限公司"),
        f.Field(EMPLOYER_USCC, most=18),
        *shared,
        f.Field(_PERSON["job"], most=200, example="质量总监"),
        f.Field(_PERSON["work_since"], most=12, example="2008-07-01"),
        f.Field(_PERSON["local_work_since"], most=12, example="2008-07-01"),
        f.Field(CONTACT, example="（手机或邮箱）"),
        merits,
    )


def kinds(pack: Pack) -> list[str]:
    """The kinds of applicants that the pack's awards are for."""
    return list(dict.fromkeys(award.applicant for award in pack.awards))


def template(pack: Pack, created: datetime) -> bytes:
    """The workbook to fill in: a sheet for each kind of applicant."""
    notes = (
        "行业大类：《国民经济行业分类》（GB/T 4754—2017）两位代码。日期按“2024-01-31”的格式填写。",
        "导入后建立申报草稿，证实性材料、承诺声明和内部公示由申报者登录后补充并提交。",
    )
    titles = {"organization": "组织申报", "person": "个人申报"}
    tables = [f.form(titles[kind], f"{pack.award_name}{titles[kind]}登记表", columns(pack, kind), notes) for kind in kinds(pack)]
    return workbook(tables, Properties("申报登记表模板", pack.law.authority, created))


def read(grids: Sequence[Grid], pack: Pack, today: date) -> tuple[list[ApplicationRow], list[Problem]]:
    """The drafts of all worksheets, and every fault; with a fault nothing may be used. Sheets left empty are passed over."""
    rows: list[ApplicationRow] = []
    problems: list[Problem] = []
    for grid in grids:
        kind = next((kind for kind in kinds(pack) if _holds(grid, UNIT if kind == "organization" else NAME)), None)
        if kind is None:
            problems.append(Problem(grid.name, 0, "", f"不是登记表（没有“{UNIT}”或“{NAME}”一列）", "请用模板填写，并删去其他工作表"))
            continue
        fields = columns(pack, kind)
        found, faults = records(grid, f.required(fields), f.optional(fields), most=f.MOST_ROWS)
        problems += [fault for fault in faults if fault.row or "没有可以处理" not in fault.wrong]
        for record in found:
            row, faults = _row(record, kind, fields, pack, today)
            rows.append(row)
            problems += faults
    if not rows and not problems:
        problems.append(Problem("工作簿", 0, "", "没有可以导入的数据行", "请在表头下方填写"))
    for kind, column in (("organization", USCC), ("person", ID)):
        same = ((row.record, f"{row.award}|{row.number}" if row.number else "") for row in rows if row.kind == kind)
        problems += f.twice(same, column, "申报主体")
    if len(rows) > f.MOST_ROWS:
        problems.append(Problem("工作簿", 0, "", f"共{len(rows)}行，超过{f.MOST_ROWS}行", "请分批办理"))
    return rows, sorted(problems)


def _holds(grid: Grid, title: str) -> bool:
    return any(str(cell or "").rstrip("*") == title for row in grid.rows[:30] for cell in row)


def _awards(pack: Pack, kind: str) -> list[Award]:
    return [award for award in pack.awards if award.applicant == kind]


def _row(record: Record, kind: str, fields: Sequence[f.Field], pack: Pack, today: date) -> tuple[ApplicationRow, list[Problem]]:
    problems = f.texts(record, fields) + f.city(record, CITY, pack)
    award, category, faults = _award(record, pack, kind)
    problems += faults
    organization = kind == "organization"
    number, faults = f.credit_code(record, USCC) if organization else f.id_number(record, ID, today)
    problems += faults
    owner_id, faults = f.id_number(record, CLERK_ID, today) if organization else (number, [])
    problems += faults
    employer_code, faults = ("", []) if organization else f.credit_code(record, EMPLOYER_USCC)
    problems += faults
    group_code, faults = f.credit_code(record, GROUP) if organization else ("", [])
    problems += faults
    divisions, faults = f.divisions(record, INDUSTRY)
    problems += faults
    typed, faults = _form(record, kind, today)
    problems += faults
    row = ApplicationRow(
        record=record,
        kind=kind,
        award=award.code if award else "",
        category=category.code if category else "",
        name=record.text(UNIT if organization else NAME),
        number=number,
        owner=record.text(CLERK if organization else NAME),
        owner_id=owner_id,
        contact=record.text(CONTACT),
        employer="" if organization else record.text(EMPLOYER),
        employer_code=employer_code,
        group_code=group_code,
        city=record.text(CITY),
        industry=divisions[0] if divisions else "",
        form=typed,
    )
    return row, problems


def _award(record: Record, pack: Pack, kind: str) -> tuple[Award | None, Category | None, list[Problem]]:
    """The award and category meant; where there is only one, it need not be named. Strange names are faults found before."""
    awards = _awards(pack, kind)
    named = record.text(AWARD)
    award = next((award for award in awards if named == award.title or (not named and len(awards) == 1)), None)
    if award is None:
        return None, None, [] if named else [record.problem(AWARD, "未填写", f"请填{'、'.join(a.title for a in awards)}")]
    wanted = record.text(CATEGORY)
    category = next((c for c in award.categories if wanted == c.title or (not wanted and len(award.categories) == 1)), None)
    return award, category, []


def _form(record: Record, kind: str, today: date) -> tuple[dict[str, Any], list[Problem]]:
    """The application form as the pages would send it, checked by the same model."""
    titles = (_ORGANIZATION if kind == "organization" else _PERSON) | _BOTH
    typed: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, title in titles.items():
        if name in _DAYS:
            found, faults = f.day(record, title, today)
            problems += faults
            if found:
                typed[name] = found.isoformat()
        elif name == "employees":
            number, faults = f.whole(record, title, 1, 5_000_000)
            problems += faults
            if number:
                typed[name] = number
        elif record.text(title):
            typed[name] = record.text(title)
    if not problems:
        parsed = forms.parse(kind, typed)
        column = {f"form.{name}": title for name, title in titles.items()}
        # What is too long was named before, with the same limits.
        known = {problem.column for problem in f.texts(record, [f.Field(title, most=5000) for title in titles.values()])}
        problems += [
            record.problem(column[reason.code], reason.text, "请更正") for reason in parsed.refusals if column[reason.code] not in known
        ]
    return typed, problems
