"""The neutral order of public lists: by name in pinyin, never by score (Q32)."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=8192)
def by_name(name: str) -> tuple[str, str]:
    """The sort key of a Chinese name: its pinyin with tones, and the name itself where two sound alike."""
    return " ".join(lazy_pinyin(name, style=Style.TONE3)).lower(), name
