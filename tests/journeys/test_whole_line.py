"""One organization and one person from the call to the certificate and beyond, by every role, through the real pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys.server import manage, serving
from tests.journeys.stage import Actor, letter

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
CYCLE = "cycle:2026"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("line")
    manage(folder, "migrate", "--noinput", "--verbosity", "0")
    manage(folder, "collectstatic", "--noinput", "--verbosity", "0")
    manage(folder, "shell", "--verbosity", "0", "--command", "from tests.journeys.stage import set_up; set_up()")
    with serving(folder) as found:
        yield found


def test_the_whole_line(chromium: Browser, address: str, tmp_path: Path) -> None:
    actor = Actor(chromium.new_page(viewport={"width": 1280, "height": 900}), address)
    call(actor, tmp_path)
    assert actor.faults == []


def call(actor: Actor, folder: Path) -> None:
    """C1: cycle, plan, approval, call."""
    actor.become("office")
    actor.do("cycle.create", "platform:-", todo=False, code="2026", year="2026")
    plan = {"text": "2026年度评选方案", "opens_on": "2026-03-09", "deadline": "2026-04-28T18:00"}
    actor.do("call.draft_plan", CYCLE, **plan)
    actor.refused("call.issue", CYCLE)
    actor.do("call.approve_plan", CYCLE, **letter(folder, "省评比达标表彰工作协调小组办公室", "冀评组办函〔2026〕6号", "2026-03-02"))
    actor.do("call.issue", CYCLE)
    actor.forward("deadline")
