"""The one source of chance: the operating system's, or, in a simulation only, a seeded one so that a play repeats exactly."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

_seeded: ContextVar[random.Random | None] = ContextVar("zhiheng_entropy", default=None)


def token(size: int = 16) -> str:
    """`size` random bytes as hex."""
    source = _seeded.get()
    return source.randbytes(size).hex() if source else secrets.token_hex(size)


def new_uuid() -> UUID:
    """A random (version 4) UUID."""
    return UUID(hex=token(16), version=4)


#: Chance that repeats.
Repeatable = random.Random


def repeatable(seed: str) -> Repeatable:
    """A source that gives the same for the same seed: for estimates that are shown and must repeat. Nothing may be decided by it."""
    return random.Random(seed)  # noqa: S311


@contextmanager
def seeded(seed: int | str) -> Iterator[random.Random]:
    """Within the block all chance comes from `seed`. For simulations and demos; never for real ballots, salts or draws.

    What it gives is a source of the play's own, so that a play stays the same however many tokens the engine takes.
    """
    mark = _seeded.set(random.Random(str(seed)))  # noqa: S311 - a play that must repeat
    try:
        yield repeatable(f"{seed}|play")
    finally:
        _seeded.reset(mark)
