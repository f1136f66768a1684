"""Signing in by user name or e-mail: what succeeds, what fails alike for the known and the unknown, where one goes next (T9, T10)."""

from typing import Any

import pytest
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.faces.accounts.people import LOGIN, PASSWORD, known, sign_in, texts, who
from zhiheng.foundation.people.models import Account

WRONG = "用户名（邮箱）或密码不正确。"


@pytest.mark.parametrize("login", ["zhang.san", "ZHANG.SAN", " zhang.san ", "zhang@example.org", "Zhang@Example.ORG"])
def test_user_name_and_e_mail_open_the_same_account(client: Client, account: Account, login: str) -> None:
    answer = sign_in(client, login)
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert who(client) == "zhang.san"


def test_a_wrong_password_opens_nothing(client: Client, account: Account) -> None:
    answer = sign_in(client, "zhang.san", PASSWORD + "x")
    assert answer.status_code == 200
    assert WRONG in texts(answer)
    assert 'value="zhang.san"' in answer.content.decode()  # what was typed stays
    assert PASSWORD not in answer.content.decode()
    assert who(client) == ""


def test_known_and_unknown_get_the_same_answer(account: Account) -> None:
    """Text and status; only the form's own token and what was typed differ."""

    def told(login: str) -> tuple[int, str]:
        answer = sign_in(Client(), login, "wrong-Password-1")
        return answer.status_code, texts(answer)

    assert told("zhang.san") == told("nobody") == told("zhang@example.org") == told("nobody@example.org")


def test_known_and_unknown_cost_the_same_queries_and_one_hash(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hash is what takes time. Counted, not timed: a count is the same on every machine."""
    hashes: list[str] = []
    original = MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str, **more: Any) -> str:
        hashes.append(password)
        return original(self, password, salt, **more)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    known("unsure", "unsure@example.org", verified=False)
    seen = {}
    for login in ("zhang.san", "zhang@example.org", "nobody", "nobody@example.org", "unsure@example.org"):
        hashes.clear()
        with CaptureQueriesContext(connection) as queries:
            sign_in(Client(), login, "wrong-Password-1")
        seen[login] = (len(hashes), len(queries))
    assert len(set(seen.values())) == 1, seen
    assert seen["nobody"][0] == 1


def test_without_the_guard_the_unknown_would_be_quicker(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above: it is the guard that hashes for names that nobody has."""
    monkeypatch.setattr(AuthenticationBackend, "_mitigate_timing_attack", lambda *_: None)
    hashes: list[str] = []
    original = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, p, s, **more: hashes.append(p) or original(self, p, s, **more))
    sign_in(Client(), "nobody", "wrong-Password-1")
    assert hashes == []
    sign_in(Client(), "zhang.san", "wrong-Password-1")
    assert len(hashes) == 1


def test_an_unconfirmed_e_mail_is_no_name(client: Client) -> None:
    """Else whoever typed an address first would be met there; the user name works."""
    known("unsure", "unsure@example.org", verified=False)
    assert WRONG in texts(sign_in(client, "unsure@example.org"))
    assert sign_in(client, "unsure").status_code == 302


def test_an_unconfirmed_e_mail_does_not_hide_the_confirmed_one(client: Client, account: Account) -> None:
    other = known("other")
    EmailAddress.objects.create(user=other, email="zhang@example.org", verified=False, primary=True)
    sign_in(client, "zhang@example.org")
    assert who(client) == "zhang.san"


def test_a_closed_account_stays_closed(client: Client, account: Account) -> None:
    Account.objects.update(is_active=False)
    answer = sign_in(client, "zhang.san")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/inactive/")
    assert who(client) == ""
    assert WRONG in texts(sign_in(client, "zhang.san", "wrong-Password-1"))  # only who knows the password is told


def test_an_account_closed_meanwhile_is_out_at_the_next_request(client: Client, account: Account) -> None:
    sign_in(client, "zhang.san")
    assert who(client) == "zhang.san"
    Account.objects.update(is_active=False)
    assert who(client) == ""


def test_the_session_is_another_after_signing_in(client: Client, account: Account) -> None:
    """Fixation: a session planted before is worth nothing afterwards (T10)."""
    client.get(LOGIN)
    session = client.session
    session["planted"] = "yes"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    before = session.session_key
    sign_in(client, "zhang.san")
    after = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert after != before
    planted = Client()
    planted.cookies[settings.SESSION_COOKIE_NAME] = before
    assert who(planted) == ""
    assert client.session["planted"] == "yes"  # and what the visitor had begun is kept


@pytest.mark.parametrize(
    ("next_", "to"),
    [
        ("/desk/do/x/entry:1/", "/desk/do/x/entry:1/"),
        ("https://evil.example/", "/desk/"),
        ("//evil.example/", "/desk/"),
        ("javascript:alert(1)", "/desk/"),
    ],
)
def test_one_goes_on_to_where_one_was_going_and_nowhere_else(client: Client, account: Account, next_: str, to: str) -> None:
    assert f'value="{next_}"' in client.get(LOGIN, {"next": next_}).content.decode()
    assert sign_in(client, "zhang.san", next=next_)["Location"] == to


def test_a_filled_form_survives(client: Client, account: Account) -> None:
    """What the anonymous session holds is still there after signing in: faces/desk/kept.py stands on it."""
    from zhiheng.faces.desk.kept import KEPT

    answer = client.post("/desk/switch/", {"text": "半页文字"})
    assert (answer.status_code, answer["Location"]) == (302, f"{LOGIN}?next=/desk/switch/")
    kept = client.session[KEPT]
    sign_in(client, "zhang.san", next="/desk/switch/")
    assert client.session[KEPT] == kept == {"path": "/desk/switch/", "data": "text=%E5%8D%8A%E9%A1%B5%E6%96%87%E5%AD%97"}


def test_who_is_in_already_goes_on(client: Client, account: Account) -> None:
    sign_in(client, "zhang.san")
    assert client.get(LOGIN)["Location"] == "/desk/"


def test_signing_out_asks_and_is_no_link(client: Client, account: Account) -> None:
    sign_in(client, "zhang.san")
    assert "退出后须重新登录" in texts(client.get("/accounts/logout/"))
    assert who(client) == "zhang.san"
    answer = client.post("/accounts/logout/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert who(client) == ""


def test_the_forms_token_is_asked(account: Account) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict, "zhang.san").status_code == 403
    strict.get(LOGIN)
    assert sign_in(strict, "zhang.san", csrfmiddlewaretoken=strict.cookies["csrftoken"].value).status_code == 302


@pytest.mark.parametrize(
    "path", [LOGIN, "/accounts/", "/accounts/password/", "/accounts/sessions/", "/accounts/password/reset/", "/accounts/register/"]
)
def test_no_answer_is_kept_by_a_cache(client: Client, account: Account, path: str) -> None:
    sign_in(client, "zhang.san") if path not in (LOGIN, "/accounts/register/") else None
    answer = client.get(path)
    assert answer.status_code == 200
    assert {"private", "no-store"} <= {part.strip() for part in answer["Cache-Control"].split(",")}
    assert "Cookie" in answer["Vary"]


def test_a_request_reads_session_and_account_with_its_person_and_no_more(client: Client, account: Account) -> None:
    sign_in(client, "zhang.san")
    with CaptureQueriesContext(connection) as queries:
        client.get("/accounts/logout/")
    own = [q["sql"] for q in queries if "people_" in q["sql"] or "django_session" in q["sql"]]
    assert len(own) == 2, own
    assert 'JOIN "people_person"' in own[1]


@pytest.mark.parametrize(
    "path", ["signup/", "phone/change/", "login/code/", "password/set/", "2fa/", "social/signup/", "3rdparty/", "provider/signup/"]
)
def test_what_is_not_wanted_does_not_exist(client: Client, path: str) -> None:
    for answer in (client.get(f"/accounts/{path}"), client.post(f"/accounts/{path}")):
        assert answer.status_code == 404
