"""Cells of the expert form that hold several things: read, and written so that they are read again as the same (F1, Q18)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from stdnum.cn import uscc

from zhiheng.foundation.documents.records import Problem, Record, as_date
from zhiheng.stages.panel import profile

Row = dict[str, str | None]
Period = tuple[date, date, str]
_TIE = re.compile(
    r"(?P<employer>[^（(【\[]+?)\s*(?:[【\[](?P<code>[0-9A-Za-z]{18})[】\]])?\s*(?:[（(]\s*至\s*(?P<until>[^）)]+?)\s*[）)])?"
)
_NAMED = re.compile(r"(?P<name>[^（(]+?)\s*(?:[（(](?P<more>[^）)]*)[）)])?")
_PERIOD = re.compile(r"(?P<first>[0-9年月日/.\-]+)\s*至\s*(?P<last>[0-9年月日/.\-]+)\s*(?:[（(](?P<note>[^）)]*)[）)])?")
_NOW = ("今", "")
TIE, QUALIFICATION = "某某公司（至2024-06-30）", "卓越绩效评审员（HB2023-0187，2023-05-01，2028-04-30）"
COURSE, PERIOD = "评审员继续教育（2025-03-20）", "2026-03-02至2026-03-08（出国）"


class Wrong(ValueError):
    """A part of a cell that cannot be read."""


def parts(record: Record, column: str, read: Callable[[str], Any], like: str) -> tuple[tuple[Any, ...], list[Problem]]:
    """What a cell's parts, divided by semicolons, stand for; the first that cannot be read is the fault."""
    found = []
    for part in filter(None, (part.strip() for part in re.split(r"[;；\n]", record.text(column)))):
        try:
            found.append(read(part))
        except Wrong:
            return (), [record.problem(column, f"“{part[:30]}”无法识别或日期不可能", f"请按“{like}”填写，多个用分号隔开")]
    return tuple(found), []


def tie(today: date) -> Callable[[str], Row]:
    """甲公司（至2024-06-30），甲公司（至今）; with the credit code 甲公司【91…】（至今）."""

    def read(part: str) -> Row:
        match = _TIE.fullmatch(part)
        until = (match["until"] or "") if match else ""
        last = None if until in _NOW else as_date(until)
        if match is None or (last is None and until not in _NOW) or (last and last > today):
            raise Wrong
        row: Row = {"employer": match["employer"].strip(), "until": last.isoformat() if last else None}
        code = (match["code"] or "").upper()
        if code and not uscc.is_valid(code):
            raise Wrong
        return row | ({"code": code} if code else {})

    return read


def qualification(part: str) -> Row:
    """卓越绩效评审员（HB2023-0187，2023-05-01，2028-04-30）: kind, number, day of issue, last day."""
    match = _NAMED.fullmatch(part)
    kinds = {title: kind for kind, title in profile.QUALIFICATIONS.items()}
    if match is None or match["name"] not in kinds:
        raise Wrong
    number, issued, until, *more = [*(text.strip() for text in re.split("[，,]", match["more"] or "")), "", "", ""]
    if any(more):
        raise Wrong
    return {"kind": kinds[match["name"]], "number": number, "issued": _iso(issued), "until": _iso(until)}


def course(part: str) -> Row:
    """评审员继续教育（2025-03-20）."""
    match = _NAMED.fullmatch(part)
    if match is None:
        raise Wrong
    return {"course": match["name"].strip(), "on": _iso(match["more"] or "")}


def period(part: str) -> Period:
    """2026-03-02至2026-03-08（出国）."""
    match = _PERIOD.fullmatch(part)
    first, last = (as_date(match["first"]), as_date(match["last"])) if match else (None, None)
    if match is None or first is None or last is None or last < first:
        raise Wrong
    return first, last, (match["note"] or "").strip()


def _iso(text: str) -> str | None:
    found = as_date(text.strip()) if text.strip() else None
    if text.strip() and found is None:
        raise Wrong
    return found.isoformat() if found else None


def named(record: Record, column: str, titles: Mapping[str, str], what: str) -> tuple[tuple[str, ...], list[Problem]]:
    """Codes, from their titles or the codes themselves, divided by semicolons or, where no title has one, by 、. titles: code → title."""
    by = {title: code for code, title in titles.items()} | {code: code for code in titles}
    whole = [part.strip() for part in re.split(r"[；;\n]", record.text(column))]
    typed = [part.strip() for one in whole for part in ([one] if one in by else one.split("、")) if part.strip()]
    if strange := [part for part in typed if part not in by]:
        listed = "、".join(list(titles.values())[:8])
        return (), [record.problem(column, f"“{'、'.join(strange)[:40]}”不是{what}", f"请填{listed}{'等' if len(titles) > 8 else ''}")]
    return tuple(dict.fromkeys(by[part] for part in typed)), []


def later(record: Record, column: str) -> tuple[date | None, list[Problem]]:
    """A date that may lie ahead; None when the cell is empty."""
    found = as_date(record.cells.get(column)) if record.text(column) else None
    if record.text(column) and found is None:
        return None, [record.problem(column, f"“{record.text(column)[:20]}”不是有效日期", "请按“2026-01-31”的格式填写")]
    return found, []


def ties_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """The cell that `tie` reads."""
    made = ((r["employer"], f"【{r['code']}】" if r.get("code") else "", r.get("until") or "今") for r in rows)
    return "；".join(f"{employer}{code}（至{until}）" for employer, code, until in made)


def qualifications_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """The cell that `qualification` reads."""
    made = ((profile.QUALIFICATIONS[r["kind"]], [r.get("number") or "", r.get("issued") or "", r.get("until") or ""]) for r in rows)
    return "；".join(f"{title}（{'，'.join(more)}）" if any(more) else title for title, more in made)


def training_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """The cell that `course` reads."""
    return "；".join(f"{r['course']}（{r['on']}）" if r.get("on") else str(r["course"]) for r in rows)


def periods_text(rows: Iterable[Period]) -> str:
    """The cell that `period` reads."""
    return "；".join(f"{first}至{last}{f'（{note}）' if note else ''}" for first, last, note in rows)
