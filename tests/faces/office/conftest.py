"""A running cycle at a fixed moment."""

from collections.abc import Iterator

import pytest

from tests.faces.office import cycles
from zhiheng.foundation import clock


@pytest.fixture
def world(db: None) -> Iterator[cycles.World]:
    made = cycles.world()
    with clock.travel(cycles.NOW):
        yield made
