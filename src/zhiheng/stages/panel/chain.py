"""The hash chain from which replacements take their seeds: its end is published with the freeze, each link proves the next one true.

Link n hashes to link n - 1, and link 0 is the end. Nobody can know link n + 1 from link n; everybody can check it.
"""

from __future__ import annotations

import hashlib

#: More replacements than any round will see.
LENGTH = 4096


def link(root: str, number: int) -> str:
    """Link `number` (0 … LENGTH), hex. Raises ValueError beyond the chain."""
    if not 0 <= number <= LENGTH:
        raise ValueError("the chain has no such link")
    return onward(root, LENGTH - number)


def onward(start: str, steps: int) -> str:
    """What a link hashes to after so many steps towards the end."""
    for _ in range(steps):
        start = hashlib.sha256(start.encode("ascii")).hexdigest()
    return start


def end_of(root: str) -> str:
    """The end of the chain, that is published."""
    return link(root, 0)
