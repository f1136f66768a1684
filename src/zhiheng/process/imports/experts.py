"""Experts of the library from a worksheet (F1, Q18): rows to records, without a database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from zhiheng.foundation.documents.reading import Grid
from zhiheng.foundation.documents.records import Problem, Record, as_date, records
from zhiheng.foundation.documents.sheet import workbook
from zhiheng.foundation.documents.word import Properties
from zhiheng.process.imports import fields as f
from zhiheng.rules.pack import Pack

SHEET = "专家"
CODE, NAME, ID, CONTACT = "专家编号", "姓名", "证件号码", "联系方式"
TITLE, EMPLOYER, EMPLOYERS, CONSULTED = "职称", "现工作单位", "近年工作单位", "有偿咨询服务单位"
INDUSTRIES, CATEGORIES, CITY, LEADER, LOAD = "熟悉行业", "可评类别", "所在市", "可任组长", "工作量上限（组）"
_TIE = re.compile(r"(?P<employer>[^（(]+?)\s*(?:[（(]\s*至\s*(?P<until>[^）)]+?)\s*[）)])?")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-]*")
_NOW = ("今", "")


@dataclass(frozen=True, slots=True)
class ExpertRow:
    """One expert as typed in, checked. Ties: employer and last day there (ISO), None: still."""

    record: Record
    code: str
    name: str
    id_number: str
    contact: str
    title: str
    employer: str
    employers: tuple[dict[str, str | None], ...]
    consulted: tuple[dict[str, str | None], ...]
    industries: tuple[str, ...]
    categories: tuple[str, ...]
    city: str
    leader: bool
    max_load: int


def columns(pack: Pack) -> tuple[f.Field, ...]:
    """The columns of the form; categories and cities are the pack's."""
    titles = [category.title for award in pack.awards for category in award.categories]
    tie = "河北某某大学（至2024-06-30）；某某研究院（至今）"
    return (
        f.Field(CODE, required=True, most=20, example="-ZJ001"),
        f.Field(NAME, required=True, most=60, example="张某某"),
        f.Field(ID, required=True, most=24, example="（18位居民身份证号码）"),
        f.Field(TITLE, most=60, example="正高级工程师"),
        f.Field(EMPLOYER, required=True, example="河北某某研究院"),
        f.Field(EMPLOYERS, most=2000, example=tie),
        f.Field(CONSULTED, most=2000, example="某某股份有限公司（至2025-03-31）"),
        f.Field(INDUSTRIES, required=True, most=400, example="26、27、35"),
        f.Field(CATEGORIES, required=True, most=200, example="、".join(titles[:2])),
        f.Field(CITY, most=40, example=pack.recommenders[0].city),
        f.Field(LEADER, most=2, example="是", choices=("是", "否")),
        f.Field(LOAD, most=3, example="3"),
        f.Field(CONTACT, example="（手机或邮箱）"),
    )


def template(pack: Pack, created: datetime) -> bytes:
    """The workbook to fill in."""
    titles = "、".join(category.title for award in pack.awards for category in award.categories)
    notes = (
        "熟悉行业：《国民经济行业分类》（GB/T 4754—2017）大类代码，两位，多个用顿号隔开。",
        f"可评类别：{titles}，多个用顿号隔开。",
        f"{EMPLOYERS}、{CONSULTED}：写明单位和截止日期，如“某某公司（至2024-06-30）”，仍在任的写“（至今）”，多个用分号隔开；用于认定回避。",
    )
    table = f.form(SHEET, f"{pack.award_name}评审专家登记表", columns(pack), notes)
    return workbook([table], Properties("评审专家登记表模板", pack.law.authority, created))


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
    problems = f.texts(record, fields)
    code = record.text(CODE)
    if code and not _CODE.fullmatch(code):
        problems.append(record.problem(CODE, f"“{code[:20]}”含有字母、数字和连字符以外的字符", "请更正"))
    number, faults = f.id_number(record, ID, today)
    problems += faults
    employers, faults = _ties(record, EMPLOYERS, today)
    problems += faults
    consulted, faults = _ties(record, CONSULTED, today)
    problems += faults
    industries, faults = f.divisions(record, INDUSTRIES)
    problems += faults
    categories, faults = _categories(record, pack)
    problems += faults
    leader, _ = f.yes(record, LEADER)
    load, faults = f.whole(record, LOAD, 1, 100)
    problems += faults + f.city(record, CITY, pack)
    row = ExpertRow(
        record=record,
        code=code,
        name=record.text(NAME),
        id_number=number,
        contact=record.text(CONTACT),
        title=record.text(TITLE),
        employer=record.text(EMPLOYER),
        employers=employers,
        consulted=consulted,
        industries=tuple(industries),
        categories=categories,
        city=record.text(CITY),
        leader=leader,
        max_load=load or 3,
    )
    return row, problems


def _categories(record: Record, pack: Pack) -> tuple[tuple[str, ...], list[Problem]]:
    known = {name: category.code for award in pack.awards for category in award.categories for name in (category.code, category.title)}
    typed = f.parts(record.text(CATEGORIES))
    strange = [part for part in typed if part not in known]
    if strange:
        titles = "、".join(category.title for award in pack.awards for category in award.categories)
        return (), [record.problem(CATEGORIES, f"“{'、'.join(strange)[:40]}”不是申报类别", f"请填{titles}")]
    return tuple(dict.fromkeys(known[part] for part in typed)), []


def _ties(record: Record, column: str, today: date) -> tuple[tuple[dict[str, str | None], ...], list[Problem]]:
    """Units with their last days: 甲公司（至2024-06-30）；乙公司（至今）."""
    ties: list[dict[str, str | None]] = []
    for part in filter(None, (part.strip() for part in re.split(r"[;；\n]", record.text(column)))):
        match = _TIE.fullmatch(part)
        until = (match["until"] or "") if match else ""
        last = None if until in _NOW else as_date(until)
        if match is None or (last is None and until not in _NOW) or (last and last > today):
            todo = "请按“某某公司（至2024-06-30）”或“某某公司（至今）”填写"
            return (), [record.problem(column, f"“{part[:30]}”无法识别或日期不可能", todo)]
        ties.append({"employer": match["employer"].strip(), "until": last.isoformat() if last else None})
    return tuple(ties), []
