"""A site with both cycles, at a moment inside a publicity period; the clock and the packs read once before queries are counted."""

from collections.abc import Iterator

import pytest

from tests.faces.public import data
from zhiheng.foundation import clock


@pytest.fixture
def site(db: None) -> Iterator[data.World]:
    made = data.world()
    with clock.travel(data.NOW):
        yield made


@pytest.fixture
def empty_site(db: None) -> Iterator[None]:
    with clock.travel(data.NOW):
        yield
