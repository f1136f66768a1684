"""Opening cycles under a pack that does not change, and adding years to the calendar (A1, L2, Q14, X12)."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.foundation.conftest import Town, hebei_pack, moment, run_sql
from zhiheng.foundation import clock
from zhiheng.foundation.acts import NotPermitted, Refused
from zhiheng.foundation.administration.calendar import extend_calendar
from zhiheng.foundation.administration.cycles import create_cycle
from zhiheng.foundation.canonical import digest_of
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.packs import selectors
from zhiheng.foundation.packs.models import CalendarYear, PackVersion
from zhiheng.foundation.packs.selectors import calendar, pack_of
from zhiheng.foundation.packs.services import PackChanged, load_calendar_files, store
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.rules.pack import Pack

SOURCE = "国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕1号）"
HOLIDAYS = [date(2027, 1, 1), date(2027, 10, 1)]


def refusal(spec: Any, town: Town, **details: Any) -> str:
    with pytest.raises(Refused) as caught:
        spec(town.acting(Role.OFFICE), None, **details)
    return caught.value.decision.text()


def extend(town: Town, **changes: Any) -> CalendarYear:
    details: dict[str, Any] = {"year": 2027, "holidays": HOLIDAYS, "workdays": [date(2027, 1, 2)], "source": SOURCE}
    row = extend_calendar(town.acting(Role.OFFICE), None, **(details | changes)).value
    assert isinstance(row, CalendarYear)
    return row


# ------------------------------------------------------------------ cycles


@pytest.mark.duty("A1")
def test_a_cycle_is_made_once_under_a_stored_pack(town: Town) -> None:
    pack = hebei_pack()
    receipt = create_cycle(town.acting(Role.OFFICE), None, code="2026", year=2026, pack=pack)
    cycle = Cycle.objects.get()
    assert receipt.value == cycle
    assert (cycle.code, cycle.year, cycle.stage, cycle.pinned_at) == ("2026", 2026, Stage.CALL.value, None)
    assert cycle.title == "2026年度河北省政府质量奖"
    assert (cycle.pack.pack_id, cycle.pack.version, cycle.pack.digest) == (pack.id, pack.version, pack.digest)
    entry = JournalEntry.objects.get()
    assert (entry.chain, entry.subject) == ("platform", "cycle:2026")
    assert json.loads(entry.body)["payload"] == {"pack": pack.id, "version": pack.version, "digest": pack.digest}
    assert refusal(create_cycle, town, code="2026", year=2027, pack=pack) == "评审周期 2026 已存在，请勿重复建立（《细则》一）"
    assert Cycle.objects.get().year == 2026


@pytest.mark.duty("A1")
def test_only_the_office_makes_a_cycle(town: Town) -> None:
    for role in (Role.ADMIN, Role.AGENCY, Role.CHAIR):
        with pytest.raises(NotPermitted):
            create_cycle(town.acting(role), None, code="2026", year=2026, pack=hebei_pack())


@pytest.mark.duty("A1")
@pytest.mark.parametrize("code", ["", " ", "2026#1", "二〇二六", "2" * 21, "2026 ", "../x"])
def test_a_code_that_others_can_quote(town: Town, code: str) -> None:
    text = "评审周期代码须为 1 至 20 个字母、数字或连字符，例如 2026（《细则》一）"
    assert refusal(create_cycle, town, code=code, year=2026, pack=hebei_pack()) == text


@pytest.mark.duty("A1")
@pytest.mark.parametrize("year", [-1, 1999, 2101, 40000])
def test_an_impossible_year(town: Town, year: int) -> None:
    assert refusal(create_cycle, town, code="2026", year=year, pack=hebei_pack()) == f"年度 {year} 不在可选范围内，请核对（《细则》一）"


@pytest.mark.duty("A1")
def test_a_pack_governs_no_year_before_its_own(town: Town) -> None:
    pack = hebei_pack()
    text = f"规则包自 {pack.effective} 起施行，不能用于 {pack.effective.year - 1} 年度（《细则》一）"
    assert refusal(create_cycle, town, code="old", year=pack.effective.year - 1, pack=pack) == text
    create_cycle(town.acting(Role.OFFICE), None, code="first", year=pack.effective.year, pack=pack)


# ------------------------------------------------------------------ packs


def changed(pack: Pack, **parts: Any) -> Pack:
    return pack.model_copy(update={"title": "改动后的名称", **parts})


@pytest.mark.duty("A1")
def test_a_pack_is_stored_once_and_read_as_it_was_stored(town: Town) -> None:
    first, second = store(hebei_pack()), store(hebei_pack())
    assert first == second
    assert PackVersion.objects.count() == 1
    assert pack_of(first.digest) == hebei_pack()
    assert pack_of(first.digest).digest == hebei_pack().digest


@pytest.mark.duty("A1")
def test_a_changed_pack_needs_a_new_version(town: Town) -> None:
    cycle, pack = town.cycle(), hebei_pack()
    with pytest.raises(PackChanged, match="已启动的评审周期仍按原内容执行；如需采用新内容，请修改版本号后再载入"):
        store(changed(pack))
    assert rules_of(cycle) == pack
    newer = store(changed(pack, version="9"))
    assert pack_of(newer.digest).title == "改动后的名称"
    assert rules_of(Cycle.objects.get()) == pack


@pytest.mark.duty("A1")
def test_a_cycle_under_a_changed_pack_is_refused_and_nothing_is_left(town: Town) -> None:
    store(hebei_pack())
    with pytest.raises(Refused, match="内容与已存入的不同"):
        create_cycle(town.acting(Role.OFFICE), None, code="2026", year=2026, pack=changed(hebei_pack()))
    assert (Cycle.objects.count(), PackVersion.objects.count()) == (0, 1)
    assert [e.kind for e in JournalEntry.objects.all()] == ["refusal"]


@pytest.mark.duty("A1")
def test_a_pack_changed_in_the_database_is_found_and_read_again_once_mended(town: Town) -> None:
    pack = changed(hebei_pack(), version="tampered")
    row = store(pack)
    content = row.content.replace("改动后的名称", "再次改动的名称")
    assert content != row.content
    run_sql("UPDATE packs_packversion SET content = %s", content)
    for _ in range(2):
        with pytest.raises(ValueError, match="内容与锁定的摘要不符，请停止使用并核查数据库"):
            pack_of(row.digest)
    run_sql("UPDATE packs_packversion SET content = %s", row.content)
    assert pack_of(row.digest) == pack


# ------------------------------------------------------------------ the calendar


@pytest.mark.duty("L2")
def test_a_year_is_added_with_its_source(town: Town) -> None:
    assert not calendar().knows(date(2027, 1, 4))
    row = extend(town)
    assert (row.year, row.source) == (2027, SOURCE)
    assert json.loads(JournalEntry.objects.get().body)["payload"] == {"year": 2027, "digest": row.digest, "source": SOURCE}
    assert row.digest == digest_of([["2027-01-01", "2027-10-01"], ["2027-01-02"]])
    days = [date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3), date(2027, 1, 4), date(2027, 10, 1)]
    assert [calendar().is_workday(day) for day in days] == [False, True, False, True, False]


@pytest.mark.duty("L2")
@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"year": 2026}, "2026 年工作日历已存在，正在执行的期限据此计算，不得改动"),
        ({"source": " "}, "请填写放假安排的文件名称和文号"),
        ({"source": "文" * 201}, "文件名称和文号请控制在 200 字以内"),
        ({"holidays": []}, "请录入放假日期：没有放假日的年份不能据以计算期限"),
        ({"holidays": [*HOLIDAYS, date(2028, 1, 1)]}, "日期 2028-01-01 不属于 2027 年放假安排，请核对"),
        ({"holidays": [*HOLIDAYS, date(2026, 11, 30)]}, "日期 2026-11-30 不属于 2027 年放假安排，请核对"),
        ({"workdays": [date(2026, 1, 4)]}, "日期 2026-01-04 不属于 2027 年放假安排，请核对"),
        ({"workdays": [date(2027, 1, 4)]}, "调休上班日 2027-01-04 不是周末，请核对"),
        ({"holidays": [date(2027, 1, 2)]}, "2027-01-02 既是放假日又是调休上班日，请核对"),
        ({"year": 1999}, "年份 1999 不在可选范围内，请核对"),
        ({"year": 2101}, "年份 2101 不在可选范围内，请核对"),
    ],
)
def test_what_a_year_must_be(town: Town, changes: dict[str, Any], text: str) -> None:
    details: dict[str, Any] = {"year": 2027, "holidays": HOLIDAYS, "workdays": [date(2027, 1, 2)], "source": SOURCE}
    before = CalendarYear.objects.count()
    assert refusal(extend_calendar, town, **(details | changes)) == f"{text}（《细则》四）"
    assert CalendarYear.objects.count() == before


@pytest.mark.duty("L2")
def test_a_year_is_added_once_and_by_the_office(town: Town) -> None:
    first = extend(town)
    with pytest.raises(Refused, match="2027 年工作日历已存在"):
        extend(town, holidays=[date(2027, 5, 1)])
    assert CalendarYear.objects.get(year=2027).digest == first.digest
    with pytest.raises(NotPermitted):
        extend_calendar(town.acting(Role.RECOMMENDER), None, year=2028, holidays=[date(2028, 1, 1)], workdays=[], source=SOURCE)


@pytest.mark.duty("L2")
def test_files_add_years_and_change_none(town: Town, tmp_path: Path) -> None:
    assert load_calendar_files(settings.RULEPACKS_DIR / "calendars") == 0
    folder = shutil.copytree(settings.RULEPACKS_DIR / "calendars", tmp_path / "calendars")
    file = folder / "2026.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("  - 2026-10-07\n", ""), encoding="utf-8")
    (folder / "2027.yaml").write_text(f"year: 2027\nsource: {SOURCE}\nholidays: [2027-01-01]\nworkdays: []\n", encoding="utf-8")
    assert load_calendar_files(folder) == 1
    assert not calendar().is_workday(date(2026, 10, 7))
    assert not calendar().is_workday(date(2027, 1, 1))


@pytest.mark.duty("L2")
def test_a_calendar_changed_in_the_database_is_found(town: Town) -> None:
    selectors._calendar.cache_clear()  # another process starts
    run_sql("UPDATE packs_calendaryear SET holidays = %s WHERE year = 2026", '["2026-01-01"]')
    for _ in range(2):
        with pytest.raises(ValueError, match="2026 年工作日历的内容与其摘要不符，请停止使用并核查数据库"):
            calendar()


@pytest.mark.duty("L2")
def test_the_calendar_does_not_depend_on_the_day_it_is_read(town: Town) -> None:
    with clock.travel(moment(2020, 1, 1)):
        early = calendar()
    assert early == calendar()
