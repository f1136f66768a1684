"""A citizen reads the site in a real browser: home, notice, entry, certificate, rules; on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.server import showing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, installed: Path) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    with showing(folder, installed, "from tests.faces.public.data import world; world()") as found:
        yield found


@dataclass
class Reader:
    """A page that keeps count of everything a reader should never meet."""

    page: Page
    address: str
    narrow: bool = True
    faults: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self.faults.append(f"console: {message.text}") if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", lambda request: self.seen.append(request.url))
        self.page.on("requestfailed", lambda request: self.faults.append(f"failed: {request.url}"))
        self.page.on("response", lambda answer: self.faults.append(f"{answer.status}: {answer.url}") if answer.status >= 400 else None)

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.look()

    def click(self, name: str, *, within: str = "main") -> None:
        self.page.locator(within).get_by_role("link", name=name, exact=True).first.click()
        self.look()

    def look(self) -> None:
        """The page as it stands: loaded, nothing sticks out, nothing that axe calls serious."""
        self.page.wait_for_load_state("load")
        over = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            self.faults.append(f"{self.page.url} is {over} px too wide")
        if not self.narrow:
            return  # one run of axe a page: where the least room is
        found = Axe().run(self.page).response["violations"]
        self.faults += [f"{self.page.url}: {one['id']} {one['nodes'][0]['html']}" for one in found if one["impact"] in SERIOUS]

    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_a_citizen_reads_the_site(chromium: Browser, address: str, width: int, height: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN", java_script_enabled=True)
    reader = Reader(context.new_page(), address, narrow=width < 500)
    page = reader.page

    reader.open("/")
    assert reader.heading() == "河北省政府质量奖"
    assert page.locator('.stages [aria-current="step"] .stage-title').inner_text() == "入围公示"
    assert "2026年9月15日（星期二）" in page.get_by_role("complementary", name="演示说明").inner_text()

    reader.click("关于2026年度河北省政府质量奖进入现场评审名单的公示")
    assert "还剩 4 个工作日" in page.locator(".headclock").inner_text()
    assert page.locator("table caption").all_inner_texts() == ["组织奖（14家）", "个人奖（7名）"]

    name = page.locator("table .who a").first.inner_text()
    reader.click(name)
    assert reader.heading() == name
    assert page.locator(".history strong").all_inner_texts() == ["列入拟推荐名单", "列入受理名单", "列入拟进入现场评审名单"]

    reader.click("证书查询", within="header.masthead")
    page.get_by_label("证书编号").fill("hbzlj-2024-002")
    page.get_by_role("button", name="查询").click()
    reader.look()
    assert page.locator(".result h2").inner_text() == "该证书对应的奖励已被取消，证书无效"

    reader.click("评审规则", within="header.masthead")
    page.locator(".toc").get_by_role("link", name="（三）资格审查", exact=True).click()
    reader.look()
    assert page.url.endswith("/rules/#art-4-(3)")
    expect(page.locator('[id="art-4-(3)"]')).to_be_in_viewport()

    for path in ("/notices/?cycle=2026&kind=city_publicity", "/cycles/2026/", "/winners/", "/certificates/?number=1"):
        reader.open(path)
    assert reader.faults == []
    assert [url for url in reader.seen if not url.startswith(address)] == []
    assert [cookie["name"] for cookie in context.cookies()] == ["csrftoken"], "the demo's clock bar; elsewhere there is none"
    context.close()


def test_everything_is_there_without_scripts_and_by_keyboard(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/notices/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "跳到正文"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.get_by_label("类别").select_option("表彰通报")
    page.get_by_role("button", name="筛选").click()
    assert page.locator(".notice-title").count() == 1
    context.close()


def test_a_faulty_page_is_noticed(chromium: Browser, address: str) -> None:
    """The checks of the journey see what they look for."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True)
    reader = Reader(context.new_page(), address)
    reader.open("/nothing")
    assert any("404" in fault for fault in reader.faults)
    reader.faults.clear()
    wide = "const p = document.createElement('p'); p.style.width = '900px'; p.style.color = '#eee'; p.textContent = '太宽又太淡的一行字'; document.querySelector('main').append(p)"
    reader.page.evaluate(wide)
    reader.look()
    assert any("too wide" in fault for fault in reader.faults)
    assert any("color-contrast" in fault for fault in reader.faults)
    context.close()
