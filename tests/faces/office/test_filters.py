"""The list is what its address says: filtered, sorted, paged, within reach; strange addresses break nothing (T1, T16)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import QueryDict

from tests.faces.office.cycles import World
from tests.faces.seating import text
from zhiheng.faces.office.filters import Filter, read
from zhiheng.rules.lifecycle import EntryStatus, Role

CODE = re.compile(r'<td role="cell" class="code nowrap"[^>]*>([^<]+)<')
OFFERED = {"status": {"accepted"}, "kind": {"organization", "individual/front_line"}, "unit": {"sjz"}, "industry": {"C", "34"}}


def codes(answer: Any) -> list[str]:
    """The numbers of the entries listed, in order, without year and letter."""
    assert answer.status_code == 200
    return [code.removeprefix("2026-") for code in CODE.findall(answer.content.decode())]


@pytest.fixture
def listed(world: World) -> World:
    """Six entries: three cities and industries in turn, some ended, one a person."""
    world.entry(1, EntryStatus.ACCEPTED, "唐山精密机械（集团）公司")
    world.entry(2, EntryStatus.NOT_ACCEPTED, "保定食品公司")
    world.entry(3, EntryStatus.ACCEPTED, "石家庄制药公司")
    world.entry(4, EntryStatus.NOT_RECOMMENDED, "唐山食品公司")
    world.entry(5, EntryStatus.WITHDRAWN, "保定机械公司")
    world.person(1, EntryStatus.ACCEPTED, "王质量", "石家庄焊接研究所")
    return world


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["G-0001", "Z-0001", "Z-0002", "Z-0003", "Z-0004", "Z-0005"]),
        ({"status": "accepted"}, ["G-0001", "Z-0001", "Z-0003"]),
        ({"status": "running"}, ["G-0001", "Z-0001", "Z-0003"]),
        ({"status": "ended"}, ["Z-0002", "Z-0004", "Z-0005"]),
        ({"status": "awarded"}, []),
        ({"kind": "individual"}, ["G-0001"]),
        ({"kind": "individual/front_line"}, ["G-0001"]),
        ({"kind": "individual/senior_leader"}, []),
        ({"unit": "ts"}, ["Z-0001", "Z-0004"]),
        ({"industry": "C"}, ["G-0001", "Z-0001", "Z-0003", "Z-0004"]),
        ({"industry": "13"}, ["Z-0001", "Z-0004"]),
        ({"industry": "P"}, ["Z-0002", "Z-0005"]),
        ({"q": "食品"}, ["Z-0002", "Z-0004"]),
        ({"q": "质量"}, ["G-0001"]),
        ({"q": "焊接"}, ["G-0001"]),
        ({"q": "唐山 食品"}, ["Z-0004"]),
        ({"q": "唐山　食品"}, ["Z-0004"]),
        ({"q": "(集团)"}, ["Z-0001"]),
        ({"q": "z-0003"}, ["Z-0003"]),
        ({"q": "２０２６－Ｚ－０００３"}, ["Z-0003"]),
        ({"q": "%"}, []),
        ({"q": "_"}, []),
        ({"q": "没有的"}, []),
        ({"q": "食品", "unit": "bd", "status": "ended"}, ["Z-0002"]),
        ({"sort": "-code"}, ["Z-0005", "Z-0004", "Z-0003", "Z-0002", "Z-0001", "G-0001"]),
        ({"sort": "unit"}, ["G-0001", "Z-0003", "Z-0001", "Z-0004", "Z-0002", "Z-0005"]),
        ({"sort": "status"}, ["G-0001", "Z-0001", "Z-0003", "Z-0004", "Z-0002", "Z-0005"]),
    ],
)
def test_the_address_says_what_is_listed(listed: World, query: dict[str, str], found: list[str]) -> None:
    assert codes(listed.get(Role.OFFICE, "entries/", **query)) == found


def test_what_is_not_on_offer_narrows_nothing(listed: World) -> None:
    for query in ({"status": "x"}, {"kind": "organization' OR 1=1"}, {"unit": "no"}, {"industry": "ZZ"}, {"sort": "party__employer"},
                  {"sort": "--code"}, {"page": "-3"}, {"page": "99999999999"}, {"size": "100000"}, {"q": "\x00"}, {"late": "x"}):  # fmt: skip
        assert len(codes(listed.get(Role.OFFICE, "entries/", **query))) == 6, query


def test_another_citys_unit_cannot_be_asked_for(listed: World) -> None:
    assert codes(listed.get(Role.RECOMMENDER, "entries/", unit="ts")) == ["G-0001", "Z-0003"]
    assert codes(listed.get(Role.RECOMMENDER, "entries/", q="食品")) == []


def test_what_was_asked_stays_in_the_form_and_in_the_links(listed: World) -> None:
    page = listed.get(Role.OFFICE, "entries/", q="公司", status="running", size="100").content.decode()
    assert 'value="公司"' in page
    assert '<option value="running" selected>' in page
    assert "entries.xlsx?q=%E5%85%AC%E5%8F%B8&amp;status=running&amp;size=100" in page
    assert "?q=%E5%85%AC%E5%8F%B8&amp;status=running&amp;sort=code&amp;size=100" in page
    assert "共 2 项" in text(listed.get(Role.OFFICE, "entries/", q="公司", status="running"))


def test_pages_keep_the_filter(world: World) -> None:
    world.many(120)
    first = world.get(Role.OFFICE, "entries/", status="running", sort="-code")
    assert len(codes(first)) == 50
    assert codes(first)[0] == "Z-0120"
    assert "?status=running&amp;sort=-code&amp;page=2" in first.content.decode()
    last = world.get(Role.OFFICE, "entries/", status="running", sort="-code", page="3")
    assert codes(last) == [f"Z-{n:04d}" for n in range(20, 0, -1)]
    assert len(codes(world.get(Role.OFFICE, "entries/", size="500"))) == 120


def test_the_sorted_column_says_so(listed: World) -> None:
    page = listed.get(Role.OFFICE, "entries/", sort="-status").content.decode()
    assert page.count("aria-sort") == 1
    assert 'aria-sort="descending"><a href="?sort=status">' in page


def test_text_is_not_markup(world: World) -> None:
    world.entry(1, name="<script>alert(1)</script>&公司")
    for part in ("entries/", "board/"):
        page = world.get(Role.OFFICE, part, q="&").content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;公司" in page
    assert '"><img' not in world.get(Role.OFFICE, "entries/", q='"><img src=x>').content.decode()


def test_a_filter_survives_its_own_address() -> None:
    chosen = Filter(
        q="质量 （集团）",
        status="accepted",
        kind="individual/front_line",
        unit="sjz",
        industry="34",
        late="1",
        sort="-unit",
        size=500,
        page=3,
    )
    assert read(QueryDict(chosen.query(page=3)), OFFERED) == chosen
    assert Filter().query() == ""
    assert read(QueryDict(chosen.query()), OFFERED).page == 1


@pytest.mark.parametrize("asked", ["\x00", "\u202e\u200b", "   ", "\ud800", "\t\n"])
def test_signs_that_are_no_words_search_for_nothing(asked: str) -> None:
    params = QueryDict(mutable=True)
    params["q"] = asked
    assert read(params, OFFERED).q == ""


def test_a_long_search_is_cut() -> None:
    params = QueryDict(mutable=True)
    params["q"] = "甲 " * 200
    chosen = read(params, OFFERED)
    assert len(chosen.q) <= 60
    assert len(chosen.words) == 6
