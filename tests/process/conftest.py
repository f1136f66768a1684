"""What the tests of the process layer share."""

import pytest

from tests.rules.worked import HEBEI
from zhiheng.foundation.packs.loader import load_pack
from zhiheng.rules.pack import Pack


@pytest.fixture(scope="session")
def hebei() -> Pack:
    """The real pack."""
    return load_pack(HEBEI)
