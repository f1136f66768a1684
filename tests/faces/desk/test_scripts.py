"""The pages' own scripts in a real browser: the article over the page, drafts, one submission; and the design system under axe."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from playwright.sync_api import expect

from tests.architecture.source import ROOT
from tests.faces.public import data

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser
STATIC = ROOT / "src/zhiheng/faces/static"
HERE = "http://desk.test/"
FORM = """<!doctype html><html lang="zh-CN"><title>x</title><script type="module" src="/form.js"></script>
<body data-saving="正在保存" data-saved="草稿已保存" data-unsaved="草稿未能保存">
<form method="post" action="/sent" data-autosave="/draft" data-once><input name="csrfmiddlewaretoken" type="hidden" value="t">
<input type="hidden" name="draft_revision" value="3"><label>说明<input name="text"></label><input type="file" name="scan">
<button name="step" value="preview">下一步</button><span data-autosave-status></span></form></body></html>"""

#: Every control in the page's order, and how each looks without the focus; of several radios of a name Tab comes to one.
REMEMBER = """() => {
  window.look = e => [e, e.closest('label')].filter(Boolean).map(one => {
    const s = getComputedStyle(one);
    return [s.outlineStyle === 'none' ? '' : s.outlineStyle + s.outlineWidth + s.outlineColor, s.boxShadow].join(';');
  }).join(' ');
  const every = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')];
  const one = e => e.type !== 'radio' || e.checked || (!every.some(o => o.name === e.name && o.form === e.form && o.checked)
    && every.find(o => o.type === 'radio' && o.name === e.name && o.form === e.form) === e);
  window.controls = every.filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && one(e));
  document.body.tabIndex = -1;
  document.body.focus(); // from the beginning, wherever the page itself has put the focus
  document.body.removeAttribute('tabindex');
  window.before = controls.map(look);
  return controls.length;
}"""
FOCUSED = """() => {
  const e = document.activeElement, place = controls.indexOf(e);
  return [e === document.body ? -1 : place, look(e) === before[place] ? e.outerHTML.slice(0, 200) : ''];
}"""


class Desk:
    """A page with a form and our script; what the script sends, and what it is answered."""

    def __init__(self, browser: Browser) -> None:
        self.drafts: list[str] = []
        self.sent: list[str] = []
        self.answer: dict[str, Any] = {"status": 200, "body": json.dumps({"saved": "14:05", "revision": 4})}
        self.context = browser.new_context()
        self.context.clock.install()
        self.page: Page = self.context.new_page()
        self.page.route("**/*", self._serve)
        self.page.goto(HERE)

    def _serve(self, route: Route) -> None:
        path = route.request.url.removeprefix(HERE)
        if path.endswith(".js"):
            route.fulfill(body=(STATIC / path).read_text(encoding="utf-8"), content_type="text/javascript")
        elif path == "draft":
            self.drafts.append(route.request.post_data or "")
            route.fulfill(content_type="application/json", **self.answer) if self.answer else route.abort()
        elif path == "sent":
            self.sent.append(route.request.post_data or "")
            route.fulfill(status=204)  # the page stays, as while a server takes its time
        else:
            route.fulfill(body=FORM, content_type="text/html; charset=utf-8")

    def types(self, text: str) -> None:
        """Type, and let the pause after the last key pass."""
        self.page.fill("[name=text]", text)
        self.page.clock.run_for(1600)

    @property
    def status(self) -> Any:
        """The line that says how the draft stands."""
        return expect(self.page.locator("[data-autosave-status]"))


@pytest.fixture
def desk(chromium: Browser) -> Iterator[Desk]:
    found = Desk(chromium)
    yield found
    found.context.close()


class TestDrafts:
    def test_what_is_typed_is_kept_after_a_pause_and_the_page_says_when(self, desk: Desk) -> None:
        desk.types("情况属实")
        desk.status.to_have_text("草稿已保存 14:05")
        assert len(desk.drafts) == 1
        for part in ('name="_draft"', 'name="csrfmiddlewaretoken"', "情况属实"):
            assert part in desk.drafts[0]
        assert 'name="scan"' not in desk.drafts[0]
        expect(desk.page.locator("[name=draft_revision]")).to_have_value("4")

    def test_a_newer_draft_of_another_window_is_not_overwritten(self, desk: Desk) -> None:
        desk.answer = {"status": 409, "body": json.dumps({"stale": "另一窗口已保存了较新的草稿"})}
        desk.types("甲")
        desk.status.to_have_text("另一窗口已保存了较新的草稿")
        desk.types("乙")
        desk.page.clock.run_for(60_000)
        assert len(desk.drafts) == 1

    def test_what_could_not_be_kept_is_tried_again(self, desk: Desk) -> None:
        desk.answer = {}
        desk.types("甲")
        desk.status.to_have_text("草稿未能保存")
        desk.answer = {"status": 204}
        desk.page.clock.run_for(7000)
        desk.status.to_have_text("草稿已保存")
        assert len(desk.drafts) == 2

    def test_leaving_with_unsaved_work_is_asked_about(self, desk: Desk) -> None:
        desk.page.click("[name=text]")
        desk.page.keyboard.type("甲")
        with desk.page.expect_event("dialog") as asked:
            desk.page.close(run_before_unload=True)
        assert asked.value.type == "beforeunload"
        with desk.page.expect_event("close"):
            asked.value.accept()


def test_a_form_is_sent_once_with_its_buttons_value(desk: Desk) -> None:
    desk.page.evaluate("const b = document.querySelector('button'); b.click(); b.click()")
    expect(desk.page.locator("button")).to_have_attribute("aria-busy", "true")
    desk.page.evaluate("document.querySelector('form').requestSubmit()")
    desk.page.evaluate("fetch('/asked-after-it')")
    assert len(desk.sent) == 1
    assert "step=preview" in desk.sent[0]


@pytest.mark.urls("tests.faces.desk.debug_urls")
class TestDesignSystem:
    @pytest.fixture(autouse=True)
    def _site(self, transactional_db: None) -> None:
        data.world()

    @pytest.mark.parametrize("width", [1280, 390])
    def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(self, live_server: Any, chromium: Browser, width: int) -> None:
        from axe_playwright_python.sync_playwright import Axe

        page = chromium.new_page(viewport={"width": width, "height": 900})
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
        page.goto(f"{live_server.url}/styleguide/")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert told == []
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []
        page.close()

    def test_by_tab_everything_is_reached_in_order_and_seen_to_be(self, live_server: Any, chromium: Browser) -> None:
        """Of every control on the page: Tab comes to it, in the page's own order, and it then looks otherwise than before."""
        page = chromium.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        page.goto(f"{live_server.url}/styleguide/")
        wanted = page.evaluate(REMEMBER)
        reached, unseen = [], []
        for _press in range(wanted + 40):
            page.keyboard.press("Tab")
            place, look = page.evaluate(FOCUSED)
            if place < 0:
                break
            reached += [place] if place not in reached[-1:] else []  # a date has several stops
            unseen += [look] if look else []
        assert unseen == []
        missed = [page.evaluate("n => controls[n].outerHTML.slice(0, 200)", n) for n in sorted(set(range(wanted)) - set(reached))]
        assert missed == []
        assert reached == sorted(reached)
        page.close()

    def test_a_citation_opens_its_article_over_the_page_and_gives_the_focus_back(self, live_server: Any, chromium: Browser) -> None:
        page = chromium.new_page()
        page.goto(f"{live_server.url}/styleguide/")
        link = page.locator("a[data-article]").first
        link.focus()
        page.keyboard.press("Enter")
        box = page.get_by_role("dialog", name="《细则》四（二）")
        expect(box).to_be_visible()
        expect(box.get_by_role("link", name="在评审规则全文中查看")).to_have_attribute("href", "/rules/#art-4-(2)")
        page.keyboard.press("Escape")
        expect(box).to_be_hidden()
        expect(link).to_be_focused()
        page.close()

    def test_without_a_script_the_citation_leads_to_the_text_and_the_role_is_changed(self, live_server: Any, chromium: Browser) -> None:
        context = chromium.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{live_server.url}/styleguide/")
        page.locator(".hat summary").click()
        expect(page.get_by_role("button", name="推荐单位")).to_be_visible()
        page.locator("a[data-article]").first.click()
        page.wait_for_url("**/rules/#art-4-(2)")
        context.close()

    def test_the_menu_closes_on_escape_and_keeps_the_focus(self, live_server: Any, chromium: Browser) -> None:
        page = chromium.new_page(viewport={"width": 390, "height": 800})
        page.goto(f"{live_server.url}/styleguide/")
        menu = page.locator(".menu summary")
        menu.press("Enter")
        expect(page.get_by_role("navigation", name="主导航").get_by_role("link", name="待办")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".menu")).not_to_have_attribute("open", "")
        expect(menu).to_be_focused()
        page.close()


def teardown_module() -> None:
    """The live server's threads have their own connections."""
    connection.close()
