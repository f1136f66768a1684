"""The neutral order of public lists: by name in pinyin, never by score (Q32)."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

#: Family names that are read otherwise than the same character in other words.
SURNAMES = {
    "曾": "zeng1",
    "单": "shan4",
    "解": "xie4",
    "查": "zha1",
    "仇": "qiu2",
    "区": "ou1",
    "朴": "piao2",
    "盖": "ge3",
    "乐": "yue4",
    "翟": "zhai2",
    "缪": "miao4",
    "种": "chong2",
    "华": "hua4",
    "任": "ren2",
    "葛": "ge3",
    "燕": "yan1",
    "宁": "ning4",
    "那": "na1",
    "纪": "ji3",
    "尉": "wei4",
    "晁": "chao2",
    "召": "shao4",
    "折": "she2",
}


@lru_cache(maxsize=8192)
def by_name(name: str, person: bool = False) -> tuple[str, str]:
    """The sort key of a Chinese name: its pinyin with tones, and the name itself where two sound alike. person: it begins with a
    family name."""
    syllables = lazy_pinyin(name, style=Style.TONE3)
    if person and name[:1] in SURNAMES:
        syllables[0] = SURNAMES[name[0]]
    return " ".join(syllables).lower(), name
