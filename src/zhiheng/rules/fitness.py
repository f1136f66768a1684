"""Whether an expert can be drawn at all: in service, within term, confirmed, present (细则四(四)1; duty F1; question Q36)."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.pack import Parameters

_OUT = {"proposed": "尚未审核入库", "suspended": "已暂停参加评审", "removed": "已移出专家库"}


@dataclass(frozen=True, slots=True)
class Standing:
    """How an expert stands in the library. Days are inclusive; None: no limit, or not yet. absences: first and last day each."""

    status: str
    term_from: date | None = None
    term_until: date | None = None
    approved_on: date | None = None
    confirmed_on: date | None = None
    absences: tuple[tuple[date, date], ...] = ()


def unfit(standing: Standing, on: date, until: date | None, params: Parameters) -> str:
    """Why the expert cannot be drawn on `on` for a round that lasts to `until` (None: that day alone), in Chinese; empty when they can."""
    last = until or on
    if standing.status != "active":
        return _OUT.get(standing.status, "不在库")
    if standing.term_from and on < standing.term_from:
        return f"聘期自{chinese_date(standing.term_from)}起，尚未开始"
    if standing.term_until and standing.term_until < on:
        return f"聘期已于{chinese_date(standing.term_until)}届满"
    if standing.term_until and standing.term_until < last:
        return f"聘期将于{chinese_date(standing.term_until)}届满，早于本轮评审结束"
    by = confirm_by(standing, params)
    if by is not None and by < on:
        return f"本人信息应于{chinese_date(by)}前确认，至今未确认" if by > date.min else "本人信息尚未确认"
    for first, end in sorted(standing.absences):
        if first <= last and on <= end:
            days = chinese_date(first) if first == end else f"{chinese_date(first)}至{chinese_date(end)}"
            return f"{days}不能参加评审"
    return ""


def confirm_by(standing: Standing, params: Parameters) -> date | None:
    """The last day on which the expert's confirmation, or the approval that stands for the first one, still holds; None where the pack
    asks for none. Who was neither approved nor ever confirmed is late from the beginning."""
    if params.confirm_months is None or not params.confirm_months.value:
        return None
    days = [day for day in (standing.approved_on, standing.confirmed_on) if day]
    return add_months(max(days), params.confirm_months.value) if days else date.min


def add_months(day: date, months: int) -> date:
    """The corresponding day some months later; where the month is shorter, its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
