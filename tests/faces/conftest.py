"""For pages too: an empty platform at a fixed moment (see tests/foundation/conftest.py)."""

from tests.foundation.conftest import declare, real_town, town

__all__ = ["declare", "real_town", "town"]
