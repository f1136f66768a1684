"""Winners, certificates, histories."""

from datetime import date

import pytest
from django.test import Client

from tests.faces.public.data import World
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
