"""Which role has which part of a cycle's page; what is not a role's does not exist for it (T1)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.faces.office.cycles import World
from tests.faces.seating import text
from zhiheng.faces.office.tabs import TABS, Tab
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.people.models import RoleGrant
from zhiheng.rules.lifecycle import EntryStatus, Role
from zhiheng.stages.qualification.models import Commission

PATHS = {
    Tab.OVERVIEW: ("",),
    Tab.BOARD: ("board/",),
    Tab.ENTRIES: ("entries/", "entries.xlsx"),
    Tab.FIGURES: ("figures/",),
    Tab.NOTICES: ("notices/",),
    Tab.CALENDAR: ("calendar/", "calendar/?view=month", "calendar.ics"),
    Tab.FILES: ("files/",),
}
#: The table that is meant, written a second time.
MEANT = {
    "office": "cycle board entries figures notices calendar files",
    "inspector": "cycle board entries figures notices calendar files",
    "agency": "cycle board entries figures notices calendar files",
    "chair": "cycle entries figures notices calendar files",
    "recommender": "cycle board entries notices calendar files",
}


def test_the_table_is_as_meant() -> None:
    assert {role.value: " ".join(tabs) for role, tabs in TABS.items()} == MEANT


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PUBLIC])
def test_every_part_is_there_for_its_roles_alone(world: World, role: Role) -> None:
    world.many(3)
    client = world.client(role)
    for tab, paths in PATHS.items():
        for path in paths:
            answer = client.get(f"/desk/cycles/2026/{path}")
            assert answer.status_code == (200 if tab in TABS.get(role, ()) else 404), (tab, path)
    assert client.get("/desk/cycles/").status_code == (200 if role in TABS else 404)


@pytest.mark.parametrize("path", ["calendar/subscribe/", "files/take/"])
def test_what_changes_something_is_asked_by_post(world: World, path: str) -> None:
    assert world.get(Role.OFFICE, path).status_code == 405
    client = Client(enforce_csrf_checks=True)
    client.cookies = world.client(Role.OFFICE).cookies
    assert client.post(f"/desk/cycles/2026/{path}").status_code == 403


def test_the_tabs_shown_are_those_of_the_role(world: World) -> None:
    page = world.get(Role.RECOMMENDER).content.decode()
    assert "/desk/cycles/2026/board/" in page
    assert "/desk/cycles/2026/figures/" not in page
    assert page.count('aria-current="page"') >= 1


def test_who_is_not_signed_in_is_asked_to(world: World) -> None:
    assert Client().get("/desk/cycles/2026/").status_code == 302


def test_no_cache_keeps_an_answer(world: World) -> None:
    for path in ("", "entries.xlsx", "calendar.ics"):
        answer = world.get(Role.OFFICE, path)
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]
        assert "Cookie" in answer["Vary"]


def test_a_cycle_out_of_reach_is_not_found(world: World) -> None:
    Cycle.objects.create(code="2027", year=2027, title="2027年度", pack=world.cycle.pack)  # its call is not issued yet
    assert world.client(Role.OFFICE).get("/desk/cycles/2027/").status_code == 200
    assert world.client(Role.RECOMMENDER).get("/desk/cycles/2027/").status_code == 404
    assert world.client(Role.RECOMMENDER).get("/desk/cycles/2030/").status_code == 404
    Commission.objects.all().delete()
    assert world.client(Role.AGENCY).get("/desk/cycles/2026/").status_code == 404


def test_a_grant_for_one_cycle_opens_no_other(world: World) -> None:
    Cycle.objects.create(code="2027", year=2027, title="2027年度", pack=world.cycle.pack)
    RoleGrant.objects.filter(role="inspector").update(cycle="2026")
    assert world.client(Role.INSPECTOR).get("/desk/cycles/2026/").status_code == 200
    assert world.client(Role.INSPECTOR).get("/desk/cycles/2027/").status_code == 404


@pytest.mark.parametrize("path", ["", "board/", "entries/", "entries/?q=机械&size=500", "notices/", "calendar/"])
def test_a_recommender_sees_its_own_city_alone(world: World, path: str) -> None:
    mine, other = world.entry(3, name="本市钢铁公司"), world.entry(4, name="外市机械公司")
    assert (mine.recommender, other.recommender) == (world.cities[0], world.cities[1])
    page = world.client(Role.RECOMMENDER).get(f"/desk/cycles/2026/{path}").content.decode()
    assert "外市机械公司" not in page
    assert other.code not in page
    if path in ("board/", "entries/"):
        assert "本市钢铁公司" in page


def test_the_chair_sees_what_passed_the_material_review(world: World) -> None:
    world.entry(1, EntryStatus.BELOW_MATERIAL, "未达标公司")
    world.entry(2, EntryStatus.REVIEWED, "达标公司")
    page = text(world.get(Role.CHAIR, "entries/"))
    assert "达标公司" in page
    assert "未达标公司" not in page
    assert "统计自“材料评审达标”起" in text(world.get(Role.CHAIR, "figures/"))


@pytest.mark.parametrize("role", [Role.OFFICE, Role.INSPECTOR])
def test_a_draft_is_its_owners_alone(world: World, role: Role) -> None:
    draft = world.entry(1, EntryStatus.DRAFT, "草稿公司")
    world.entry(2)
    for path in ("board/", "entries/", "entries/?status=draft", "figures/"):
        page: Any = world.client(role).get(f"/desk/cycles/2026/{path}").content.decode()
        assert "草稿公司" not in page
        assert draft.code not in page
