"""Papers and the dossier: who may have which, what is in them, and that every taking is on record (L3, L4, K7)."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.faces.office.cycles import World
from tests.faces.public import data
from tests.faces.seating import text
from zhiheng.foundation import clock
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.process.dossier import VERIFIER
from zhiheng.process.papers.catalogue import PAPERS
from zhiheng.rules.lifecycle import EntryStatus, Role
from zhiheng.stages.panel.models import Conflict, Draw, Expert, Panel, Seat
from zhiheng.stages.qualification.models import Qualification

MEANT = {
    "office": "call notices accepted draws material records ranking candidates minutes commended ledger",
    "inspector": "call notices accepted draws material records ranking candidates minutes commended ledger",
    "agency": "call notices accepted draws material records commended",
    "chair": "call notices accepted ranking candidates minutes commended",
    "recommender": "call notices accepted commended",
}
#: Marked as internal, or with names of experts before they are known.
INNER = {"draws", "material", "records", "ranking", "candidates", "minutes", "ledger"}


def take(world: World, role: Role, what: str) -> Any:
    return world.client(role).post("/desk/cycles/2026/files/take/", {"what": what})


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.fixture
def accepted(world: World) -> World:
    """An accepted list, published city by city."""
    for entry in world.many(3):
        Qualification.objects.create(entry=entry, checked_at=clock.now(), passed=True)
    for city in world.cities[:2]:
        data.notice(
            world.cycle, city, "city_publicity", clock.at(date(2026, 5, 6)), [data.item("2026-Z-0001", "甲", award="组织奖")], days=5
        )
    return world


def test_who_may_have_what() -> None:
    found = {role: " ".join(paper.code for paper in PAPERS if role in paper.roles) for role in Role}
    assert {role.value: codes for role, codes in found.items() if codes} == MEANT
    assert {paper.code for paper in PAPERS if paper.sealed} == INNER - {"ledger"}


def test_one_file_comes_as_it_is_and_several_as_an_archive(accepted: World) -> None:
    answer = take(accepted, Role.OFFICE, "notices")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert "attachment" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    with zipfile.ZipFile(io.BytesIO(body(answer))) as archive:
        assert sorted(archive.namelist()) == ["03-推荐名单公示-唐山市.docx", "03-推荐名单公示-石家庄市.docx"]
    both = take(accepted, Role.RECOMMENDER, "accepted")
    with zipfile.ZipFile(io.BytesIO(body(both))) as archive:
        assert archive.namelist() == ["05-受理名单.docx", "05-受理名单.xlsx"]


def test_all_is_all_that_the_role_may_have(accepted: World) -> None:
    for role in (Role.OFFICE, Role.RECOMMENDER):
        with zipfile.ZipFile(io.BytesIO(body(take(accepted, role, "all")))) as archive:
            assert [name[:2] for name in sorted(archive.namelist())] == ["03", "03", "05", "05"]


def test_every_taking_is_on_record(accepted: World) -> None:
    take(accepted, Role.INSPECTOR, "accepted")
    entry = JournalEntry.objects.get(act="cycle.export")
    assert (entry.kind, entry.role, entry.subject, entry.chain) == ("look", "inspector", "cycle:2026", "cycle:2026")
    assert json.loads(entry.body)["payload"] == {"what": "accepted", "papers": ["accepted"]}


@pytest.mark.parametrize(
    ("role", "what"),
    [(Role.RECOMMENDER, "draws"), (Role.RECOMMENDER, "dossier"), (Role.AGENCY, "dossier"), (Role.AGENCY, "minutes"), (Role.CHAIR, "dossier"),
     (Role.CHAIR, "material"), (Role.OFFICE, "nothing"), (Role.OFFICE, "")],
)  # fmt: skip
def test_what_a_role_may_not_have_it_does_not_get(accepted: World, role: Role, what: str) -> None:
    answer = take(accepted, role, what)
    assert answer.status_code == 409
    assert "attachment" not in answer.get("Content-Disposition", "")
    assert JournalEntry.objects.get(act="cycle.export").kind == "refusal"
    assert f'value="{what or "-"}"' not in answer.content.decode()


def test_what_does_not_exist_yet_is_said_to(accepted: World) -> None:
    page = text(accepted.get(Role.OFFICE, "files/"))
    assert "材料评审得分排序表 尚未形成" in page
    answer = take(accepted, Role.OFFICE, "material")
    assert answer.status_code == 409
    assert "该文书尚未形成" in text(answer)


def seat(world: World) -> None:
    """The inspector sits on a panel of the cycle."""
    expert = Expert.objects.create(code="E1", person=world.people[Role.INSPECTOR].person, employer="某厅")
    draw = Draw.objects.create(
        cycle=world.cycle,
        round="material",
        frozen={"pool": [], "panels": [], "on": "2026-05-13", "max_load": 3},
        pool_digest="0",
        frozen_at=clock.now(),
    )
    panel = Panel.objects.create(code="P1", cycle=world.cycle, round="material", award="organization", category="organization", draw=draw)
    Seat.objects.create(panel=panel, expert=expert)


@pytest.mark.parametrize("why", ["seat", "conflict"])
def test_who_judges_or_is_recused_takes_no_scores(accepted: World, why: str) -> None:
    if why == "seat":
        seat(accepted)
    else:
        person = accepted.people[Role.INSPECTOR].person
        Conflict.objects.create(
            entry=accepted.cycle.entries.first(), person=person, kind="declared", grounds="亲属", status="standing", found_at=clock.now()
        )
    for what in ("dossier", "material"):
        answer = take(accepted, Role.INSPECTOR, what)
        assert answer.status_code == 409
        assert "应当回避的情形，不能导出" in text(answer)
    with zipfile.ZipFile(io.BytesIO(body(take(accepted, Role.INSPECTOR, "all")))) as archive:
        assert {name[:2] for name in archive.namelist()} == {"03", "05"}
    assert take(accepted, Role.OFFICE, "dossier").status_code == 200  # another person's seat holds nobody else up


def test_the_dossier_can_be_proved_and_holds_its_own_taking(accepted: World, tmp_path: Path) -> None:
    answer = take(accepted, Role.OFFICE, "dossier")
    path = tmp_path / "dossier.zip"
    path.write_bytes(body(answer))
    with zipfile.ZipFile(path) as archive:
        assert "verify.py" in archive.namelist()
        assert b"cycle.export" in archive.read("journal.jsonl")
    run = subprocess.run([sys.executable, "-I", str(VERIFIER), str(path), "--json"], capture_output=True, check=False)
    assert "cycle.export" not in run.stdout.decode()  # nothing is held against it
    assert int(answer["Content-Length"]) == path.stat().st_size


def test_the_list_as_a_workbook_is_the_list_as_filtered(world: World) -> None:
    world.entry(1, name='=HYPERLINK("http://x")')
    world.entry(2, EntryStatus.NOT_ACCEPTED, "保定食品公司")
    world.person(1, EntryStatus.ACCEPTED, "+王质量", "@焊接所")
    answer = world.get(Role.OFFICE, "entries.xlsx", status="running", sort="-code")
    assert "filename*=utf-8''2026" in answer["Content-Disposition"]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "2026年度河北省政府质量奖申报名单"
    assert rows[1][0] == "2026年5月15日导出，共2项。筛选条件：状态“全部在评（含获奖）”。"
    assert rows[2] == ["序号", "申报编号", "名称", "所在单位", "奖项", "推荐单位", "行业", "状态", "提交日期", "提示"]
    assert [row[:6] for row in rows[3:]] == [
        [1.0, "2026-Z-0001", '=HYPERLINK("http://x")', "", "组织奖", "唐山市"],
        [2.0, "2026-G-0001", "+王质量", "@焊接所", "个人奖 · 一线工作人员", "石家庄市"],
    ]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_the_workbook_holds_all_pages_and_no_other_city(world: World) -> None:
    world.many(120)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(world.get(Role.RECOMMENDER, "entries.xlsx").content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 3 + 40
    assert {row[5] for row in rows[3:]} == {"石家庄市"}
