"""The working-day calendars: every day of seven years against two libraries, and every way a year's file can be wrong."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest

from tests.packs.conftest import ROOT
from zhiheng.foundation.packs.calendar_files import load_calendars
from zhiheng.foundation.packs.reading import Fault, PackError
from zhiheng.rules.calendar import WorkCalendar

CALENDARS = ROOT / "rulepacks" / "calendars"
YEARS = range(2020, 2027)


@pytest.fixture(scope="module")
def ours() -> WorkCalendar:
    return WorkCalendar({year: plan for year, (plan, _) in load_calendars(CALENDARS).items()})


def days() -> Iterator[date]:
    day = date(YEARS[0], 1, 1)
    while day.year in YEARS:
        yield day
        day += timedelta(days=1)


@pytest.mark.duty("L2")
def test_every_day_agrees_with_chinesecalendar(ours: WorkCalendar) -> None:
    assert [day for day in days() if ours.is_workday(day) != chinese_calendar.is_workday(day)] == []


@pytest.mark.duty("L2")
def test_every_day_agrees_with_holidays(ours: WorkCalendar) -> None:
    china = holidays.country_holidays("CN", years=YEARS)
    assert [day for day in days() if ours.is_workday(day) != china.is_working_day(day)] == []


@pytest.mark.duty("L2")
def test_days_off_and_make_up_days_by_year() -> None:
    plans = load_calendars(CALENDARS)
    assert {year: (len(plan.holidays), len(plan.workdays)) for year, (plan, _) in plans.items()} == {
        2020: (30, 6),
        2021: (31, 7),
        2022: (31, 7),
        2023: (27, 7),
        2024: (28, 8),
        2025: (28, 5),
        2026: (33, 6),
    }
    assert all(f"关于{year}年部分节假日安排的通知（国办发明电〔{year - 1}〕" in source for year, (_, source) in plans.items())


@pytest.mark.duty("L2")
def test_the_year_that_nobody_has_published_is_not_known(ours: WorkCalendar) -> None:
    assert not ours.knows(date(2027, 1, 4))
    assert not ours.knows(date(2019, 12, 31))


GOOD = """\
year: 2026
source: 国务院办公厅关于2026年部分节假日安排的通知
holidays:
  - 2026-01-01
  - 2026-01-02
workdays:
  - 2026-01-04
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("year: 2026", "year: 2025", 1, "“year”应与文件名一致，为2026"),
        ("source: 国务院办公厅关于2026年部分节假日安排的通知", 'source: ""', 2, "“source”应写明国务院办公厅文件的名称和文号"),
        ("source: 国务院办公厅关于2026年部分节假日安排的通知\n", "", 1, "缺少必填项“source”"),
        ("workdays:", "festivals: []\nworkdays:", 6, "未知的键“festivals”"),
        ("workdays:", "year: 2026\nworkdays:", 6, "键“year”重复，首次出现在第1行"),
        ("  - 2026-01-02", "  - 2026-01-01", 5, "2026-01-01重复或未按先后排列"),
        ("  - 2026-01-02", "  - 2025-12-31", 5, "2025-12-31重复或未按先后排列"),
        ("  - 2026-01-02", "  - 2026-02-30", 5, "“2026-02-30”不是存在的日期"),
        ("  - 2026-01-02", "  - 正月初一", 5, "“正月初一”应为日期，例如 2026-10-01"),
        ("  - 2026-01-02", "  - 2027-01-01", 5, "2027-01-01不属于2026年放假安排"),
        ("  - 2026-01-01", "  - 2025-11-30", 4, "2025-11-30不属于2026年放假安排"),
        ("  - 2026-01-04", "  - 2026-01-05", 7, "调休上班日2026-01-05不是周末"),
        ("  - 2026-01-02", "  - 2026-01-04", 7, "2026-01-04既列为节假日又列为调休上班日"),
        ("  - 2026-01-04", "  2026-01-04", 6, "“workdays”应为列表"),
        (GOOD, "- 2026\n", 1, "应为键值对"),
        (GOOD, "", 1, "应为键值对"),
        ("year: 2026", "year: [2026", 2, "YAML 语法错误：expected ',' or ']', but got ':'"),
    ],
)
def test_a_fault_is_found_where_it_stands(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert GOOD.count(old) == 1
    (tmp_path / "2026.yaml").write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(PackError) as error:
        load_calendars(tmp_path)
    assert error.value.faults == [Fault("2026.yaml", line, message)]


def test_a_right_year(tmp_path: Path) -> None:
    (tmp_path / "2026.yaml").write_text(GOOD.replace("  - 2026-01-01", "  - 2025-12-31\n  - 2026-01-01"), encoding="utf-8")
    ((year, (plan, source)),) = load_calendars(tmp_path).items()
    assert (year, plan.year, source) == (2026, 2026, "国务院办公厅关于2026年部分节假日安排的通知")
    assert plan.holidays == {date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2)}
    assert plan.workdays == {date(2026, 1, 4)}


def test_faults_of_three_files_are_told_together(tmp_path: Path) -> None:
    copy = shutil.copytree(CALENDARS, tmp_path / "calendars")
    (copy / "2021.yaml").unlink()
    (copy / "2021.yaml").symlink_to(CALENDARS / "2021.yaml")
    (copy / "2022.yaml").rename(copy / "22.yaml")
    (copy / "2023.yaml").rename(copy / "2033.yaml")
    with pytest.raises(PackError) as error:
        load_calendars(copy)
    assert error.value.faults[:2] == [
        Fault("2021.yaml", 1, "不接受符号链接，文件须在规则包目录之内"),
        Fault("2033.yaml", 1, "“year”应与文件名一致，为2033"),
    ]
    assert error.value.faults[-1] == Fault("22.yaml", 1, "未知的文件，应为“年份.yaml”")


def test_no_year_at_all(tmp_path: Path) -> None:
    with pytest.raises(PackError) as error:
        load_calendars(tmp_path)
    assert error.value.faults == [Fault(tmp_path.name, 1, "没有年份文件")]
