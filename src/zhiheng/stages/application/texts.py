"""Typed text as it may be kept: not longer than its column, and nothing in it that nobody can see (D1; T11)."""

from __future__ import annotations

import unicodedata

from zhiheng.rules.decision import Decision, Reason, decide

NAME = 60  # a person's name as signed
TITLE = 120
LONG = 5000

_BREAKS = frozenset("\n\r\t")


def visible(text: str) -> bool:
    """Whether the text has no control character but line breaks and tabs, and no half of a surrogate pair."""
    return not any(unicodedata.category(char) in {"Cc", "Cs"} and char not in _BREAKS for char in text)


def fit(article: str, duty: str, *typed: tuple[str, str, int]) -> Decision[None]:
    """Whether each (title, text, most characters) may be kept; the reasons name the field and say what to do. Emptiness is not asked."""
    reasons = []
    for title, text, most in typed:
        if len(text) > most:
            reasons.append(Reason(False, f"“{title}”超过 {most} 字，请精简", article, duty, "too_long"))
        if not visible(text):
            reasons.append(Reason(False, f"“{title}”含有不可见字符，请删除后重新填写", article, duty, "invisible"))
    return decide(reasons)
