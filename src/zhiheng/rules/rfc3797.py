"""Selection from public sources of randomness by RFC 3797: anybody repeats it with a hash function and a pocket calculator.

1. The sources, in the order announced, become one key: whole numbers in ascending order, each followed by ".", or one decimal number, or
   one word in capitals; after each source a "/".
2. Step i (from 0) hashes i as two bytes, the key, and i as two bytes again, and reads the digest as one large number.
3. The remainder by the number of those still in the pool says who of them is selected, counted from 0 in their order.

The RFC hashes with MD5. Other hash functions leave everything else as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from zhiheng.rules.decision import Decision, Reason, decide, no

#: Bytes in, digest out.
Digest = Callable[[bytes], bytes]
#: A step's number has two bytes.
LARGEST_POOL = 65_535

_WHOLE = re.compile(r"[0-9]+")
_DECIMAL = re.compile(r"([0-9]+)\.([0-9]+)")
_WORD = re.compile(r"[0-9A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Step:
    """One selection: its digest in hex, the number of those still in the pool, and who was selected (from 1)."""

    digest: str
    remaining: int
    selected: int


@dataclass(frozen=True, slots=True)
class Selection:
    """The key that was hashed, and the steps."""

    key: str
    steps: tuple[Step, ...]

    @property
    def selected(self) -> tuple[int, ...]:
        """The places in the pool, from 1, in the order of their selection."""
        return tuple(step.selected for step in self.steps)


def key_of(sources: Sequence[str]) -> Decision[str]:
    """The sources as one key, such as "9319./2.5.8.10.12./"; refused is a source that is neither numbers nor one word."""
    if not sources:
        return no("没有给出随机数来源，请至少给出一个", code="sources")
    parts = [_part(source) for source in sources]
    bad = [source for source, part in zip(sources, parts, strict=True) if not part]
    if bad:
        text = "随机数来源“{}”须为若干整数（以空格隔开）、一个小数或一串字母和数字，请更正"
        return decide(Reason(False, text.format(source), code="sources") for source in bad)
    return decide((), "".join(f"{part}/" for part in parts))


def _part(source: str) -> str:
    """The form of one source, without the closing slash; empty when it has none."""
    words = source.replace(",", " ").split()
    if words and all(_WHOLE.fullmatch(word) for word in words):
        return "".join(f"{number}." for number in sorted(int(word) for word in words))
    if len(words) != 1:
        return ""
    if decimal := _DECIMAL.fullmatch(words[0]):
        return f"{int(decimal[1])}.{decimal[2].rstrip('0')}"
    return words[0].upper() if _WORD.fullmatch(words[0]) else ""


def step_digest(key: str, index: int, digest: Digest) -> bytes:
    """The digest of one step, counted from 0."""
    number = index.to_bytes(2, "big")
    return digest(number + key.encode("ascii") + number)


def select(pool: int, picks: int, sources: Sequence[str], digest: Digest) -> Decision[Selection]:
    """Select `picks` of the places 1 … `pool`; refused when the numbers or the sources are wrong."""
    if not 1 <= pool <= LARGEST_POOL:
        return no(f"总数须在1至{LARGEST_POOL}之间，现为{pool}，请更正", code="pool")
    if not 1 <= picks <= pool:
        return no(f"抽取数须在1至总数{pool}之间，现为{picks}，请更正", code="picks")
    key = key_of(sources)
    if key.value is None:
        return decide(key.reasons)
    left = list(range(1, pool + 1))
    steps = []
    for index in range(picks):
        value = step_digest(key.value, index, digest)
        steps.append(Step(value.hex().upper(), len(left), left.pop(int.from_bytes(value, "big") % len(left))))
    return decide((), Selection(key.value, tuple(steps)))
