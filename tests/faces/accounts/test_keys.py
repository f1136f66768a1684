"""Passkeys in a real browser with an authenticator: registered, used to sign in and as second factor, under the strict policy (T4, T10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.faces.accounts.people import PASSWORD, known, sign_in, texts, who
from zhiheng.foundation.people.models import Account

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture
def page(chromium: Browser, live_server: Any) -> Iterator[Page]:
    """A page whose machine has an authenticator with a finger on it. What the policy blocks, or a script breaks, fails the test."""
    context = chromium.new_context(base_url=live_server.url)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: wrong.append(str(e)))
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    context.close()
    assert wrong == []


def enter(page: Page, next_: str = "") -> None:
    page.goto(f"/accounts/login/{next_}")
    page.locator("#id_login").fill("zhang.san")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_load_state()


def leave(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="退出登录").click()
    page.wait_for_load_state()


def add(page: Page, *, passwordless: bool) -> None:
    page.goto("/accounts/keys/new/")
    page.locator("#id_name").fill("办公电脑")
    page.get_by_label("可不输入密码直接登录").set_checked(passwordless)
    page.get_by_role("button", name="登记").click()
    page.wait_for_url("**/accounts/factor/codes/")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_passkey_opens_without_a_password_and_goes_on(page: Page, live_server: Any) -> None:
    account = known("zhang.san", "zhang@example.org")
    enter(page)
    add(page, passwordless=True)
    assert sorted(Authenticator.objects.values_list("type", flat=True)) == ["recovery_codes", "webauthn"]
    page.goto("/accounts/keys/")
    assert "办公电脑" in page.locator("main").inner_text()
    assert "可直接登录" in page.locator("main").inner_text()
    leave(page)
    page.goto("/accounts/login/?next=/accounts/sessions/")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(f"{live_server.url}/accounts/sessions/")
    key = Authenticator.objects.get(type="webauthn")
    assert (key.user, key.last_used_at is not None) == (account, True)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_key_is_a_second_factor_after_the_password(page: Page, live_server: Any) -> None:
    known("zhang.san", "zhang@example.org")
    enter(page)
    add(page, passwordless=False)
    leave(page)
    enter(page, "?next=/accounts/sessions/")
    assert page.url.endswith("/accounts/factor/challenge/")
    page.get_by_role("button", name="用通行密钥验证").click()
    page.wait_for_url(f"{live_server.url}/accounts/sessions/")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_what_fails_is_said_on_the_page(chromium: Browser, live_server: Any) -> None:
    """A machine without a key: no alert box, no silence."""
    context = chromium.new_context(base_url=live_server.url)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True, "hasResidentKey": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/accounts/login/")
    assert not page.locator("#key_error").is_visible()
    page.get_by_role("button", name="用通行密钥登录").click()
    page.locator("#key_error").wait_for(state="visible")
    assert "未能使用通行密钥" in page.locator("#key_error").inner_text()
    context.close()


@pytest.mark.parametrize(
    "credential", ["", "x", "[]", "{}", '{"response": {"userHandle": "MQ"}}', '{"id": 1, "response": null}', "1" * 10_000]
)
def test_a_made_up_answer_opens_nothing(client: Client, account: Account, credential: str) -> None:
    client.get("/accounts/keys/login/", HTTP_ACCEPT="application/json")
    answer = client.post("/accounts/keys/login/", {"credential": credential})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")
    assert who(client) == ""


@pytest.mark.parametrize("credential", ["", "x", "{}", '{"id": "x", "rawId": 1}', '{"id": 1, "response": null}', "[" * 9_000])
def test_nor_registers_or_confirms_any(client: Client, account: Account, credential: str) -> None:
    sign_in(client, "zhang.san")
    answer = client.post("/accounts/keys/new/", {"credential": credential, "name": "x"})
    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


def test_anothers_key_is_not_found(client: Client, account: Account) -> None:
    other = known("li.si")
    key = Authenticator.objects.create(user=other, type="webauthn", data={"name": "李四的手机", "credential": {}})
    sign_in(client, "zhang.san")
    for path in (f"/accounts/keys/{key.pk}/", f"/accounts/keys/{key.pk}/remove/"):
        assert client.get(path).status_code == 404
        assert client.post(path, {"name": "x"}).status_code == 404
    assert "李四的手机" not in texts(client.get("/accounts/keys/"))
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_without_scripts_the_page_says_what_it_needs(client: Client, account: Account) -> None:
    sign_in(client, "zhang.san")
    assert "登记通行密钥需要浏览器启用 JavaScript" in texts(client.get("/accounts/keys/new/"))
