"""One organization and one person from the call to the draw of their experts, by every role concerned, through the real pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys import applying, reviewing
from tests.journeys.server import install, manage, serving
from tests.journeys.stage import Actor

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, installed: Path) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("line")
    install(folder, installed)
    manage(folder, "shell", "--verbosity", "0", "--command", "from tests.journeys.stage import set_up; set_up()")
    with serving(folder) as found:
        yield found


def test_from_the_call_to_the_draw(chromium: Browser, address: str, tmp_path: Path) -> None:
    actor = Actor(chromium.new_page(viewport={"width": 1280, "height": 900}), address)
    applying.call(actor, tmp_path)
    applying.apply(actor, tmp_path)
    applying.recommend(actor, tmp_path)
    applying.qualify(actor, tmp_path)
    reviewing.draw(actor)
    assert actor.faults == []
