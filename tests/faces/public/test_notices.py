"""Notices: the list with its filters, the article, the clock."""

import re
from datetime import date, datetime

import pytest
from django.test import Client

from tests.faces.public.data import MERITS, World, item, notice, with_merits
from zhiheng.faces.public.article import article_of
from zhiheng.faces.public.periods import State, period_of
from zhiheng.foundation import clock
from zhiheng.foundation.packs.selectors import calendar
from zhiheng.foundation.publicity.models import Notice


def titles(page: str) -> list[str]:
    return re.findall(r'class="notice-title" href="/notices/([^/]+)/"', page)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?state=open", ["GS2026-014"]),
        ("?cycle=2024&state=news", ["GS2024-006", "GS2024-005", "GS2024-001"]),
        ("?cycle=2024&kind=accepted_list", ["GS2024-002"]),
        ("?cycle=2024&state=closed", ["GS2024-004", "GS2024-003", "GS2024-002"]),
        ("?cycle=2024&state=open", []),
        ("?kind=revocation_notice&cycle=nonsense&state=%00&page=-3", ["GS2024-006"]),
    ],
)
def test_filters(site: World, client: Client, query: str, expected: list[str]) -> None:
    response = client.get(f"/notices/{query}")
    assert response.status_code == 200
    assert titles(response.text) == expected
    if not expected:
        assert "没有符合条件的公示公告" in response.text


def test_pages_keep_the_filters(site: World, client: Client) -> None:
    for _ in range(21):
        notice(site.old, site.office, "call_announcement", clock.at(date(2025, 1, 2)))
    first = client.get("/notices/?cycle=2024").text
    assert len(titles(first)) == 20
    assert 'href="?cycle=2024&amp;page=2"' in first
    second = client.get("/notices/?cycle=2024&page=2").text
    assert len(titles(second)) == 7
    assert titles(client.get("/notices/?cycle=2024&page=999999999999999").text) == titles(second)


def test_article_with_list_in_neutral_order(site: World, client: Client) -> None:
    posted = clock.at(date(2026, 9, 14))
    names = ["中兴厂", "安平厂", "白洋淀厂"]
    items = [item(f"2026-Z-{n:04d}", name, award="组织奖", city="保定市") for n, name in enumerate(names, 900)]
    made = notice(site.now, site.office, "accepted_list", posted, items, days=5)
    page = client.get(f"/notices/{made.code}/").text
    places = [page.index(name) for name in ("安平厂", "白洋淀厂", "中兴厂")]
    assert places == sorted(places)
    assert "组织奖（3家）" in page
    assert "（名单见附表）" not in page
    assert page.index("现予公示") < places[0] < page.index("联系方式：")
    assert made.digest in page
    assert made.journal_head.split("#")[2] in page
    assert "2026年9月20日（星期日）" in page  # a make-up working day
    assert "还剩 5 个工作日" in page


@pytest.mark.duty("L2")
@pytest.mark.parametrize(
    ("now", "state", "left", "text"),
    [
        (datetime(2026, 9, 11, 16, tzinfo=clock.SHANGHAI), State.RUNNING, 5, "还剩 5 个工作日"),
        (datetime(2026, 9, 12, 9, tzinfo=clock.SHANGHAI), State.RUNNING, 5, "还剩 5 个工作日"),
        (datetime(2026, 9, 17, 9, tzinfo=clock.SHANGHAI), State.RUNNING, 2, "还剩 2 个工作日"),
        (datetime(2026, 9, 18, 23, 59, 59, tzinfo=clock.SHANGHAI), State.RUNNING, 1, "今日24时截止"),
        (datetime(2026, 9, 19, 0, 0, tzinfo=clock.SHANGHAI), State.EXPIRED, None, ""),
    ],
)
def test_clock_of_the_running_notice(site: World, now: datetime, state: State, left: int | None, text: str) -> None:
    period = period_of(site.notices["shortlist"], now, calendar(), False)
    assert (period.state, period.left, period.left_text) == (state, left, text)


@pytest.mark.duty("L2")
def test_clock_once_closed_and_without_end(site: World) -> None:
    now = clock.at(date(2026, 9, 15))
    assert period_of(site.notices["accepted"], now, calendar(), False).state is State.CLOSED
    assert period_of(site.notices["call"], now, calendar(), False).state is State.ANNOUNCEMENT
    # closed the day after its end, but on that very morning not yet
    assert period_of(site.notices["accepted"], clock.at(date(2026, 7, 21), 8), calendar(), False).state is State.EXPIRED


def test_clock_counts_the_posting_day_where_the_rules_do(site: World) -> None:
    posted = site.notices["shortlist"].posted_at
    assert period_of(site.notices["shortlist"], posted, calendar(), True).left == 6


def test_clock_beyond_the_known_calendar_guesses_nothing(site: World) -> None:
    made = site.notices["shortlist"]
    made.posted_at, made.ends_on = clock.at(date(2030, 3, 1)), date(2030, 3, 8)
    period = period_of(made, clock.at(date(2030, 3, 4)), calendar(), False)
    assert (period.state, period.left, period.left_text) == (State.RUNNING, None, "请以截止日期为准")


def test_how_to_object_only_while_it_runs(site: World, client: Client) -> None:
    assert "签署真实姓名" in client.get("/notices/GS2026-014/").text
    closed = client.get("/notices/GS2026-013/").text
    assert "公示已经结束。此后反映的情况，作为线索处理" in closed
    assert "请于" not in closed
    assert "如何提出异议" not in client.get("/notices/GS2026-001/").text


@pytest.mark.duty("F5")
def test_achievements_are_published_with_the_shortlist_only(site: World, client: Client) -> None:
    assert client.get("/notices/GS2026-014/").text.count(MERITS[:20]) == 21
    accepted = site.notices["accepted"]
    accepted.items = with_merits(accepted.items)
    accepted.save()
    assert MERITS[:20] not in client.get("/notices/GS2026-013/").text
    assert MERITS[:20] not in client.get("/entries/2026-Z-0003/").text
    assert MERITS[:20] in client.get("/entries/2026-Z-0005/").text


def test_article_layout() -> None:
    body = "各市：\n现公示如下。\n一、名单\n（名单见附表）\n联系方式：某处。\n河北省政府质量奖评审委员会办公室\n2026年9月11日\n"
    article = article_of(body)
    assert [(line.kind, line.text) for line in article.before] == [("address", "各市："), ("text", "现公示如下。"), ("chapter", "一、名单")]
    assert [line.text for line in article.after] == ["联系方式：某处。"]
    assert article.signature == ("河北省政府质量奖评审委员会办公室", "2026年9月11日")


def test_article_without_signature_or_list() -> None:
    article = article_of("只有一句话。")
    assert ([line.text for line in article.before], article.after, article.signature) == (["只有一句话。"], (), ())
    assert article_of("").before == ()
    assert article_of("该单位于上月获奖。经核实，存在下列情形：").before[0].kind == "text"
    assert article_of("正文到此结束。\n2026年9月11日").signature == ("2026年9月11日",)


def test_a_notice_of_an_unknown_kind_and_without_entries_is_still_read(site: World, client: Client) -> None:
    made = notice(site.now, site.office, "own_kind", clock.at(date(2026, 9, 14)), [], title="其他事项公告", journal_head="")
    assert "其他事项公告" in client.get(f"/notices/{made.code}/").text
    assert "其他公告" in client.get("/cycles/2026/").text
    assert Notice.objects.filter(kind="own_kind").count() == 1
