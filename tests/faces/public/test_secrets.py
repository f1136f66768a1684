"""What must not be told: canaries found in no byte of any page (T1, T2); hostile text that must not run (T4)."""

import re
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.test import Client

from tests.faces.public.data import NOW, World, entry, item, notice
from zhiheng.foundation import clock
from zhiheng.foundation.people.models import Person
from zhiheng.foundation.publicity.models import Objection
from zhiheng.rules.lifecycle import EntryStatus
from zhiheng.stages.nomination.models import CandidateList, Final
from zhiheng.stages.panel.models import Expert

CANARY = "金丝雀"
LISTS = ["/", "/notices/", "/notices/?cycle=2026", "/cycles/2026/", "/winners/", "/certificates/", "/rules/"]


def links(client: Client) -> set[str]:
    """Every address of the public site that its pages lead to."""
    found, waiting = set(), {"/"}
    while waiting:
        path = waiting.pop()
        found.add(path)
        here = re.findall(r'href="(/[^"#]*)"', client.get(path).text)
        waiting |= {one for one in here if not one.startswith(("/static/", "/desk/"))} - found
    return found


@pytest.fixture
def secrets(site: World) -> World:
    """Canaries wherever the database knows more than has been published."""
    hidden = entry(site.now, "2026-Z-0801", f"{CANARY}未公示厂", EntryStatus.SUBMITTED, form={"achievements": f"{CANARY}业绩"})
    public = site.notices["shortlist"]
    public.items = [{**one, "score": f"{CANARY}611.25", "rank": f"{CANARY}3", "expert": f"{CANARY}专家"} for one in public.items]
    public.save()
    person = Person.objects.create(name=f"{CANARY}评审员")
    Expert.objects.create(code="E-CANARY", person=person, employer=f"{CANARY}研究院")
    shown = site.now.entries.get(code="2026-Z-0005")
    shown.form, shown.warnings_answer = {"contact": f"{CANARY}电话"}, f"{CANARY}说明"
    shown.save()
    score = Fraction("611.25")
    Final.objects.create(entry=shown, version=1, material=score, site=score, bonus=Fraction(10), total=score, computed_at=NOW)
    ranked = [{"entry": shown.code, "place": 1, "total": "611.25"}, {"entry": hidden.code, "place": 2, "total": "611.25"}]
    CandidateList.objects.create(cycle=site.now, version=1, chosen=[shown.code], ranked=ranked, report=CANARY, settled_at=NOW)
    Objection.objects.create(
        number=f"YY-{CANARY}",
        notice=public,
        entry=shown.code,
        name=f"{CANARY}举报人",
        contact=CANARY,
        content=CANARY,
        received_at=NOW,
        formal=True,
    )
    notice(
        site.now,
        site.office,
        "proposed_winners",
        NOW + timedelta(minutes=1),
        [item("2026-Z-0802", f"{CANARY}明日公示厂"), item("2026-Z-0005", f"{CANARY}明日公示")],
        title=f"{CANARY}明日的公示",
    )
    return site


def test_nothing_unpublished_in_any_page(secrets: World, client: Client) -> None:
    paths = links(client)
    assert {"/entries/2026-Z-0005/", "/notices/GS2026-014/", "/cycles/2024/"} <= paths
    assert len(paths) > 60
    for path in sorted(paths):
        response = client.get(path)
        assert response.status_code == 200, path
        for word in (CANARY, "611.25", "2026-Z-0801", "E-CANARY"):
            assert word not in response.text, f"{word} in {path}"


@pytest.mark.parametrize("code", ["2026-Z-0801", "2026-Z-0802", "2026-Z-080", "2026", "Z", "2026-z-0005"])
def test_an_entry_that_no_notice_named_is_not_found(secrets: World, client: Client, code: str) -> None:
    response = client.get(f"/entries/{code}/")
    assert response.status_code == 404
    assert CANARY not in response.text


def test_it_is_found_from_the_minute_of_publication(secrets: World, client: Client) -> None:
    later = NOW + timedelta(minutes=1)
    with clock.travel(later):
        assert f"{CANARY}明日公示厂" in client.get("/entries/2026-Z-0802/").text
        assert f"{CANARY}明日的公示" in client.get("/notices/").text
    assert client.get("/notices/GS2026-015/").status_code == 404
    with clock.travel(later):
        assert client.get("/notices/GS2026-015/").status_code == 200


def test_the_unknown_and_the_unpublished_look_the_same(secrets: World, client: Client) -> None:
    hidden, unknown = (client.get(f"/entries/{code}/") for code in ("2026-Z-0801", "2026-Z-9999"))
    assert hidden.content == unknown.content
    assert set(hidden.headers) == set(unknown.headers)


def test_numbers_count_only_what_was_published(secrets: World, client: Client) -> None:
    entry(secrets.now, "2026-Z-0803", "另一未公示厂", EntryStatus.SUBMITTED)
    page = client.get("/cycles/2026/").text
    assert "<strong>56</strong> 个" in page
    assert page.count("尚未公布") == 2


HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">{{ 7|add:7 }}"\'&lt;'


def test_hostile_text_is_only_text(site: World, client: Client) -> None:
    one = item("2026-Z-0900", HOSTILE, award="组织奖", city=HOSTILE, unit=HOSTILE, recommender=HOSTILE, achievements=HOSTILE)
    made = notice(site.now, site.office, "commendation", clock.at(date(2026, 9, 14)), [one], title=HOSTILE, body=HOSTILE)
    site.office.name = HOSTILE
    site.office.save()
    for path in ("/", "/notices/", f"/notices/{made.code}/", "/entries/2026-Z-0900/", "/winners/", "/cycles/2026/"):
        page = client.get(path).text
        assert "<script" not in page, path
        assert 'onerror="' not in page, path
        assert "&lt;script&gt;alert(1)" in page, path
        assert "14" not in page[page.index("alert(2)") : page.index("alert(2)") + 60], path
    page = client.get("/certificates/", {"number": HOSTILE}).text
    assert "<SCRIPT" not in page
    assert "&lt;SCRIPT&gt;" in page
