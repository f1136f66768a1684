"""The board holds every entry once: on its column, among those that ended there, or behind the link to the rest."""

from __future__ import annotations

from itertools import pairwise

from tests.faces.office.cycles import World
from tests.faces.public import data
from tests.faces.seating import text
from zhiheng.faces.office.board import MOST_CARDS, MOST_ENDED, columns, statuses
from zhiheng.faces.office.sight import View
from zhiheng.foundation import clock
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage

E = EntryStatus


def test_every_status_but_drafts_and_withdrawals_has_one_place() -> None:
    found = [status for _stage, standing, ended in statuses(Stage, Stage.APPLICATION) for status in (standing, *ended)]
    assert sorted(found) == sorted(set(E) - {E.DRAFT, E.WITHDRAWN})


def test_columns_follow_the_line(world: World) -> None:
    found = columns(View(world.people[Role.OFFICE], world.cycle), ())
    order = [list(Stage).index(column.stage) for column in found]
    assert all(before < after for before, after in pairwise(order))
    assert [column.title for column in found if column.current] == ["材料评审"]
    assert all(column.empty for column in found)


def test_piles_are_capped_and_say_how_many_are_left(world: World) -> None:
    world.many(MOST_CARDS + 3)
    world.many(MOST_ENDED + 2, E.NOT_ACCEPTED, first=100)
    world.entry(200, E.WITHDRAWN)
    found = columns(View(world.people[Role.OFFICE], world.cycle), {"2026-Z-0014"})
    by_stage = {column.stage: column for column in found}
    standing = by_stage[Stage.MATERIAL_REVIEW].standing
    assert (standing.count, len(standing.cards), standing.more) == (MOST_CARDS + 3, MOST_CARDS, 3)
    assert [card.code for card in standing.cards[:2]] == ["2026-Z-0014", "2026-Z-0001"]  # what waits stands in front
    assert [card.late for card in standing.cards[:3]] == [True, False, False]
    assert standing.cards[0].award == "组织奖"
    [ended] = by_stage[Stage.QUALIFICATION].ended
    assert (ended.status, ended.count, len(ended.cards), ended.more) == (E.NOT_ACCEPTED, MOST_ENDED + 2, MOST_ENDED, 2)
    assert sum(column.standing.count + sum(pile.count for pile in column.ended) for column in found) == MOST_CARDS + MOST_ENDED + 5
    page = world.get(Role.OFFICE, "board/")
    assert "其余 3 项" in text(page)
    assert "/desk/cycles/2026/entries/?status=accepted" in page.content.decode()
    assert "已撤回申报 1 项" in text(page)


def test_an_entry_that_waits_is_marked(world: World) -> None:
    one = world.entry(3, E.SUBMITTED)
    items = [data.item(one.code, one.name, award="组织奖")]
    data.notice(world.cycle, world.cities[0], "city_publicity", clock.at(clock.today().replace(day=6)), items, days=5)
    page = world.get(Role.OFFICE, "board/").content.decode()
    assert page.count("entrycard-late") == 1
    assert "期满待办" in page
