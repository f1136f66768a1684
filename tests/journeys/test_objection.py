"""A citizen objects to a published name in a real browser without scripts: a mistake, a proof, a receipt, the later look-up (J2, L2; X6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.foundation.test_inspect import image
from tests.journeys.server import manage, showing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.duty("J2", "L2")]
SIZES = [(1280, 800), (390, 844)]
LARGE = {"name": "zhiheng_display", "value": "large"}
ALL = (
    "/",
    "/notices/",
    "/notices/GS2026-014/",
    "/notices/GS2026-014/object/",
    "/notices/GS2026-013/object/",
    "/objections/",
    "/cycles/2026/",
    "/survey/2026/",
    "/survey/2026/thanks/",
    "/winners/",
    "/certificates/?number=HBZLJ-2024-001",
    "/certificates/?number=HBZLJ-2024-002",
    "/certificates/?number=1",
    "/entries/2024-Z-0002/",
    "/rules/",
    "/criteria/",
    "/criteria/front_line/",
    "/nothing",
)
MOST_BYTES = 150_000
ONCE = "from zhiheng.foundation.publicity.models import Objection"
WORLD = "from tests.faces.public.data import world; from tests.faces.public.test_survey import opened; opened(world().now)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def address(folder: Path, installed: Path) -> Iterator[str]:
    with showing(folder, installed, WORLD) as found:
        yield found


def faults(page: Page) -> list[str]:
    """What a reader should never meet on the page as it stands, at both sizes; axe looks at the narrow one."""
    found = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"{page.url} is {over} px too wide at {width}"] if over > 0 else []
    broken = Axe().run(page).response["violations"]
    return found + [f"{page.url}: {one['id']} {one['nodes'][0]['html']}" for one in broken if one["impact"] in {"serious", "critical"}]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_citizen_objects_without_scripts(chromium: Browser, address: str, folder: Path, tmp_path: Path, width: int, height: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    proof = tmp_path / "照片.png"
    proof.write_bytes(image("PNG"))

    page.goto(f"{address}/notices/GS2026-014/")
    page.get_by_role("link", name="在线提出异议").click()
    assert page.get_by_role("heading", level=1).inner_text() == "提出异议"
    page.get_by_label("所涉公示对象").select_option(label="秦皇岛沽源新能源科技有限公司")
    page.get_by_label("姓名或者单位名称").fill("王建国")
    page.get_by_label("联系方式", exact=True).fill(str(width))
    page.get_by_label("佐证材料").set_input_files(proof)
    page.get_by_role("button", name="下一步：核对").click()

    page.get_by_role("alert").get_by_role("link", name="请写明异议内容").click()
    assert page.url.endswith("#content")
    assert page.get_by_label("姓名或者单位名称").input_value() == "王建国"
    assert "照片.png" in page.locator(".kept").inner_text()
    page.get_by_label("异议内容").fill("所报业绩与实际不符。\n依据见附件。")
    page.get_by_role("button", name="下一步：核对").click()

    assert page.get_by_role("heading", level=2).first.inner_text() == "将作为正式异议受理"
    assert "照片.png" in page.locator(".facts").inner_text()
    page.get_by_role("button", name="返回修改").click()
    assert page.get_by_label("异议内容").input_value() == "所报业绩与实际不符。\n依据见附件。"
    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_role("button", name="确认提交").dblclick()

    page.wait_for_url("**/objections/received/**")
    assert page.get_by_role("heading", level=1).inner_text() == "异议受理回执"
    number, code = page.locator(".ticket dd").all_inner_texts()
    assert re.fullmatch(r"YY2026-[0-9A-F]{8}", number)
    assert page.locator("[data-print]").is_hidden(), "no button that does nothing"
    manage(
        folder,
        "shell",
        "--verbosity",
        "0",
        "--command",
        f"{ONCE}; assert Objection.objects.filter(name='王建国', contact='{width}').count() == 1",
    )

    page.get_by_role("link", name="查询办理情况").click()
    page.get_by_label("编号").fill(number)
    page.get_by_label("查询码").fill("22222-22222")
    page.get_by_role("button", name="查询").click()
    assert page.get_by_role("alert").inner_text() == "编号与查询码不符，请核对回执后再查"
    page.get_by_label("查询码").fill(code.lower())
    page.get_by_role("button", name="查询").click()
    assert page.locator(".result h2").inner_text() == "已受理"
    assert "王建国" not in page.content()
    context.close()


def test_a_citizen_rates_without_scripts_in_large_type(chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/")
    page.get_by_role("button", name="关怀版").click()
    assert page.url == f"{address}/"
    assert page.locator("html.large").count() == 1
    page.get_by_role("link", name="参与测评").click()
    assert page.locator("html.large").count() == 1
    page.get_by_role("group", name="王建国").get_by_label("基本满意").check()
    page.get_by_label("姓名", exact=True).fill("李秀兰")
    page.get_by_label("居民身份证号码").fill("130101199003070138")
    page.get_by_label("手机号码").fill("138 0000")
    page.get_by_role("button", name="提交评价").click()
    assert page.get_by_role("alert").get_by_role("link").all_inner_texts() == ["请填写11位手机号码"]
    assert page.get_by_role("group", name="王建国").get_by_label("基本满意").is_checked()
    page.get_by_label("手机号码").fill("138 0000 0000")
    page.get_by_role("button", name="提交评价").click()
    assert page.get_by_role("heading", level=1).inner_text() == "评价已收到，感谢您的参与"
    page.get_by_role("button", name="标准版").click()
    assert page.locator("html.large").count() == 0
    context.close()


def test_every_public_page_in_large_type(chromium: Browser, address: str) -> None:
    """In its usual size tests/faces/sweep/test_accessible.py looks at every page."""
    context = chromium.new_context(locale="zh-CN")
    context.add_cookies([{**LARGE, "url": address}])  # type: ignore[list-item]
    found: list[str] = []
    seen: list[str] = []
    context.on("request", lambda request: seen.append(request.url))
    context.on("weberror", lambda error: found.append(f"script: {error.error}"))
    for path in ALL:
        page = context.new_page()
        page.goto(address + path)
        assert page.locator("html.large").count() == 1
        found.extend(faults(page))
        assert page.get_by_role("heading", level=1).count() == 1, path
        page.close()
    context.close()
    assert found == []
    assert [url for url in seen if not url.startswith(address)] == []


def test_no_public_page_weighs_more_than_it_may(chromium: Browser, address: str) -> None:
    """Everything that a first visit brings over the wire, headers and all."""
    weights = {}
    for path in ALL:
        context = chromium.new_context(locale="zh-CN")
        page = context.new_page()
        page.goto(address + path)
        page.wait_for_load_state("load")
        entries = "performance.getEntries().filter(e => e.transferSize !== undefined).map(e => e.transferSize)"
        sizes = page.evaluate(entries)
        assert len(sizes) >= 4
        weights[path] = sum(sizes)
        context.close()
    assert {path: weight for path, weight in weights.items() if not 20_000 < weight < MOST_BYTES} == {}
