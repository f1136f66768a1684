"""Where one is signed in, and ending it there (T10)."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from tests.faces.accounts.people import known, sign_in, texts, who
from zhiheng.faces.accounts.sessions import device
from zhiheng.foundation.people.models import Account

SESSIONS = "/accounts/sessions/"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0"


def pk_of(agent: str) -> int:
    return UserSession.objects.get(user_agent=agent).pk


def test_each_place_is_listed_and_ones_own_first(client: Client, account: Account) -> None:
    phone = Client()
    sign_in(phone, "zhang.san", HTTP_USER_AGENT=PHONE, REMOTE_ADDR="10.0.0.7")
    sign_in(client, "zhang.san", HTTP_USER_AGENT=EDGE)
    page = client.get(SESSIONS)
    assert [(s.device, s.ip, s.here) for s in page.context["sessions"]] == [
        ("Edge · Windows", "127.0.0.1", True),
        ("微信 · iPhone", "10.0.0.7", False),
    ]
    assert "共 2 处登录" in texts(page)


def test_one_is_ended_there_at_once(client: Client, account: Account) -> None:
    phone, other = Client(), Client()
    sign_in(phone, "zhang.san", HTTP_USER_AGENT=PHONE)
    sign_in(other, "zhang.san", HTTP_USER_AGENT="other")
    sign_in(client, "zhang.san", HTTP_USER_AGENT=EDGE)
    answer = client.post(SESSIONS, {"session": pk_of(PHONE)})
    assert (answer.status_code, answer["Location"]) == (303, SESSIONS)
    assert (who(client), who(other), who(phone)) == ("zhang.san", "zhang.san", "")


def test_all_others_are_ended(client: Client, account: Account) -> None:
    others = [Client() for _ in range(3)]
    for other in others:
        sign_in(other, "zhang.san")
    sign_in(client, "zhang.san")
    client.post(SESSIONS, {"session": "others"})
    assert [who(other) for other in others] == ["", "", ""]
    assert who(client) == "zhang.san"
    assert UserSession.objects.count() == 1


def test_a_foreign_session_is_not_found(client: Client, account: Account) -> None:
    other = Client()
    known("li.si")
    sign_in(other, "li.si", HTTP_USER_AGENT=PHONE)
    sign_in(client, "zhang.san")
    assert "iPhone" not in texts(client.get(SESSIONS))
    assert client.post(SESSIONS, {"session": pk_of(PHONE)}).status_code == 404
    assert who(other) == "li.si"


@pytest.mark.parametrize("session", ["", "x", "-1", "0", "9" * 30])
def test_nonsense_is_not_found(client: Client, account: Account, session: str) -> None:
    sign_in(client, "zhang.san")
    assert client.post(SESSIONS, {"session": session}).status_code == 404


def test_a_session_that_ended_by_itself_is_not_listed(client: Client, account: Account) -> None:
    gone = Client()
    sign_in(gone, "zhang.san")
    gone.session.flush()
    sign_in(client, "zhang.san")
    assert len(client.get(SESSIONS).context["sessions"]) == 1


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (EDGE, "Edge · Windows"),
        (PHONE, "微信 · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox · Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15", "Safari · macOS"),
        ("curl/8", "未知设备"),
        ("", "未知设备"),
    ],
)
def test_devices_as_people_name_them(agent: str, name: str) -> None:
    assert device(agent) == name
