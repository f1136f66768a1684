"""Changing and resetting a password: reveals nothing, cannot be poisoned, dies after use, ends the other sessions (T9, T10)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.faces.accounts.people import PASSWORD, known, last_mail, link, sign_in, texts, who
from zhiheng.foundation.people.models import Account

RESET = "/accounts/password/reset/"
CHANGE = "/accounts/password/"
NEW = "another-Horse-88"


def ask(client: Client, email: str = "zhang@example.org", **headers: Any) -> Any:
    return client.post(RESET, {"email": email}, **headers)


def use(client: Client, path: str, password: str = NEW, again: str = "") -> Any:
    """The link opened and its form sent."""
    form = client.get(path, follow=True)
    return client.post(form.request["PATH_INFO"], {"password1": password, "password2": again or password})


# ------------------------------------------------------------------ the way through


def test_a_link_sets_a_new_password(client: Client, account: Account) -> None:
    answer = ask(client)
    assert (answer.status_code, answer["Location"]) == (302, f"{RESET}sent/")
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["zhang@example.org"], "【政府质量奖】设置新密码")
    assert "账号“zhang.san”" in sent.body
    path = link(sent.body)
    shown = client.get(path)
    assert shown["Location"].endswith("-set-password/")  # the token leaves the address at once
    assert use(client, path)["Location"] == f"{RESET}done/"
    assert who(client) == ""  # a reset signs nobody in
    assert sign_in(client, "zhang.san", PASSWORD).status_code == 200
    assert sign_in(client, "zhang.san", NEW).status_code == 302
    assert "密码已重置" in mail.outbox[-1].subject


def test_it_is_plain_text_in_chinese(account: Account) -> None:
    ask(Client())
    (sent,) = mail.outbox
    assert (type(sent).__name__, sent.content_subtype) == ("EmailMessage", "plain")
    assert str(sent.body) == (
        "您好！我们收到了为账号“zhang.san”设置新密码的请求。请在 1 小时内打开以下链接：\n\n"
        f"{settings.ZHIHENG_SITE_URL}{link(str(sent.body))}\n\n"
        "链接只能使用一次。如非您本人操作，请忽略本邮件，密码不会改变。\n\n"
        "——\n政府质量奖\nhttps://award.example.gov.cn\n本邮件由系统自动发出，请勿直接回复。\n"
    )


# ------------------------------------------------------------------ revealing nothing


def test_known_and_unknown_get_the_same_page_and_each_a_mail(account: Account) -> None:
    known("unsure", "unsure@example.org", verified=False)

    def told(email: str) -> tuple[int, str, str]:
        browser = Client()
        answer = ask(browser, email)
        return answer.status_code, answer["Location"], texts(browser.get(answer["Location"]))

    assert told("zhang@example.org") == told("nobody@example.org") == told("unsure@example.org")
    assert [m.to for m in mail.outbox] == [["zhang@example.org"], ["nobody@example.org"], ["unsure@example.org"]]
    assert [m.subject for m in mail.outbox] == ["【政府质量奖】设置新密码"] + ["【政府质量奖】没有找到账号"] * 2
    assert "http" not in mail.outbox[1].body.replace(settings.ZHIHENG_SITE_URL, "")


def test_the_work_is_alike(account: Account) -> None:
    """Both send one mail, which is what takes time; beside it a few queries lie between them and no hash."""

    def cost(email: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            ask(Client(), email)
        return len(queries)

    assert abs(cost("zhang@example.org") - cost("nobody@example.org")) <= 4


def test_an_unconfirmed_e_mail_opens_nothing(account: Account) -> None:
    """An address mistyped at registration is somebody else's."""
    known("unsure", "unsure@example.org", verified=False)
    ask(Client(), "unsure@example.org")
    assert "/reset/" not in last_mail()


def test_asking_is_limited(account: Account) -> None:
    assert [ask(Client(), REMOTE_ADDR=f"10.0.0.{n}").status_code for n in range(5)] == [302, 302, 302, 429, 429]
    assert len(mail.outbox) == 3


# ------------------------------------------------------------------ poisoning


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_HOST": "evil.example"},
        {"HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_HOST": "award.example.gov.cn:8443"},
        {"HTTP_ORIGIN": "https://evil.example", "HTTP_REFERER": "https://evil.example/"},
        {"HTTP_X_FORWARDED_PROTO": "http", "HTTP_FORWARDED": "host=evil.example"},
    ],
)
def test_no_header_gets_into_a_mail(account: Account, settings: Any, headers: dict[str, str]) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # even where the server answers to any host
    for email in ("zhang@example.org", "nobody@example.org"):
        ask(Client(), email, **headers)
    assert len(mail.outbox) == 2
    for sent in mail.outbox:
        assert "evil" not in sent.body + sent.subject
        assert "8443" not in sent.body
    assert link(mail.outbox[0].body).startswith(RESET)


def test_a_foreign_host_is_refused_anyway(account: Account) -> None:
    assert ask(Client(), HTTP_HOST="evil.example").status_code == 400
    assert mail.outbox == []


# ------------------------------------------------------------------ tokens die


def test_a_link_is_used_once(client: Client, account: Account) -> None:
    ask(client)
    path = link(last_mail())
    use(client, path)
    again = Client().get(path, follow=True)
    assert "链接无效" in texts(again)
    assert sign_in(Client(), "zhang.san", NEW).status_code == 302


def test_a_link_dies_when_the_password_is_changed(client: Client, account: Account) -> None:
    ask(Client())
    path = link(last_mail())
    sign_in(client, "zhang.san")
    client.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert "链接无效" in texts(Client().get(path, follow=True))


def test_a_form_opened_before_dies_with_it(client: Client, account: Account) -> None:
    ask(client)
    form = client.get(link(last_mail()), follow=True).request["PATH_INFO"]
    account.set_password("third-Horse-99")
    account.save()
    answer = client.post(form, {"password1": NEW, "password2": NEW})
    assert "链接无效" in texts(answer)
    assert sign_in(Client(), "zhang.san", NEW).status_code == 200


def test_a_link_holds_for_an_hour(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(Client())
    path = link(last_mail())
    now = datetime.now()  # noqa: DTZ005 - naive, as Django's own generator counts
    monkeypatch.setattr(default_token_generator, "_now", lambda: now + timedelta(minutes=59))
    assert "设置新密码" in texts(Client().get(path, follow=True))
    monkeypatch.setattr(default_token_generator, "_now", lambda: now + timedelta(minutes=61))
    assert "链接无效" in texts(Client().get(path, follow=True))


def test_a_link_is_worth_nothing_for_another(client: Client, account: Account) -> None:
    other = known("li.si", "li@example.org")
    ask(client)
    mine = link(last_mail())
    ask(client, "li@example.org")
    theirs = link(last_mail())
    mixed = RESET + theirs.removeprefix(RESET).split("-")[0] + "-" + mine.removeprefix(RESET).split("-", 1)[1]
    assert "链接无效" in texts(client.get(mixed, follow=True))
    assert other.check_password(PASSWORD)


# ------------------------------------------------------------------ weak and mistyped


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        ("short1", "short1", "密码太短，至少须有 10 个字符。"),
        ("20260302202603", "20260302202603", "密码不能全是数字。"),
        ("qwertyuiop", "qwertyuiop", "该密码过于常见，容易被猜中。"),
        ("zhang.san1", "zhang.san1", "密码与用户名或邮箱过于相近。"),
        (NEW, NEW + "x", "每次输入的密码必须相同。"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused_at_its_field(client: Client, account: Account, first: str, second: str, text: str) -> None:
    ask(client)
    answer = use(client, link(last_mail()), first, second)
    assert answer.status_code == 200
    assert text in texts(answer)
    assert "请先处理下列问题" in texts(answer)
    sign_in(client, "zhang.san")
    answer = client.post(CHANGE, {"oldpassword": PASSWORD, "password1": first, "password2": second})
    assert text in texts(answer)
    account.refresh_from_db()
    assert account.check_password(PASSWORD)


def test_the_old_password_is_asked(client: Client, account: Account) -> None:
    sign_in(client, "zhang.san")
    answer = client.post(CHANGE, {"oldpassword": "guess-Horse-1", "password1": NEW, "password2": NEW})
    assert "当前密码不正确" in texts(answer)
    statuses = [client.post(CHANGE, {"oldpassword": f"guess-{n}", "password1": NEW, "password2": NEW}).status_code for n in range(5)]
    assert statuses == [200, 200, 200, 200, 429]


# ------------------------------------------------------------------ sessions


def test_a_change_ends_the_other_sessions_and_renews_ones_own(client: Client, account: Account) -> None:
    other = Client()
    sign_in(client, "zhang.san")
    sign_in(other, "zhang.san")
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    answer = client.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/")
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert (who(client), who(other)) == ("zhang.san", "")
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = before
    assert who(stolen) == ""
    assert "密码已修改" in mail.outbox[-1].subject
    assert "地址：127.0.0.1" in mail.outbox[-1].body


def test_a_reset_ends_all_sessions(client: Client, account: Account) -> None:
    other = Client()
    sign_in(other, "zhang.san")
    ask(client)
    use(client, link(last_mail()))
    assert who(other) == ""


# ------------------------------------------------------------------ the mail server is away (X10)


@pytest.mark.parametrize("path", ["reset", "change"])
def test_pages_go_on_when_no_mail_can_leave(client: Client, account: Account, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    def away(self: Any, messages: Any) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", away)
    if path == "reset":
        for email in ("zhang@example.org", "nobody@example.org"):
            assert ask(Client(), email)["Location"] == f"{RESET}sent/"
    else:
        sign_in(client, "zhang.san")
        assert client.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}).status_code == 302
        account.refresh_from_db()
        assert account.check_password(NEW)
