"""The account's e-mail: another one counts once it is confirmed, and what belongs to somebody else is not told (T9, T10)."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from tests.faces.accounts.people import known, last_mail, link, sign_in, texts, who
from zhiheng.foundation import clock
from zhiheng.foundation.people.models import Account

EMAIL = "/accounts/email/"


def standing(account: Account) -> list[tuple[str, bool]]:
    return list(EmailAddress.objects.filter(user=account).order_by("email").values_list("email", "verified"))


def change(client: Client, email: str = "new@example.org") -> Any:
    return client.post(EMAIL, {"email": email, "action_add": ""})


def confirm(client: Client, path: str) -> Any:
    assert client.get(path).status_code == 200
    return client.post(path)


def test_another_counts_once_it_is_confirmed(client: Client, account: Account) -> None:
    sign_in(client, "zhang.san")
    assert change(client)["Location"] == EMAIL
    assert standing(account) == [("new@example.org", False), ("zhang@example.org", True)]
    assert "待确认" in texts(client.get(EMAIL))
    sent = mail.outbox[-1]
    assert (sent.to, sent.subject) == (["new@example.org"], "【政府质量奖】请确认邮箱")
    assert sign_in(Client(), "new@example.org").status_code == 200  # not yet
    confirm(Client(), link(sent.body))  # the link needs no session
    account.refresh_from_db()
    assert standing(account) == [("new@example.org", True)]
    assert account.email == "new@example.org"
    assert sign_in(Client(), "new@example.org").status_code == 302
    assert sign_in(Client(), "zhang@example.org").status_code == 200
    told = {to for m in mail.outbox if "账号邮箱已更换" in m.subject for to in m.to}
    assert "zhang@example.org" in told  # the old address hears of it


def test_who_has_a_second_factor_changes_it_too(client: Client, account: Account) -> None:
    """Else no official ever could: theirs is compulsory."""
    Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    client.force_login(account)
    session = client.session
    session["account_authentication_methods_user"] = str(account.pk)
    session["account_authentication_methods"] = [{"method": "mfa", "at": clock.real().timestamp()}]
    session.save()
    change(client)
    assert standing(account) == [("new@example.org", False), ("zhang@example.org", True)]


def test_mails_are_chinese_whatever_the_page_is_read_in(client: Client, account: Account) -> None:
    client.post(
        "/accounts/password/reset/", {"email": "zhang@example.org"}, HTTP_ACCEPT_LANGUAGE="en", headers={"cookie": "django_language=en"}
    )
    assert last_mail().startswith("您好！我们收到了为账号")


def test_opening_the_link_alone_confirms_nothing(client: Client, account: Account) -> None:
    """Mail scanners open links (T3)."""
    sign_in(client, "zhang.san")
    change(client)
    Client().get(link(last_mail()))
    assert standing(account) == [("new@example.org", False), ("zhang@example.org", True)]


def test_whose_an_address_is_stays_untold(client: Client, account: Account) -> None:
    known("li.si", "li@example.org")
    sign_in(client, "zhang.san")
    free = texts(change(client) and client.get(EMAIL)).replace("new@example.org", "X")
    client.post(EMAIL, {"email": "new@example.org", "action_remove": ""})
    client.get(EMAIL)
    taken = texts(change(client, "li@example.org") and client.get(EMAIL)).replace("li@example.org", "X")
    assert taken == free
    page = client.get(link(last_mail()))
    assert "已由其他账号确认" in texts(page)  # said only to who reads that mailbox
    client.post(link(last_mail()))
    assert sign_in(Client(), "li@example.org").status_code == 302
    assert standing(account) == [("li@example.org", False), ("zhang@example.org", True)]


@pytest.mark.parametrize(
    ("email", "text"),
    [("", "请填写"), ("nobody", "有效的"), ("zhang@example.org", "该邮箱已是您的账号邮箱"), ("a@b\r\nBcc: x@y.cn", "有效的")],
)
def test_bad_addresses(client: Client, account: Account, email: str, text: str) -> None:
    sign_in(client, "zhang.san")
    answer = change(client, email)
    assert answer.status_code == 200
    assert text in texts(answer)
    assert mail.outbox == []


def test_a_change_asks_who_one_is_unless_just_shown(client: Client, account: Account) -> None:
    sign_in(client, "zhang.san")
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    answer = change(client)
    assert answer["Location"].startswith("/accounts/confirm/?next=")
    assert standing(account) == [("zhang@example.org", True)]
    assert mail.outbox == []


def test_somebody_elses_address_is_not_touched(client: Client, account: Account) -> None:
    other = known("li.si", "li@example.org")
    sign_in(client, "zhang.san")
    for action in ("action_remove", "action_send", "action_primary"):
        client.post(EMAIL, {"email": "li@example.org", action: ""})
    assert standing(other) == [("li@example.org", True)]
    assert mail.outbox == []


@pytest.mark.parametrize("key", ["x", "MQ:1abc:def", "a" * 300])
def test_a_made_up_link_confirms_nothing(client: Client, account: Account, key: str) -> None:
    page = client.get(f"{EMAIL}{key}/")
    assert "不完整、已使用或已过期" in texts(page)
    assert client.post(f"{EMAIL}{key}/").status_code == 404


def test_who_confirms_anothers_link_is_signed_out_first(client: Client, account: Account) -> None:
    """So that nobody goes on in an account that is not theirs."""
    sign_in(client, "zhang.san")
    change(client)
    other = Client()
    known("li.si")
    sign_in(other, "li.si")
    confirm(other, link(last_mail()))
    assert who(other) == ""
