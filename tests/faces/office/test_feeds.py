"""The private calendar address: signed, for one role, closed by its owner or with the role; nothing in it that a phone must not show."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from tests.faces.office.cycles import World
from tests.faces.office.test_ics import events
from tests.faces.public import data
from zhiheng.faces.office import feeds
from zhiheng.faces.office.models import Feed
from zhiheng.foundation import clock
from zhiheng.foundation.people.models import RoleGrant
from zhiheng.rules.lifecycle import EntryStatus, Role

URL = re.compile(r'value="http://testserver(/desk/cycles/feed/[^"]+\.ics)"')


def address(world: World, role: Role) -> str:
    """The address as the page shows it."""
    found = URL.search(world.get(role, "calendar/").content.decode())
    return found[1] if found else ""


def ask(world: World, role: Role, do: str = "make") -> Any:
    return world.client(role).post("/desk/cycles/2026/calendar/subscribe/", {"do": do})


@pytest.fixture
def posted(world: World) -> World:
    """A notice of one city and one of the office, and the deadline of applying."""
    items = [data.item("2026-Z-0001", "绝密机械公司", award="组织奖")]
    data.notice(world.cycle, world.cities[1], "city_publicity", clock.at(date(2026, 5, 6)), items, days=5)
    data.notice(world.cycle, world.office, "accepted_list", clock.at(date(2026, 5, 13)), items, days=5)
    world.entry(1, EntryStatus.ACCEPTED, "绝密机械公司")
    return world


def test_an_address_is_made_shown_and_read_without_signing_in(posted: World) -> None:
    assert address(posted, Role.OFFICE) == ""
    answer = ask(posted, Role.OFFICE)
    assert (answer.status_code, answer["Location"]) == (303, "/desk/cycles/2026/calendar/#subscribe")
    found = Client().get(address(posted, Role.OFFICE))
    assert found.status_code == 200
    assert found["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in found["Cache-Control"]
    assert not found.cookies
    named = {one["SUMMARY"]: one for one in events(found.content)}
    assert set(named) == {
        "申报期（2026）", "申报期截止（2026）", "关于2026年度河北省政府质量奖拟推荐名单的公示（唐山市）",
        "关于2026年度河北省政府质量奖受理名单的公示",
    }  # fmt: skip
    one = named["关于2026年度河北省政府质量奖受理名单的公示"]
    assert (one["DTSTART;VALUE=DATE"], one["DTEND;VALUE=DATE"]) == ("20260513", "20260521")
    assert one["UID"] == "notice-GS2026-002.2026@zhiheng"
    assert one["DESCRIPTION"] == "2026年度河北省政府质量奖\\n进行中\\n2026年5月21日起可以办理结束公示\\n《细则》四"
    assert named["申报期截止（2026）"]["DTSTART;TZID=Asia/Shanghai"] == "20260428T180000"


def test_a_uid_is_the_same_at_every_look(posted: World) -> None:
    first = [one["UID"] for one in events(posted.get(Role.OFFICE, "calendar.ics").content)]
    assert len(set(first)) == len(first) == 4
    with clock.travel(clock.at(date(2026, 6, 1))):
        assert [one["UID"] for one in events(posted.get(Role.OFFICE, "calendar.ics").content)].sort() == first.sort()


def test_no_name_goes_out(posted: World) -> None:
    ask(posted, Role.OFFICE)
    for content in (Client().get(address(posted, Role.OFFICE)).content, posted.get(Role.OFFICE, "calendar.ics").content):
        assert "绝密" not in b"".join(content.split(b"\r\n ")).decode()


def test_it_is_closed_by_its_owner(posted: World) -> None:
    ask(posted, Role.OFFICE)
    old = address(posted, Role.OFFICE)
    ask(posted, Role.OFFICE, "revoke")
    assert Client().get(old).status_code == 404
    assert address(posted, Role.OFFICE) == ""
    ask(posted, Role.OFFICE)
    ask(posted, Role.OFFICE)
    assert Feed.objects.filter(revoked_at=None).count() == 1
    assert address(posted, Role.OFFICE) not in ("", old)
    assert Client().get(old).status_code == 404


def test_it_ends_with_the_role(posted: World) -> None:
    ask(posted, Role.RECOMMENDER)
    url = address(posted, Role.RECOMMENDER)
    assert Client().get(url).status_code == 200
    RoleGrant.objects.filter(role="recommender").update(revoked_at=clock.now())
    assert Client().get(url).status_code == 404


@pytest.mark.parametrize("token", ["1", "1:", "1:abc", "x:y:z", "%00", "1:" + "a" * 500])
def test_an_address_cannot_be_made_up(posted: World, token: str) -> None:
    ask(posted, Role.OFFICE)
    assert Client().get(f"/desk/cycles/feed/{token}.ics").status_code == 404


def test_a_signature_for_something_else_opens_nothing(posted: World) -> None:
    ask(posted, Role.OFFICE)
    feed = Feed.objects.get()
    assert Client().get(f"/desk/cycles/feed/{signing.Signer(salt='other').sign(str(feed.pk))}.ics").status_code == 404
    assert Client().get(f"/desk/cycles/feed/{signing.Signer(salt=feeds.SALT).sign('x')}.ics").status_code == 404


def test_each_role_has_its_own(posted: World) -> None:
    ask(posted, Role.OFFICE)
    assert address(posted, Role.INSPECTOR) == ""
    assert address(posted, Role.OFFICE) != ""
