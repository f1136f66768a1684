"""Every page × every role in a real browser: nothing serious for axe, nothing sticks out at any width, everything within reach of the keyboard.

The pages come from the resolver and from what waits on each home (pages.py), over cycles at many stages (scene.py): a new page is in here
by itself.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.faces.sweep.pages import PASSWORD
from tests.journeys.server import install, manage, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
SEATS = (
    "public", "office", "recommender", "department", "agency", "applicant", "expert", "chair", "member", "inspector", "admin", "leader", "winner",
)  # fmt: skip
BUILD = "from pathlib import Path; from tests.faces.sweep import scene, pages; scene.build(); pages.write(Path({to!r}))"
FOUND = "pages.json"
IMPACTS = {"moderate", "serious", "critical"}
WIDE, ENLARGED, PHONE = 1280, 640, 390  # px; a window of 1280 px shows a page at 200 % as one of 640 px
AXE = Axe().axe_script
CHECK = """async () => {
  const violations = (await axe.run({resultTypes: ['violations']})).violations;
  const outer = e => e.cloneNode(false).outerHTML;
  const shown = e => e.checkVisibility({visibilityProperty: true});
  const native = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
  const clicked = '[onclick], [role=button], [role=link], [role=tab], [role=switch], [role=checkbox], [role=menuitem], [hx-get], [hx-post]';
  const byItself = e => /load|every|revealed|change|input|submit/.test(e.getAttribute('hx-trigger') ?? '') || e.matches('form');
  const focusable = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')]
    .filter(e => shown(e) && !e.disabled && e.tabIndex >= 0);
  const told = violations.map(v => [v.impact, v.id, v.nodes.length, v.nodes[0].html]);
  for (const e of document.querySelectorAll('[tabindex]')) if (e.tabIndex > 0) told.push(['', 'tab order of its own', 1, outer(e)]);
  for (const e of document.querySelectorAll(`${native}, ${clicked}`))
    if (shown(e) && !e.disabled && e.tabIndex < 0 && !byItself(e) && !e.closest('[aria-hidden=true]')) told.push(['', 'not reached by Tab', 1, outer(e)]);
  const skip = focusable[0];
  if (document.querySelector('nav') && !(skip?.matches('a.skip') && document.querySelector(skip.getAttribute('href'))))
    told.push(['', 'does not begin with a way to the main part', 1, skip ? outer(skip) : '']);
  if (document.querySelectorAll('h1').length !== 1) told.push(['', 'has not one h1', 1, '']);
  return told;
}"""
FAULTY = """<!doctype html><html lang="zh-CN"><title>x</title><body style="margin: 0"><nav aria-label="甲"><a href="/" tabindex="3">甲</a></nav>
<main><section aria-label="乙"><div role="region" aria-label="乙"><p style="color: #ccc">又淡</p></div></section><img src="x.png">
<div onclick="1">丙</div><button tabindex="-1">丁</button><p style="width: 740px">太宽</p></main>"""
OVER = "document.scrollingElement.scrollWidth - innerWidth"


@dataclass(frozen=True)
class Site:
    """A running server and what there is to see on it."""

    address: str
    found: dict[str, Any]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, shared_folder: Path, installed: Path) -> Iterator[Site]:
    """A server of this worker's own, on a copy of the scene that whichever worker came first has built."""
    built = shared_folder / "scene"
    with built.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (built / FOUND).exists():
            shutil.rmtree(built, ignore_errors=True)  # another worker's that did not succeed
            install(built, installed)
            manage(built, "shell", "--verbosity", "0", "--command", BUILD.format(to=str(built / FOUND)))
    own = tmp_path_factory.mktemp("every") / "site"
    shutil.copytree(built, own)
    with serving(own) as address:
        yield Site(address, json.loads((own / FOUND).read_text(encoding="utf-8")))


def looked_at(page: Page) -> list[str]:
    """What is wrong with the page that is open."""
    page.evaluate(AXE)
    wrong = [f"{impact} {rule} ×{count}: {html}" for impact, rule, count, html in page.evaluate(CHECK) if impact in IMPACTS or not impact]
    for width in (WIDE, ENLARGED, PHONE):
        if width != WIDE:
            page.set_viewport_size({"width": width, "height": 900})
        if (over := page.evaluate(OVER)) > 0:
            wrong.append(f"{over} px too wide at {width}")
    page.set_viewport_size({"width": WIDE, "height": 900})
    return wrong


@pytest.mark.parametrize("seat", SEATS)
def test_every_page_of_a_role(chromium: Browser, site: Site, seat: str) -> None:
    assert set(site.found) == set(SEATS)
    context = chromium.new_context(viewport={"width": WIDE, "height": 900}, locale="zh-CN", reduced_motion="reduce")
    if session := site.found[seat]["session"]:
        context.add_cookies([{"name": "sessionid", "value": session, "url": site.address}])
    page, wrong = context.new_page(), []
    page.on("pageerror", lambda error: wrong.append(f"{page.url} script: {error}"))
    for path in site.found[seat]["pages"]:
        answer = page.goto(site.address + path)
        assert answer is not None
        if answer.status != 200 or page.url != site.address + path:
            wrong.append(f"{path}: {answer.status} at {page.url}")
        wrong += [f"{path} {one}" for one in looked_at(page)]
    context.close()
    assert site.found[seat]["pages"]
    assert wrong == []


def test_a_faulty_page_is_noticed(chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": WIDE, "height": 900})
    page.set_content(FAULTY)
    told = "\n".join(looked_at(page))
    for fault in (
        "critical image-alt",
        "serious color-contrast",
        "moderate landmark-unique",
        "tab order of its own",
        "100 px too wide at 640",
    ):
        assert fault in told
    assert told.count("not reached by Tab") == 2
    assert told.count("does not begin with") == told.count("has not one h1") == 1
    assert "too wide at 1280" not in told
    page.close()


def test_from_signing_in_to_the_receipt_by_keyboard_alone(chromium: Browser, site: Site) -> None:
    """What waits first on a home, done without a mouse: the way to the main part, the form, the look over it, the receipt."""
    page = chromium.new_page(viewport={"width": WIDE, "height": 900}, locale="zh-CN", reduced_motion="reduce")
    page.goto(f"{site.address}/desk/")
    tab_to(page, "#id_login")
    page.keyboard.type(site.found["recommender"]["login"])
    tab_to(page, "#id_password")
    page.keyboard.type(PASSWORD)
    enter(page)
    assert page.url == f"{site.address}/desk/"
    tab_to(page, "a.skip")
    page.keyboard.press("Enter")
    assert tab_to(page, ".due-title a") == 1, "the way to the main part leads there, and what waits first comes first"
    enter(page)
    assert "/desk/do/" in page.url
    fill_in(page)
    enter(page)
    tab_to(page, 'button[name="step"][value="confirm"]')
    enter(page)
    assert "/desk/receipts/" in page.url
    assert page.locator("h1").inner_text() == "办理回执"
    page.close()


def enter(page: Page) -> None:
    """Press Enter and wait for the page to which it leads."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tab_to(page: Page, wanted: str, most: int = 60) -> int:
    """Press Tab until something wanted has the focus; how often it took."""
    for pressed in range(1, most + 1):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return pressed
    raise AssertionError(f"{wanted} is not reached by Tab at {page.url}")


def fill_in(page: Page) -> None:
    """Go through the form by Tab, answer what has no answer yet, and stop on the button that goes on."""
    for _place in range(120):
        page.keyboard.press("Tab")
        kind = page.evaluate(
            "() => { const e = document.activeElement; return e.matches('.act-form [name=step][value=preview]') ? 'on' : e.matches('.act-form *') ? e.type : '' }"
        )
        if kind == "on":
            return
        if kind in ("radio", "checkbox"):
            page.keyboard.press("Space")
        elif kind in ("text", "textarea"):
            page.keyboard.type("情况属实。")
    raise AssertionError(f"the form at {page.url} has no end")
