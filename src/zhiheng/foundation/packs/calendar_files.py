"""Loading the working-day calendars, one file a year, strictly (L2)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from zhiheng.foundation.packs.reading import Fault, PackError, Source, inside, read_yaml
from zhiheng.rules.calendar import SATURDAY, YearPlan

KEYS = ("year", "source", "holidays", "workdays")


def load_calendars(directory: Path) -> dict[int, tuple[YearPlan, str]]:
    """The years of `directory` (files YYYY.yaml) as year → plan and its source. Raises PackError with every fault found (L2)."""
    files, faults = inside(directory)
    years: dict[int, tuple[YearPlan, str]] = {}
    for name, path in files.items():
        if name == "README.md":
            continue
        if not (name.endswith(".yaml") and name[:-5].isascii() and name[:-5].isdecimal() and len(name) == 9):
            faults.append(Fault(name, 1, "未知的文件，应为“年份.yaml”"))
            continue
        source = read_yaml(path, name)
        plan = _year(source, int(name[:4]))
        faults += source.faults
        if plan is not None:
            years[plan.year] = (plan, source.data["source"])
    if not files and not faults:
        faults.append(Fault(directory.name, 1, "没有年份文件"))
    if faults:
        raise PackError(faults)
    return years


def _year(source: Source, year: int) -> YearPlan | None:
    """The plan of one file; faults are added to the source."""
    data, lines = source.data, source.lines
    if not isinstance(data, dict):
        if not source.faults:
            source.fault(1, "应为键值对")
        return None
    for key in [key for key in KEYS if key not in data]:
        source.fault(1, f"缺少必填项“{key}”")
    for key in [key for key in data if key not in KEYS]:
        source.fault(lines[key,], f"未知的键“{key}”")
    if source.faults:
        return None
    if data["year"] != year:
        source.fault(lines["year",], f"“year”应与文件名一致，为{year}")
    if not isinstance(data["source"], str) or not data["source"].strip():
        source.fault(lines["source",], "“source”应写明国务院办公厅文件的名称和文号")
    holidays, workdays = _days(source, "holidays"), _days(source, "workdays")
    _disagreements(source, year, holidays, workdays)
    return None if source.faults else YearPlan(year, frozenset(holidays), frozenset(workdays))


def _disagreements(source: Source, year: int, holidays: dict[date, int], workdays: dict[date, int]) -> None:
    """What no plan of the State Council can say."""
    for day, line in workdays.items():
        if day.weekday() < SATURDAY:
            source.fault(line, f"调休上班日{day}不是周末")
        if day in holidays:
            source.fault(line, f"{day}既列为节假日又列为调休上班日")
    for day, line in (*holidays.items(), *workdays.items()):
        if day.year != year and (day.year, day.month) != (year - 1, 12):
            source.fault(line, f"{day}不属于{year}年放假安排")


def _days(source: Source, key: str) -> dict[date, int]:
    """The days of a list with their lines; each once, in order."""
    found: dict[date, int] = {}
    if not isinstance(source.data[key], list):
        source.fault(source.lines[key,], f"“{key}”应为列表")
        return found
    for index, day in enumerate(source.data[key]):
        line = source.lines[key, index]
        if not isinstance(day, date):
            source.fault(line, f"“{day}”应为日期，例如 2026-10-01")
        elif found and day <= max(found):
            source.fault(line, f"{day}重复或未按先后排列")
        else:
            found[day] = line
    return found
