"""The number of queries of a page does not grow with what it shows."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.faces.public.data import World, entry, notice, organizations, persons
from zhiheng.foundation import clock
from zhiheng.rules.lifecycle import EntryStatus
from zhiheng.stages.commendation.models import Certificate

MOST = 10
PAGES = [
    "/",
    "/notices/",
    "/notices/GS2024-005/",
    "/cycles/2024/",
    "/winners/",
    "/certificates/?number=HBZLJ-2024-002",
    "/entries/2024-Z-0002/",
    "/rules/",
    "/criteria/",
    "/notices/GS2026-014/object/",
    "/objections/",
]


def queries(client: Client, path: str) -> int:
    client.get(path)  # packs and calendar are read once a process
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("path", PAGES)
def test_queries_stay_the_same_with_a_hundred_rows(site: World, client: Client, path: str) -> None:
    before = queries(client, path)
    assert before <= MOST
    more = organizations("2024", 100, first=1000) + persons("2024", 20, first=1000)
    for n in range(100):
        notice(site.old, site.office, "accepted_list", clock.at(date(2025, 1, 2)) + timedelta(days=n), more, days=5, closed=True)
    notice(site.old, site.office, "commendation", clock.at(date(2025, 6, 2)), more[20:])
    for one in more[20:]:
        row = entry(site.old, one["code"], one["name"], EntryStatus.AWARDED)
        Certificate.objects.create(
            number=f"X-{one['code']}", entry=row, cycle=site.old, issued_on=date(2025, 6, 2), revoked_on=date(2026, 1, 5)
        )
    assert queries(client, path) == before
    if path == "/winners/":
        assert client.get(path).text.count("取消奖励</span>") == 101
