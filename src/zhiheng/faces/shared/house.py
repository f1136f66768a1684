"""Template tags of the house style: states by meaning, citations that lead to the official text, days and scores on a scale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from zhiheng.faces.shared.articles import article_url
from zhiheng.faces.shared.official import day, moment
from zhiheng.faces.shared.scale import Scale, scale_of
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.rules.decision import cite
from zhiheng.rules.lifecycle import ENDED, STATUS_TITLES, EntryStatus

register = template.Library()
MOST_CELLS = 30
MOST_LINKS = 2000
#: Article, cycle and its pack → the citation as drawn: pages show the same few dozen over and over.
_LINKS: dict[tuple[str, str, str], SafeString] = {}
STOPPED = (EntryStatus.CANCELLED, EntryStatus.REVOKED)
TONES = {
    **{status.value: "busy" for status in EntryStatus},
    **{status.value: "over" for status in ENDED},
    **{status.value: "stop" for status in STOPPED},
    EntryStatus.DRAFT.value: "over",
    EntryStatus.CONFIRMED.value: "good",
    EntryStatus.AWARDED.value: "award",
}
TITLES = {status.value: title for status, title in STATUS_TITLES.items()}


@register.filter
def tone(status: str) -> str:
    """What an entry's status means, as a colour's name: busy, good, award, over, stop. The words always stand beside it."""
    return TONES.get(status, "")


@register.filter
def status_title(status: str) -> str:
    """An entry's status in words, in the page's language."""
    return gettext(TITLES.get(status, status))


@register.simple_tag
def article_link(article: str, cycle: Cycle | None = None) -> str | SafeString:
    """An article code as a citation that opens the official text; nothing for no code. cycle: in the version that binds it."""
    if not article:
        return ""
    key = (article, cycle.code, cycle.pack_id) if cycle else (article, "", "")
    if key not in _LINKS:
        if len(_LINKS) >= MOST_LINKS:  # more codes than any pack has: somebody's made them up
            _LINKS.clear()
        bound = format_html(' data-cycle="{}"', cycle.code) if cycle else ""
        url = article_url(article, cycle)
        _LINKS[key] = format_html('<a class="cite" href="{}" data-article="{}"{}>{}</a>', url, article, bound, cite(article))
    return _LINKS[key]


@register.filter
def shortened(digest: str) -> str:
    """A digest short enough to compare by eye: 3fa91c07…8be2."""
    return f"{digest[:8]}…{digest[-4:]}" if len(digest) > 16 else digest


@register.filter
def when(at: date | datetime | None) -> str:
    """A moment with its minute, a day without."""
    return moment(at) if isinstance(at, datetime) else day(at)


@register.simple_tag
def day_cells(days: int, left: int | None) -> list[str]:
    """A period's working days, each "past", "now" (the first that is still to come) or "next"; none for a period too long to draw."""
    if not days or left is None or not 0 <= left <= days <= MOST_CELLS:
        return []
    past = days - left
    return ["past"] * past + ["now"] * bool(left) + ["next"] * (left - 1)


@register.simple_tag
def scale(score: Fraction | int, top: int, marks: Iterable[Mapping[str, Any]] = ()) -> Scale:
    """A score from 0 to `top` with its thresholds (value, label, article), for the score strip."""
    return scale_of(Fraction(score), top, marks)
