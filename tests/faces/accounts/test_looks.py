"""Every page of the account in a real browser: nothing serious for axe, nothing sticks out at either width, usable by keyboard, and the
way in works without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from tests.faces.accounts.people import PASSWORD, code_of, known, sign_in
from tests.faces.accounts.test_factor import set_up
from zhiheng.foundation.administration import invitations, people
from zhiheng.foundation.people.invitations import token_of
from zhiheng.rules.lifecycle import Role

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SERIOUS = {"serious", "critical"}
OUTSIDE = [
    "login/", "login/?next=/desk/x/", "register/", "password/reset/", "password/reset/sent/", "password/reset/done/", "password/reset/1-x/",
    "email/x/", "email/sent/", "invitation/", "inactive/", "provider/cancelled/", "provider/error/",
]  # fmt: skip
INSIDE = [
    "", "password/", "email/", "sessions/", "factor/", "factor/app/remove/", "factor/codes/", "factor/codes/new/", "keys/", "keys/new/", "provider/",
    "logout/", "confirm/", "factor/confirm/",
]  # fmt: skip


@pytest.fixture
def context(chromium: Browser, live_server: Any) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=live_server.url)
    yield context
    context.close()


def faults(page: Page) -> list[str]:
    """What axe finds serious, and whether the page is wider than the window, at both widths."""
    found = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{page.url} {v['id']} {v['nodes'][0]['html']}" for v in Axe().run(page).response["violations"] if v["impact"] in SERIOUS]
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"{page.url} is {over} px too wide at {width}"] if over > 0 else []
        found += [f"{page.url} has {n} h1"] if (n := page.locator("h1").count()) != 1 else []
    return found


def visited(context: BrowserContext, paths: list[str]) -> list[str]:
    page = context.new_page()
    wrong: list[str] = []
    page.on("request", lambda r: wrong.append(r.url) if not r.url.startswith(("http://localhost:", "data:")) else None)
    page.on("pageerror", lambda e: wrong.append(str(e)))
    for path in paths:
        page.goto(f"/accounts/{path}")
        wrong += faults(page)
    return wrong


def test_outside(context: BrowserContext) -> None:
    assert visited(context, OUTSIDE) == []


def test_inside(context: BrowserContext, live_server: Any) -> None:
    known("li.office", "li@example.org", role=Role.OFFICE)
    client = Client()
    sign_in(client, "li.office")
    set_up(client)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": client.cookies["sessionid"].value, "url": live_server.url}])
    assert visited(context, INSIDE) == []


def test_an_invitation_and_a_form_with_faults(context: BrowserContext) -> None:
    admin = people.install("周管理")
    made = invitations.invite(admin, None, email="w@example.org", role=Role.EXPERT, name="王专家", id_number="E12345").value
    page = context.new_page()
    page.goto(f"/accounts/invitation/{token_of(made.nonce)}/")
    assert faults(page) == []
    page.get_by_role("button", name="开通账号").click()
    page.get_by_text("请先处理下列问题").wait_for()
    assert faults(page) == []


def test_by_keyboard_alone_and_without_scripts(chromium: Browser, live_server: Any) -> None:
    """From the sign-in page to the second factor's set-up and on: no script, no mouse."""
    known("li.office", "li@example.org", role=Role.OFFICE)
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/accounts/login/?next=/accounts/sessions/")
    page.locator("#id_login").focus()
    page.keyboard.type("li.office")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/accounts/sessions/")
    page.goto("/desk/")
    assert page.url.startswith(f"{live_server.url}/accounts/factor/app/")
    secret = page.locator(".typed-key").inner_text().strip()
    page.locator("#id_code").focus()
    page.keyboard.type(code_of(secret))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/accounts/factor/codes/")
    page.goto("/desk/")
    assert page.url == f"{live_server.url}/desk/"
    context.close()


def test_enlarged_twice_nothing_is_lost(context: BrowserContext) -> None:
    """200 %: half the window for the same text."""
    page = context.new_page()
    page.set_viewport_size({"width": 640, "height": 450})
    for path in ("login/", "register/"):
        page.goto(f"/accounts/{path}")
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        button = page.locator("form.block button[type=submit]").first
        button.scroll_into_view_if_needed()
        assert button.is_visible()
