"""Text as an office file may hold it, and how wide it is on paper."""

from __future__ import annotations

import re
import unicodedata

#: What XML 1.0 cannot hold (control characters, lone surrogates, non-characters), and the marks that turn the direction of text, with
#: which a name could be made to look like another one.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """The text without characters that an office file cannot hold or that would change how it reads; line ends as \\n."""
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def width(text: str) -> int:
    """How wide the widest line is, in Latin characters: a Chinese character counts two."""
    return max((sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line) for line in text.split("\n")), default=0)


#: Where a long title may be parted without tearing a term apart: after these, or before 关于.
_PARTING = "奖度的会司、，"


def balanced(text: str, most: int) -> str:
    """A title in as few lines as fit into `most` Latin characters each, parted between terms and of like length where it can be."""
    lines = -(-width(text) // most)
    if lines < 2:
        return text
    wanted = width(text) / lines
    fitting = [place for place in range(1, len(text)) if width(text[:place]) <= most and width(text[place:]) <= most * (lines - 1)]
    good = [place for place in fitting if text[place - 1] in _PARTING or text.startswith("关于", place)]
    place = min(good or fitting or [len(text)], key=lambda place: (abs(width(text[:place]) - wanted), place))
    return f"{text[:place]}\n{balanced(text[place:], most)}" if place < len(text) else text
