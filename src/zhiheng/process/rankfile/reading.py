"""From the filled-in workbook to entries and sheets of marks, every fault with its row (F2, Q4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from zhiheng.foundation.documents.reading import Grid
from zhiheng.foundation.documents.records import Problem, Record, as_exact, records
from zhiheng.process.rankfile.form import (
    AWARD,
    BONUS,
    CATEGORY,
    CONSENSUS,
    ENTRY,
    EXPERT,
    LIST_OPTIONAL,
    LIST_REQUIRED,
    MARKS_REQUIRED,
    NAME,
    ROUND,
    ROUNDS,
    SURVEY,
)
from zhiheng.rules.marks import Marks, check_marks
from zhiheng.rules.pack import Award, Criteria, Pack, Parameters
from zhiheng.rules.thresholds import plain

MOST_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of the list. record: its row, to name it when something is found wrong later."""

    code: str
    name: str
    award: Award
    category: str
    scheme: Criteria
    bonus: Fraction
    survey: Fraction | None
    record: Record


@dataclass(slots=True)
class Book:
    """What the workbook holds: entries by code; marks by entry and round, expert by expert; marks agreed by panels."""

    entries: dict[str, Listed] = field(default_factory=dict)
    sheets: dict[tuple[str, str], dict[str, Marks]] = field(default_factory=dict)
    agreed: dict[tuple[str, str], Marks] = field(default_factory=dict)


def read(grids: Sequence[Grid], pack: Pack) -> tuple[Book, list[Problem]]:
    """The book and every fault of it. The list is the sheet with a column 名称, mark sheets those with a column 专家."""
    book, problems = Book(), []
    lists = [grid for grid in grids if _has(grid, NAME)]
    marks = [grid for grid in grids if _has(grid, EXPERT)]
    if not lists:
        problems.append(Problem("工作簿", 0, "", f"没有申报名单（含“{'”“'.join(LIST_REQUIRED)}”各列的工作表）", "请用模板填写"))
    if not marks:
        problems.append(Problem("工作簿", 0, "", f"没有评分表（含“{'”“'.join(MARKS_REQUIRED)}”各列的工作表）", "请用模板填写"))
    for grid in lists:
        rows, faults = records(grid, LIST_REQUIRED, LIST_OPTIONAL, most=MOST_ROWS)
        problems += faults
        for record in rows:
            problems += _entry(record, pack, book)
    for grid in marks:
        rows, faults = records(grid, MARKS_REQUIRED, free=True, most=MOST_ROWS)
        # A template's sheet for a category that nobody applied in stays empty.
        problems += [fault for fault in faults if fault.row or "没有可以处理" not in fault.wrong]
        for record in rows:
            problems += _row(record, pack.parameters, book)
    return book, problems


def _has(grid: Grid, title: str) -> bool:
    return any(str(cell or "").strip().rstrip("*") == title for row in grid.rows[:30] for cell in row)


def _entry(record: Record, pack: Pack, book: Book) -> list[Problem]:
    """Take one row of the list into the book; its faults."""
    code, name = record.text(ENTRY), record.text(NAME)
    problems = [record.problem(title, "未填写", "请补填") for title in LIST_REQUIRED if not record.text(title)]
    award = next((award for award in pack.awards if record.text(AWARD) in (award.code, award.title)), None)
    if award is None:
        if record.text(AWARD):
            titles = "、".join(award.title for award in pack.awards)
            problems.append(record.problem(AWARD, f"“{record.text(AWARD)}”不是本规则的奖项", f"请填{titles}"))
        return problems
    wanted = record.text(CATEGORY)
    category = next((c for c in award.categories if wanted in (c.code, c.title) or (not wanted and len(award.categories) == 1)), None)
    if category is None:
        titles = "、".join(c.title for c in award.categories)
        wrong = f"“{wanted}”不是{award.title}的类别" if wanted else "未填写"
        problems.append(record.problem(CATEGORY, wrong, f"请填{titles}"))
    if code and code in book.entries:
        problems.append(record.problem(ENTRY, f"“{code}”与第{book.entries[code].record.row}行重复", "请删去多余的一行"))
    bonus = _bonus(record, award)
    if bonus is None:
        problems.append(record.problem(BONUS, f"“{record.text(BONUS)}”无法识别", f"请填“是”（加{plain(award.bonus.points)}分）或“否”"))
    survey = as_exact(record.cells.get(SURVEY))
    problems += _survey(record, award, survey)
    if not problems and category is not None and bonus is not None:
        scheme = pack.scheme(award.code, category.code)
        book.entries[code] = Listed(code, name, award, category.title, scheme, bonus, survey, record)
    return problems


def _bonus(record: Record, award: Award) -> Fraction | None:
    answer = record.text(BONUS)
    if answer in ("", "否", "0", "无"):
        return Fraction(0)
    return award.bonus.points if answer in ("是", "有", plain(award.bonus.points)) else None


def _survey(record: Record, award: Award, survey: Fraction | None) -> list[Problem]:
    full = award.survey_full.value
    if not record.text(SURVEY):
        return []
    if survey is None:
        return [record.problem(SURVEY, f"“{record.text(SURVEY)}”不是有效数字", "请填换算后的得分")]
    if full == 0:
        return [record.problem(SURVEY, f"{award.title}不进行公众满意度测评", "请删去该得分")]
    if survey > full:
        return [record.problem(SURVEY, f"{plain(survey)}分超过满分{plain(full)}分", "请填换算后的得分")]
    return []


def _row(record: Record, params: Parameters, book: Book) -> list[Problem]:
    """Take one row of marks into the book; its faults."""
    problems = [record.problem(title, "未填写", "请补填") for title in MARKS_REQUIRED if not record.text(title)]
    code, expert = record.text(ENTRY), record.text(EXPERT)
    round_ = ROUNDS.get(record.text(ROUND))
    if record.text(ROUND) and round_ is None:
        problems.append(record.problem(ROUND, f"“{record.text(ROUND)}”无法识别", "请填“材料”或“现场”"))
    listed = book.entries.get(code)
    if listed is None and code:
        problems.append(record.problem(ENTRY, f"“{code}”不在申报名单中，或其所在行有错误", "请核对申报名单"))
    if problems or listed is None or round_ is None:
        return problems
    items, problems = _items(record, listed)
    place = (code, round_)
    if expert == CONSENSUS:
        marks, faults = _agreed(record, items, listed.scheme, params)
        if place in book.agreed:
            faults.append(record.problem(EXPERT, f"“{code}”该轮次已有一行合议得分", "请只保留最后的合议结果"))
        book.agreed[place] = marks
        return problems + faults
    if expert in book.sheets.get(place, {}):
        problems.append(record.problem(EXPERT, f"“{expert}”对“{code}”该轮次已有一份评分", "请删去多余的一行"))
    checked = check_marks(items, listed.scheme, params)
    problems += [record.problem("", reason.text, f"见《细则》{reason.article}") for reason in checked.refusals]
    if checked.value is not None:
        book.sheets.setdefault(place, {})[expert] = checked.value
    return problems


def _items(record: Record, listed: Listed) -> tuple[dict[str, object], list[Problem]]:
    """Item code → what was typed. Filled-in columns that the entry's criteria do not have are faults; empty ones are passed over."""
    items: dict[str, object] = {}
    problems = []
    for title, value in record.cells.items():
        if title in MARKS_REQUIRED or value is None:
            continue
        item = title.split()[0]
        if item in listed.scheme.item_points:
            items[item] = value
        else:
            problems.append(record.problem(title, f"“{listed.scheme.title}”中没有该条款", "请删去该评分，或核对申报类别"))
    return items, problems


def _agreed(record: Record, items: dict[str, object], scheme: Criteria, params: Parameters) -> tuple[Marks, list[Problem]]:
    """The marks of a consensus row, which names only what was agreed on."""
    zeros: dict[str, object] = dict.fromkeys(scheme.item_points, 0)
    checked = check_marks(zeros | items, scheme, params)
    problems = [record.problem("", reason.text, f"见《细则》{reason.article}") for reason in checked.refusals]
    if not items:
        problems.append(record.problem(EXPERT, "合议得分一行没有填写任何条款", "请补填或删去该行"))
    marks = checked.value or {}
    return {code: marks[code] for code in items if code in marks}, problems
