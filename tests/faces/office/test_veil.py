"""What was decided and is not public yet shows nowhere: not in a row, a count, a filter, an order, a column or a file (T1, T2)."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from tests.faces.office.cycles import World
from tests.faces.public import data
from tests.faces.seating import text
from zhiheng.foundation import clock
from zhiheng.rules.lifecycle import STATUS_TITLES, EntryStatus, Role, Stage

E = EntryStatus
PARTS = (
    "",
    "board/",
    "entries/",
    "entries/?sort=status",
    "entries/?sort=-status",
    "entries/?status=running",
    "figures/",
    "calendar/",
    "files/",
)
CODE = re.compile(r"2026-Z-\d{4}")


def decided(world: World, stage: Stage, *statuses: EntryStatus) -> World:
    """Two entries of one city with each status, at a stage at which they are not public."""
    world.cycle.stage = stage.value
    world.cycle.save()
    for number, status in enumerate((*statuses, *statuses), 1):
        world.entry(3 * number, status)
    return world


@pytest.fixture
def scored(world: World) -> World:
    return decided(world, Stage.SHORTLIST, E.REVIEWED, E.BELOW_MATERIAL)


@pytest.fixture
def chosen(world: World) -> World:
    return decided(world, Stage.COMMITTEE, E.NOMINATED, E.NOT_NOMINATED)


@pytest.mark.parametrize("part", PARTS)
def test_a_recommender_does_not_learn_who_passed_before_it_is_published(scored: World, part: str) -> None:
    seen: list[str] = []
    client = scored.client(Role.RECOMMENDER)
    for swapped in (False, True):  # were it the other way round, the page would be the same
        if swapped:
            for entry in scored.cycle.entries.all():
                entry.status = E.REVIEWED.value if entry.status == E.BELOW_MATERIAL else E.BELOW_MATERIAL.value
                entry.save()
        answer = client.get(f"/desk/cycles/2026/{part}")
        seen.append(re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|nonce-\S+', "", answer.content.decode()))
    assert seen[0] == seen[1]


def test_the_control_a_page_of_who_knows_all_differs(scored: World) -> None:
    before = scored.get(Role.OFFICE, "board/").content
    scored.cycle.entries.filter(status=E.REVIEWED).update(status=E.BELOW_MATERIAL.value)
    assert scored.get(Role.OFFICE, "board/").content != before


@pytest.mark.parametrize("status", ["reviewed", "below_material", "ended"])
def test_a_filter_finds_nothing_that_is_hidden(scored: World, status: str) -> None:
    assert CODE.findall(scored.get(Role.RECOMMENDER, "entries/", status=status).content.decode()) == []
    assert CODE.findall(scored.get(Role.OFFICE, "entries/", status=status).content.decode()) != []


def test_hidden_ones_are_found_where_they_are_said_to_stand(scored: World) -> None:
    page = scored.get(Role.RECOMMENDER, "entries/", status="accepted")
    assert len(set(CODE.findall(page.content.decode()))) == 4
    assert STATUS_TITLES[E.BELOW_MATERIAL] not in text(page)
    assert "在评 4 项" in text(scored.get(Role.RECOMMENDER))
    assert "止步 0 项" in text(scored.get(Role.RECOMMENDER))


def test_nor_does_the_workbook_tell(scored: World) -> None:
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(scored.get(Role.RECOMMENDER, "entries.xlsx").content)).get_sheet_by_index(0).to_python()
    )
    assert {row[7] for row in rows[3:]} == {"已受理"}


def test_nor_the_list_of_cycles(scored: World) -> None:
    assert "在评 4 项" in text(scored.client(Role.RECOMMENDER).get("/desk/cycles/"))
    assert "在评 2 项" in text(scored.client(Role.OFFICE).get("/desk/cycles/"))


def test_once_published_it_shows(scored: World) -> None:
    data.notice(scored.cycle, scored.office, "shortlist_publicity", clock.at(date(2026, 5, 14)), [data.item("2026-Z-0003", "某")], days=5)
    assert "止步 2 项" in text(scored.get(Role.RECOMMENDER))


@pytest.mark.parametrize("role", [Role.AGENCY, Role.RECOMMENDER])
def test_who_is_a_candidate_is_known_to_the_committee_alone(chosen: World, role: Role) -> None:
    assert set(CODE.findall(chosen.get(role, "entries/", status="visited").content.decode())) == {
        f"2026-Z-{3 * n:04d}" for n in range(1, 5)
    }
    assert CODE.findall(chosen.get(role, "entries/", status="nominated").content.decode()) == []
    board = chosen.get(role, "board/").content.decode()
    assert "未列入" not in board
    assert "列入授奖候选名单</td><td>2" not in board
    assert len(CODE.findall(chosen.get(Role.CHAIR, "entries/", status="nominated").content.decode())) > 0


def test_counts_of_the_whole_are_not_for_who_may_not_know_them(chosen: World) -> None:
    for role in (Role.AGENCY, Role.RECOMMENDER):
        assert "本阶段尚待完成" not in text(chosen.get(role))
    assert "省质评委尚未形成授奖建议名单" in text(chosen.get(Role.OFFICE))
