"""One organization and one person from the call to what follows the award, by every role concerned, through the real pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys import applying, deciding, proving, reviewing, visiting, voting
from tests.journeys.server import showing
from tests.journeys.stage import YEAR, Actor

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, installed: Path) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("line")
    with showing(folder, installed, "from tests.journeys.stage import set_up; set_up()") as found:
        yield found


STAGES: tuple[Callable[[Actor, Path], None], ...] = (
    applying.call,
    applying.apply,
    applying.recommend,
    applying.qualify,
    reviewing.draw,
    reviewing.score_materials,
    reviewing.shortlist,
    visiting.draw,
    visiting.visit,
    deciding.nominate,
    voting.fail,
    voting.resolve,
    deciding.publish,
    deciding.commend,
    deciding.follow_up,
    deciding.look_back,
)


def test_from_the_call_to_what_follows_the_award(chromium: Browser, address: str, tmp_path: Path) -> None:
    actor = Actor(chromium.new_context(viewport={"width": 1280, "height": 900}).new_page(), address)
    for stage in STAGES:
        stage(actor, tmp_path)
    proving.prove(actor, tmp_path, YEAR)
    assert actor.faults == []
