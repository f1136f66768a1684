"""A citizen objects to a proposed winner, the office finds it true, the committee's chair cancels the entry, and the rest is honoured."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys import objecting, proving
from tests.journeys.server import showing
from tests.journeys.stage import Actor, letter

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.duty("J2", "L2", "L3")]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, installed: Path) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("upheld")
    with showing(folder, installed, "from tests.journeys.objecting import set_up; set_up()") as found:
        yield found


def test_an_objection_upheld(chromium: Browser, address: str, tmp_path: Path) -> None:
    actor = Actor(chromium.new_context(viewport={"width": 1280, "height": 900}).new_page(), address)
    actor.become("office")
    actor.do("commendation.publish", objecting.CYCLE)
    notice = actor.notice()
    ticket = objecting.lodge(actor, notice, tmp_path)
    assert "已受理" in objecting.look_up(actor, ticket)
    objecting.uphold(actor, notice)
    said = objecting.look_up(actor, ticket)
    assert objecting.ANSWER in said
    assert "王建国" not in said
    actor.become("office")
    objecting.cancel(actor, ticket)
    head = letter(tmp_path, "河北省人民政府", "冀政字〔2024〕61号", actor.today())
    actor.do("commendation.approve", objecting.CYCLE, **head)
    actor.do("commendation.award", objecting.CYCLE)
    actor.open("/winners/")
    honoured = actor.page.locator("main").inner_text()
    assert ticket.name not in honoured
    assert "2024年度" in honoured
    proving.prove(actor, tmp_path, 2024)
    assert actor.faults == []
