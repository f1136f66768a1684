"""Bringing experts in from a workbook, in a real browser: what was checked is imported without being chosen again (F1)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import expect

from tests.faces.seating import seated
from tests.stages.playing import begun
from zhiheng.foundation import clock
from zhiheng.foundation.packs.services import store
from zhiheng.process.imports import experts
from zhiheng.simulation.world import World
from zhiheng.stages.panel.models import Expert

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def world(transactional_db: None) -> World:
    """A platform whose library is empty."""
    found = begun(orgs=1, persons=0)
    store(found.pack)
    return found


@pytest.fixture
def page(world: World, live_server: Any, chromium: Browser) -> Iterator[Page]:
    """The office's page of the import."""
    session = seated(world.people["office"]).cookies[settings.SESSION_COOKIE_NAME].value
    context = chromium.new_context(base_url=live_server.url)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    opened = context.new_page()
    opened.goto("/desk/library/import/")
    yield opened
    context.close()


def teardown_module() -> None:
    """The live server's threads have their own connections."""
    connection.close()


def workbook(world: World, path: Path, city: str) -> Path:
    """The template with one expert from this city."""
    path.write_bytes(experts.template(world.pack, clock.now()))
    book = openpyxl.load_workbook(path)
    sheet = book[experts.SHEET]
    heads = next(row for row in sheet.iter_rows() if row[0].value == f"{experts.CODE}*")
    place = {str(cell.value).removesuffix("*"): cell.column for cell in heads}
    values = {
        experts.CODE: "ZJ0001", experts.NAME: "宋知远", experts.ID: "130102198001010010", experts.EMPLOYER: "河北某研究院", experts.CITY: city,
        experts.INDUSTRIES: "26、27", experts.CATEGORIES: world.pack.awards[0].title.removesuffix("奖"),
    }  # fmt: skip
    for name, value in values.items():
        sheet.cell(heads[0].row + 1, place[name], value)
    book.save(path)
    return path


@pytest.mark.duty("F1")
def test_what_was_checked_is_imported_without_being_chosen_again(world: World, page: Page, tmp_path: Path) -> None:
    page.set_input_files("#file", workbook(world, tmp_path / "wrong.xlsx", "北京市"))
    page.check("#approve")
    page.get_by_role("button", name="只检查").click()
    expect(page.get_by_role("alert")).to_contain_text("共 1 处错误，均未导入")
    expect(page.get_by_role("alert")).to_contain_text("“北京市”不是推荐单位所在的市")
    page.set_input_files("#file", workbook(world, tmp_path / "right.xlsx", "唐山市"))
    page.get_by_role("button", name="只检查").click()
    expect(page.get_by_role("status")).to_contain_text("新登记 1 名，更新 0 名，无变化 0 名。核对无误后，请点击“检查并导入”。")
    assert Expert.objects.count() == 0
    page.get_by_role("button", name="检查并导入").click()
    expect(page.locator("main")).to_contain_text("导入完成：新登记 1 名")
    assert [(one.code, one.city, one.status) for one in Expert.objects.all()] == [("ZJ0001", "唐山市", "active")]
