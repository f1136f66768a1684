"""What is typed into a search: cleaned, cut into words, and asked of the database however wide it was typed (T16)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q

LONGEST, MOST_WORDS = 60, 6
_WIDE = str.maketrans({ord("("): "（", ord(")"): "）", ord(","): "，"})


def cleaned(typed: str) -> str:
    """What was typed without control characters, with single spaces, at most LONGEST characters."""
    bare = "".join(" " if unicodedata.category(sign)[0] == "C" else sign for sign in typed[: LONGEST * 2])
    return " ".join(bare.split())[:LONGEST].rstrip()


def words(searched: str) -> list[str]:
    """The words searched for, at most MOST_WORDS."""
    return searched.split()[:MOST_WORDS]


def holds(word: str, names: Iterable[str]) -> Q:
    """That one of the fields has the word somewhere, however wide it and its brackets were typed. Two characters are enough on every
    database: no index of words is asked."""
    narrow = unicodedata.normalize("NFKC", word)
    forms = {word, narrow, narrow.translate(_WIDE)}
    return reduce(or_, (Q(**{f"{name}__icontains": form}) for name in names for form in sorted(forms)))
