"""The criteria as a document: every item, clause and band with an anchor, both ways from and to the official text (A1)."""

import re
from datetime import date

import pytest
from django.template import Context, Template
from django.test import Client

from tests.faces.public.data import RULES, World, cycle, rules
from zhiheng.faces.shared.articles import criteria_url
from zhiheng.foundation import clock
from zhiheng.foundation.packs.selectors import pack_of
from zhiheng.rules.lifecycle import Stage

pytestmark = pytest.mark.duty("A1")


def ids(page: str, start: str) -> list[str]:
    return re.findall(rf'id="{start}-([^"]+)"', page)


def test_the_organizations_scheme_with_all_its_items_clauses_and_bands(site: World, client: Client) -> None:
    page = client.get("/criteria/").text
    assert (len(ids(page, "item")), len(ids(page, "clause"))) == (23, 56)
    assert ids(page, "guide") == ["process", "result"]
    assert len(ids(page, "band-process")) == len(ids(page, "band-result")) == 6
    assert "1000 分，23 个评分项，56 条评价要点" in page
    assert '<h3 id="item-4.6">4.6 相关方关系<span class="points-of">5 分</span></h3>' in page
    assert f'<a href="{RULES}#att1-2-4.6">《细则》附1二4.6</a>' in page
    assert "①如何确立以使命、愿景和价值观为核心的组织文化" in page
    assert 'id="concepts"' in page
    assert 'id="definitions"' not in page


def test_each_person_s_scheme(site: World, client: Client) -> None:
    schemes = [scheme for scheme in pack_of(site.pack.digest).criteria.schemes if scheme.code != "organization"]
    assert len(schemes) == 4
    for scheme in schemes:
        page = client.get(f"/criteria/{scheme.code}/").text
        assert ids(page, "item") == [item.code for item in scheme.items]
        assert f'aria-current="page">{scheme.title}</a>' in page
        assert 'id="definitions"' in page
        assert 'id="concepts"' not in page
        assert ids(page, "guide") == []


def test_every_anchor_stands_once_and_every_link_within_finds_one(site: World, client: Client) -> None:
    text = client.get(RULES).text
    for scheme in pack_of(site.pack.digest).criteria.schemes:
        page = client.get(f"/criteria/{scheme.code}/").text
        found = re.findall(r' id="([^"]+)"', page)
        assert len(found) == len(set(found))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= set(found)
        there = set(re.findall(rf'href="{RULES}#([^"]+)"', page))
        assert there
        assert there <= set(re.findall(r' id="([^"]+)"', text))
        for item in scheme.items:
            assert f'href="{RULES}criteria/{scheme.code}/#item-{item.code}"' in text


def test_the_version_that_binds_a_cycle(site: World, client: Client) -> None:
    made_up = rules("tests/packs/made-up")
    other = cycle("2027", made_up, Stage.APPLICATION, called=clock.at(date(2026, 9, 14)))
    assert criteria_url("organization", "4.6") == "/criteria/organization/#item-4.6"
    assert criteria_url("organization", "4.6", site.now) == f"{RULES}criteria/organization/#item-4.6"
    page = client.get(criteria_url("benchmark", "1.1", other).partition("#")[0]).text
    assert ids(page, "item") == ["1.1", "1.2", "2.1", "2.2"]
    assert "200 分" in page
    assert "质量标杆评分表" in client.get("/criteria/").text, "the newest cycle's"
    text = '{% load official %}{% criteria_url "organization" "4.6" cycle %}'
    assert Template(text).render(Context({"cycle": site.now})) == criteria_url("organization", "4.6", site.now)


@pytest.mark.parametrize("path", ["/criteria/nothing/", f"{RULES}criteria/nothing/", "/rules/hebei-2022/9/criteria/"])
def test_unknown_schemes_and_versions(site: World, client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_before_any_pack(empty_site: None, client: Client) -> None:
    assert client.get("/criteria/").status_code == 404
