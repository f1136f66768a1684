"""What the cast needs of a source of chance. The source itself is handed in (`foundation.entropy.seeded`), so that a play repeats."""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence
from datetime import date, timedelta
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Chance(Protocol):
    """A seeded source of chance; `random.Random` is one."""

    def randint(self, a: int, b: int) -> int:
        """A whole number from a to b, both included."""

    def choice(self, seq: Sequence[T]) -> T:
        """One of a sequence."""

    def sample(self, population: Sequence[T], k: int) -> list[T]:
        """`k` different ones of a sequence, in random order."""

    def shuffle(self, x: MutableSequence[Any]) -> None:
        """Puts a list in random order."""


def one_in(rng: Chance, n: int) -> bool:
    """True once in `n` times."""
    return rng.randint(1, n) == 1


def day_between(rng: Chance, first: date, last: date) -> date:
    """A day from first to last, both included."""
    return first + timedelta(days=rng.randint(0, (last - first).days))


def some(rng: Chance, pool: Sequence[T], low: int, high: int) -> list[T]:
    """Between `low` and `high` different ones of a pool, in the pool's order."""
    chosen = set(rng.sample(range(len(pool)), min(len(pool), rng.randint(low, high))))
    return [value for index, value in enumerate(pool) if index in chosen]
