"""Winners, certificates, histories."""

import io
import re
from datetime import date
from typing import Any

import pytest
import segno
from django.test import Client

from tests.faces.public.data import World, notice, organizations
from zhiheng.faces.public.selectors import tidy_number
from zhiheng.foundation import clock
from zhiheng.stages.commendation.models import Certificate


@pytest.mark.duty("K2")
def test_revoked_winner_stays_listed_and_is_marked(site: World, client: Client) -> None:
    page = client.get("/winners/").text
    assert page.count("取消奖励</span>") == 1
    row = page[page.index("唐山长河钢铁集团有限公司") :]
    assert row.index("2026年3月20日取消奖励") < row.index("</tr>")
    assert "组织奖（4家）" in page
    assert "个人奖（2名）" in page


@pytest.mark.duty("K2")
def test_before_the_revocation_nothing_is_marked(site: World, client: Client) -> None:
    with clock.travel(clock.at(date(2026, 3, 19))):
        assert "取消奖励</span>" not in client.get("/winners/").text
        assert "证书真实有效" in client.get("/certificates/?number=HBZLJ-2024-002").text
        assert "被取消" not in client.get("/entries/2024-Z-0002/").text


@pytest.mark.duty("K6")
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("HBZLJ-2024-001", "证书真实有效"),
        (" hbzlj－2024－００1 ", "证书真实有效"),
        ("HBZLJ-2024-002", "证书无效"),
        ("HBZLJ-2024-777", "没有查到编号为“HBZLJ-2024-777”的证书"),
        ("HBZLJ-2024-00%", "没有查到"),
        ("\x00'\";--", "没有查到"),
        ("9" * 5000, "没有查到"),
    ],
)
def test_certificate_check(site: World, client: Client, typed: str, expected: str) -> None:
    response = client.get("/certificates/", {"number": typed})
    assert response.status_code == 200
    assert expected in response.text


@pytest.mark.duty("K6")
def test_genuine_certificate_names_its_holder(site: World, client: Client) -> None:
    page = client.get("/certificates/?number=HBZLJ-2024-001").text
    assert "石家庄云岭精密制造有限公司" in page
    assert "2024年度河北省政府质量奖组织奖" in page
    assert "2024年12月20日" in page
    assert "没有查到" not in page


@pytest.mark.duty("K6")
def test_revoked_certificate_leads_to_the_notice(site: World, client: Client) -> None:
    page = client.get("/certificates/?number=HBZLJ-2024-002").text
    assert "取消日期" in page
    assert f'href="/notices/{site.notices["revocation"].code}/"' in page
    assert "证书真实有效" not in page


@pytest.mark.duty("K6")
def test_a_certificate_not_yet_issued_is_unknown(site: World, client: Client) -> None:
    Certificate.objects.filter(number="HBZLJ-2024-001").update(issued_on=date(2026, 9, 16))
    assert "没有查到" in client.get("/certificates/?number=HBZLJ-2024-001").text


def test_empty_question_says_nothing(site: World, client: Client) -> None:
    for query in ("", "?number=", "?number=%20%20"):
        page = client.get(f"/certificates/{query}").text
        assert "没有查到" not in page
        assert "真实有效" not in page


def test_number_as_typed() -> None:
    assert tidy_number(" ｚｌｊ－2024 －z01\x00\n") == "ZLJ-2024-Z01"
    assert len(tidy_number("A" * 1000)) == 40


def test_history_in_time_order(site: World, client: Client) -> None:
    page = client.get("/entries/2024-Z-0002/").text
    steps = ["列入受理名单", "列入拟进入现场评审名单", "列入授奖建议名单", "获得表彰奖励", "被取消奖励"]
    places = [page.index(f"<strong>{step}</strong>") for step in steps]
    assert places == sorted(places)
    assert "所获奖励已于 2026年3月20日被取消" in page


def test_history_names_unit_category_and_merits(site: World, client: Client) -> None:
    page = client.get("/entries/2026-G-0002/").text
    assert "个人奖（中层管理者）" in page
    assert "推荐单位" in page
    assert "三级预防、四方联动" in page


# ------------------------------------------------------------------ QR code, winners by year


def drawn(text: str) -> bytes:
    """The same code, drawn by the library from a text that the test writes out."""
    kept = io.BytesIO()
    segno.make(text, error="m").save(kept, kind="svg", scale=4, border=4, light="#fff", svgclass=None, lineclass=None)
    return kept.getvalue()


@pytest.mark.duty("K6")
def test_the_code_of_a_certificate_leads_to_its_check_under_the_site_s_own_address(site: World, client: Client, settings: Any) -> None:
    settings.ZHIHENG_SITE_URL = "https://award.example"
    address = "/certificates/HBZLJ-2024-001/qr.svg"
    assert f'src="{address}"' in client.get("/certificates/?number=HBZLJ-2024-001").text
    answer = client.get(address, HTTP_HOST="testserver")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content == drawn("https://award.example/certificates/?number=HBZLJ-2024-001")
    assert answer.content != drawn("https://award.example/certificates/?number=HBZLJ-2024-003")
    for word in (b"<script", b"style=", b"class="):
        assert word not in answer.content


@pytest.mark.duty("K2", "K6")
@pytest.mark.parametrize("number", ["HBZLJ-2024-002", "HBZLJ-2024-999", "https:evil", "<script>", "hbzlj-2024-001"])
def test_no_code_for_a_revoked_or_unknown_number(site: World, client: Client, number: str) -> None:
    assert client.get(f"/certificates/{number}/qr.svg").status_code == 404
    assert "qr.svg" not in client.get("/certificates/", {"number": number}).text or number == "hbzlj-2024-001"


def test_a_code_that_is_issued_tomorrow_is_not_there_today(site: World, client: Client) -> None:
    Certificate.objects.filter(number="HBZLJ-2024-001").update(issued_on=date(2026, 9, 16))
    assert client.get("/certificates/HBZLJ-2024-001/qr.svg").status_code == 404


@pytest.mark.parametrize(
    ("query", "years", "captions"),
    [
        ("", ["2026年度", "2024年度"], ["组织奖（1家）", "组织奖（4家）", "个人奖（2名）"]),
        ("?cycle=2024", ["2024年度"], ["组织奖（4家）", "个人奖（2名）"]),
        ("?award=个人奖", ["2024年度"], ["个人奖（2名）"]),
        ("?cycle=2026&award=组织奖", ["2026年度"], ["组织奖（1家）"]),
        ("?cycle=2026&award=个人奖", [], []),
        ("?cycle=nonsense&award=<script>", ["2026年度", "2024年度"], ["组织奖（1家）", "组织奖（4家）", "个人奖（2名）"]),
    ],
)
def test_winners_by_year_and_award(site: World, client: Client, query: str, years: list[str], captions: list[str]) -> None:
    notice(site.now, site.office, "commendation", clock.at(date(2026, 9, 14)), organizations("2026", 1, first=5))
    page = client.get(f"/winners/{query}").text
    assert re.findall(r'<h2 id="c\d+">(\d+年度)', page) == years
    assert re.findall(r"<caption>(.+?)</caption>", page) == captions
    assert ("没有符合条件的获奖组织和个人" in page) is (not years)


@pytest.mark.duty("K2")
def test_a_revoked_winner_stays_and_is_marked_under_every_filter(site: World, client: Client) -> None:
    for query in ("", "?cycle=2024", "?award=组织奖"):
        assert client.get(f"/winners/{query}").text.count("2026年3月20日取消奖励") == 1
