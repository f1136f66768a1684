"""Every page, with a full site and with an empty one: answers, headers, nothing but reading."""

import re
from datetime import date

import pytest
from django.test import Client

from tests.faces.public.data import RULES, World, cycle, rules
from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import DemoClock
from zhiheng.rules.lifecycle import Stage

PAGES = {
    "/": "2026年度河北省政府质量奖评审进程",
    "/notices/": "关于2026年度河北省政府质量奖进入现场评审名单的公示",
    "/notices/GS2026-014/": "如何提出异议",
    "/cycles/2026/": "已公布数量",
    "/cycles/2024/": "已公布数量",
    "/winners/": "按名称拼音排列",
    "/certificates/": "证书编号",
    "/certificates/?number=HBZLJ-2024-001": "证书真实有效",
    "/entries/2026-Z-0005/": "公示经过",
    "/rules/": "规则未明确事项的执行口径",
    RULES: "规则未明确事项的执行口径",
}
EMPTY = {
    "/": "新一届评选的申报通知尚未印发",
    "/notices/": "尚未发布公示公告",
    "/winners/": "尚未公布获奖名单",
    "/certificates/": "证书编号",
    "/certificates/?number=1": "没有查到",
}


@pytest.mark.parametrize("path", PAGES)
def test_page_shows_and_stays_plain(site: World, client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert PAGES[path] in response.text
    assert response["Cache-Control"] == "public, max-age=60"
    assert response["Vary"] == "Accept-Encoding, Cookie"
    assert response.cookies == {}
    assert 'style="' not in response.text
    assert re.findall(r"<script[^>]*>(.*?)</script>", response.text) == ([""] if "number=" in path else [])
    assert "<style" not in response.text
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "style-src 'self'" in policy
    assert client.head(path).status_code == 200


@pytest.mark.parametrize("path", EMPTY)
def test_empty_site(empty_site: None, client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert EMPTY[path] in response.text


def test_rules_before_the_first_call_and_without_any(empty_site: None, client: Client) -> None:
    assert client.get("/rules/").status_code == 404
    rules()
    assert "评审依据及标准" in client.get("/rules/").text


@pytest.mark.parametrize("path", [*PAGES, "/health"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_but_reading(site: World, client: Client, path: str, method: str) -> None:
    assert getattr(client, method)(path).status_code == 405


@pytest.mark.parametrize(
    "path", ["/notices/GS2026-999/", "/cycles/1999/", "/entries/2026-Z-9999/", "/rules/hebei-2022/9/", "/nothing", "/notices/a b/"]
)
def test_not_found_is_told_in_chinese(site: World, client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "没有找到您要查看的网页" in response.text
    assert response.cookies == {}


def test_health(empty_site: None, client: Client) -> None:
    response = client.get("/health")
    assert (response.status_code, response.text) == (200, "ok\n")
    assert "no-store" in response["Cache-Control"]


def test_a_cycle_in_planning_is_not_public(site: World, client: Client) -> None:
    planned = cycle("2028", site.pack, Stage.CALL, called=None)
    assert client.get("/cycles/2028/").status_code == 404
    assert "2028" not in client.get("/").text
    planned.pinned_at = clock.at(date(2026, 9, 14))
    planned.save()
    assert client.get("/cycles/2028/").status_code == 200
    assert "2028年度河北省政府质量奖评审进程" in client.get("/").text


def test_line_of_stages_marks_the_current_one(site: World, client: Client) -> None:
    page = client.get("/").text
    assert page.count('class="stage stage-done"') == 5
    assert page.count('aria-current="step"') == 1
    assert page.count('class="stage stage-ahead"') == 6


@pytest.mark.duty("A1")
def test_each_cycle_keeps_its_own_rules(site: World, client: Client) -> None:
    made_up = rules("tests/packs/made-up")
    other = cycle("2027", made_up, Stage.APPLICATION, called=clock.at(date(2026, 9, 14)))
    address = f"/rules/{made_up.pack_id}/{made_up.version}/"
    assert f'href="{address}"' in client.get(f"/cycles/{other.code}/").text
    assert "评审依据及标准" not in client.get(address).text
    assert "评审依据及标准" not in client.get("/rules/").text
    assert "评审依据及标准" in client.get(RULES).text
    assert f'href="{RULES}"' in client.get("/cycles/2024/").text


def test_a_pack_that_no_called_cycle_uses_is_not_shown(site: World, client: Client) -> None:
    made_up = rules("tests/packs/made-up")
    cycle("2027", made_up, Stage.CALL, called=None)
    assert client.get(f"/rules/{made_up.pack_id}/{made_up.version}/").status_code == 404


def test_regulation_reads_as_a_document(site: World, client: Client) -> None:
    page = client.get("/rules/").text
    assert '<a href="#art-4-(3)">（三）资格审查</a>' in page
    assert '<h4 id="art-4-(3)">（三）资格审查</h4>' in page
    assert page.count("<table") == 8  # three of the text, five of points
    assert "高层领导的作用" in page


def test_demo_says_so_and_keeps_its_own_date(site: World, client: Client, settings: object) -> None:
    assert "演示系统" not in client.get("/").text
    settings.ZHIHENG_DEMO = True  # type: ignore[attr-defined]
    DemoClock.objects.update(now=clock.at(date(2026, 9, 18), 23, 30))
    response = client.get("/")
    assert "2026年9月18日（星期五）" in response.text
    assert "今日24时截止" in response.text
    assert response["Cache-Control"] == "no-store"
    assert "演示系统" in client.get("/nothing").text
    assert clock.today() == date(2026, 9, 15), "the demo's date ends with the request"


def test_counts_are_those_of_the_published_lists(site: World, client: Client) -> None:
    page = client.get("/cycles/2026/").text
    for number in (56, 54, 21):
        assert f"<strong>{number}</strong> 个" in page
    assert page.count("尚未公布") == 2
