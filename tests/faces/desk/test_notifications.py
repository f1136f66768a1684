"""The list of messages: one's own only, read by each for themselves; the bell; how one wants to hear elsewhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.faces.seating import seated, text
from tests.foundation.conftest import NOW, Town
from tests.foundation.mailing import account, tell
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.notifications.models import Notification, Preference, Reading
from zhiheng.foundation.people.models import Account, RoleGrant
from zhiheng.rules.lifecycle import EntryStatus, Role

LIST = reverse("desk:notifications")
READ = reverse("desk:notifications_read")
WISHES = reverse("desk:notification_preferences")
TITLES = re.compile(r'<li class="letter( letter-new)?">\s*<div class="letter-head">\s*<h2>([^<]*)</h2>')
SECRET = "金丝雀消息"


def shown(client: Client, address: str = LIST) -> list[tuple[str, bool]]:
    """Titles and whether they are new, as the page lists them."""
    answer = client.get(address)
    assert answer.status_code == 200
    return [(title, bool(new)) for new, title in TITLES.findall(answer.content.decode())]


def bell(client: Client) -> str:
    found = re.search(r'bell-count">([^<]*)<', client.get(LIST).content.decode())
    return found[1] if found else ""


@pytest.fixture
def office(town: Town) -> Acting:
    return town.acting(Role.OFFICE)


def test_ones_own_messages_newest_first_and_nobody_elses(town: Town, office: Acting) -> None:
    tell("role:office", title="给角色")
    tell("unit:office", title="给单位")
    tell(f"person:{office.code}", title="给本人")
    tell("role:agency", title=SECRET)
    tell("unit:west", title=SECRET)
    tell("person:p-other", title=SECRET, text=SECRET)
    client = seated(office)
    assert shown(client) == [("给本人", True), ("给单位", True), ("给角色", True)]
    assert SECRET not in client.get(LIST).content.decode()
    assert bell(client) == "3"


def test_the_answer_is_kept_by_no_cache(office: Acting) -> None:
    answer = seated(office).get(LIST)
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert "Cookie" in answer["Vary"]


def test_without_messages_the_page_says_so(office: Acting) -> None:
    client = seated(office)
    assert "还没有消息" in text(client.get(LIST))
    assert "没有未读消息" in text(client.get(LIST + "?show=unread"))
    assert bell(client) == ""


def test_not_signed_in_one_is_asked_to(db: None) -> None:
    for address in (LIST, WISHES):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert "/accounts/" in answer["Location"]


@pytest.mark.parametrize("count", [1, 3])
def test_reading_one_leaves_the_others_new(town: Town, office: Acting, count: int) -> None:
    rows = [tell("role:office", title=f"消息{n}")[0] for n in range(count)]
    client = seated(office)
    answer = client.post(READ, {"pk": rows[0].pk})
    assert (answer.status_code, answer["Location"]) == (303, LIST)
    assert shown(client) == [*((f"消息{n}", True) for n in range(count - 1, 0, -1)), ("消息0", False)]
    assert shown(client, LIST + "?show=unread") == [(f"消息{n}", True) for n in range(count - 1, 0, -1)]


def test_all_are_read_at_once_and_the_same_click_twice_changes_nothing(town: Town, office: Acting) -> None:
    for n in range(3):
        tell("role:office", title=f"消息{n}")
    client = seated(office)
    assert "已将 3 条消息标为已读" in text(client.post(READ, {"all": "1"}, follow=True))
    assert "没有未读消息" in text(client.post(READ, {"all": "1", "show": "unread"}, follow=True))
    assert [new for _, new in shown(client)] == [False, False, False]


def test_looking_changes_nothing(office: Acting) -> None:
    tell("role:office")
    client = seated(office)
    client.get(LIST)
    assert client.get(READ).status_code == 405
    assert not Reading.objects.exists()


@pytest.mark.parametrize("pk", ["x", "-1", "1e5", "9" * 40, "' OR 1=1", "", "１２"])
def test_bad_numbers_change_nothing(office: Acting, pk: str) -> None:
    tell("role:office")
    assert seated(office).post(READ, {"pk": pk}).status_code == 303
    assert not Reading.objects.exists()


def test_someone_elses_message_is_not_marked_and_leads_nowhere(town: Town, office: Acting) -> None:
    (row,) = tell("role:agency", title=SECRET)
    client = seated(office)
    assert client.post(READ, {"pk": row.pk}).status_code == 303
    assert client.post(READ, {"pk": row.pk, "go": "1"}).status_code == 404
    assert not Reading.objects.exists()


def test_going_to_an_entry_marks_its_message(town: Town, office: Acting) -> None:
    entry = town.entry(town.cycle(), EntryStatus.SUBMITTED)
    (row,) = tell("role:office", cycle=entry.cycle, title="收到推荐", subject=f"entry:{entry.code}")
    client = seated(office)
    assert "2026年度河北省政府质量奖" in text(client.get(LIST))
    answer = client.post(READ, {"pk": row.pk, "go": "1"})
    assert answer.status_code == 303
    assert answer["Location"] != LIST
    assert shown(client) == [("收到推荐", False)]


def test_an_entry_that_the_reader_cannot_reach_is_not_linked(town: Town) -> None:
    entry = town.entry(town.cycle(), EntryStatus.SUBMITTED)
    stranger = town.acting(Role.APPLICANT)
    tell(f"person:{stranger.code}", cycle=entry.cycle, title="消息", subject=f"entry:{entry.code}")
    page = seated(stranger).get(LIST).content.decode()
    assert "查看项目" not in page
    assert entry.code not in page


def test_a_role_taken_back_is_gone_from_the_list_at_the_next_request(town: Town, office: Acting) -> None:
    tell("role:office", title="给角色")
    other = town.acting(Role.EXPERT, person=office.person)
    client = seated(office)
    assert shown(client) == [("给角色", True)]
    RoleGrant.objects.filter(person=office.person, role="office").update(revoked_at=NOW)
    assert shown(client) == []
    assert other.code == office.code


def test_markup_in_a_message_stays_text(office: Acting) -> None:
    tell("role:office", title="<b>粗</b>", text="<script>alert(1)</script>\n第二行")
    page = seated(office).get(LIST).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>第二行" in page
    assert "<h2>&lt;b&gt;粗&lt;/b&gt;</h2>" in page


def test_fifty_a_page_and_the_filter_stays(office: Acting) -> None:
    Notification.objects.bulk_create(Notification(to="role:office", title=f"消息{n:03d}", text="", at=NOW) for n in range(120))
    client = seated(office)
    assert [title for title, _ in shown(client)] == [f"消息{n:03d}" for n in range(119, 69, -1)]
    page = client.get(LIST + "?show=unread&page=2").content.decode()
    assert "show=unread&amp;page=3" in page
    assert len(TITLES.findall(page)) == 50
    for wrong in ("0", "99", "x", "-1"):
        assert client.get(LIST + f"?page={wrong}").status_code == 200
    assert bell(client) == "99+"


@pytest.mark.parametrize("count", [1, 50])
def test_as_many_queries_for_one_as_for_a_page_full(town: Town, office: Acting, count: int) -> None:
    cycle = town.cycle()
    for n in range(count):
        entry = town.entry(cycle, EntryStatus.SUBMITTED, n + 1)
        tell("role:office", cycle=cycle, subject=f"entry:{entry.code}")
    client = seated(office)
    client.get(LIST)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(LIST).status_code == 200
    own = [q["sql"] for q in queries if "notifications_" in q["sql"]]
    assert len(own) == 5, own  # how many in all, those of the page, what of them is read (two), the bell
    assert len(queries) <= 14, [q["sql"][:100] for q in queries]


class TestWishes:
    @pytest.fixture
    def client(self, office: Acting) -> Client:
        assert office.person is not None
        account(office.person, email="zhang@example.test")
        return seated(office)

    def test_the_defaults_are_shown_and_nothing_is_saved_by_looking(self, client: Client) -> None:
        page = client.get(WISHES).content.decode()
        assert re.search(r'name="own" value="once"[^>]*checked', page)
        assert re.search(r'name="shared" value="digest"[^>]*checked', page)
        assert "zhang@example.test" in page
        assert not Preference.objects.exists()

    def test_they_are_kept_once_however_often_sent(self, client: Client) -> None:
        sent = {"own": "digest", "shared": "none", "mobile": " 13800138000 ", "wecom": "zhang.san"}
        for _ in range(2):
            answer = client.post(WISHES, sent)
            assert (answer.status_code, answer["Location"]) == (303, WISHES)
        held = Preference.objects.get()
        assert (held.own, held.shared, held.mobile, held.wecom) == ("digest", "none", "13800138000", "zhang.san")
        page = client.get(WISHES).content.decode()
        assert "消息提醒方式已保存" in page
        assert 'value="13800138000"' in page

    @pytest.mark.parametrize(
        ("name", "value", "fault"),
        [
            ("mobile", "12345", "请填写 11 位手机号码，例如 13800138000"),
            ("mobile", "１３８００１３８０００", "请填写 11 位手机号码，例如 13800138000"),
            ("mobile", "138001380001", ""),
            ("wecom", "张三", "企业微信账号只含字母、数字和 _ . @ -，请核对"),
            ("wecom", "a b", "企业微信账号只含字母、数字和 _ . @ -，请核对"),
            ("own", "hourly", ""),
        ],
    )
    def test_what_is_wrong_is_said_at_the_field_and_stays_typed(self, client: Client, name: str, value: str, fault: str) -> None:
        answer = client.post(WISHES, {"own": "once", "shared": "digest", name: value})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert fault in page
        assert 'class="error-box"' in page
        if name != "own":
            assert f'value="{value}"' in page
        assert not Preference.objects.exists()

    def test_without_a_choice_it_stays_as_it_was(self, client: Client) -> None:
        Preference.objects.create(account=Account.objects.get(), own="none", shared="once")
        assert client.post(WISHES, {"mobile": ""}).status_code == 303
        held = Preference.objects.get()
        assert (held.own, held.shared) == ("none", "once")

    def test_without_an_address_the_page_says_where_to_give_one(self, client: Client) -> None:
        Account.objects.update(email="")
        assert "您的账号尚未登记邮箱" in text(client.get(WISHES))

    def test_foreign_fields_are_ignored(self, client: Client, town: Town) -> None:
        other = account(town.person("他人"))
        client.post(WISHES, {"own": "none", "shared": "none", "account": str(other.pk), "id": "1"})
        assert Preference.objects.get().account.email == "zhang@example.test"


def test_forgery_is_refused(office: Acting, settings: Any) -> None:
    (row,) = tell("role:office")
    client = seated(office)
    client.handler.enforce_csrf_checks = True
    assert client.post(READ, {"pk": row.pk}).status_code == 403
    assert client.post(WISHES, {"own": "none"}).status_code == 403
    assert not Reading.objects.exists()
