"""The items of a score sheet as HTML. Their template is drawn once for a scheme and a language; a page only fills in what was given.

With thirty items of a dozen values each, drawing the template anew took longer than everything else on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhiheng.faces.expert.marking import TEXTS, Row
from zhiheng.faces.expert.wording import Worded

#: What differs from sheet to sheet, as the template names it.
SLOTS = ("options", "points", "band", "more", "wrong", "error", "described", "invalid", *TEXTS)
_MARK = re.compile("\x02(\\w+)\x03")


@lru_cache(maxsize=512)
def _pieces(worded: Worded, _language: str | None) -> tuple[str, ...]:
    """The item's HTML cut at its slots: text, slot, text, slot … text."""
    slots = {name: f"\x02{name}\x03" for name in SLOTS}
    return tuple(_MARK.split(render_to_string("expert/partials/item.html", {"worded": worded, "code": worded.item.code, "slot": slots})))


def cards(rows: Iterable[Row]) -> SafeString:
    """All items of a sheet."""
    language = get_language()
    return mark_safe("".join(_card(row, language) for row in rows))  # noqa: S308 - joined from escaped parts


def _card(row: Row, language: str | None) -> str:
    code = row.worded.item.code
    given: dict[str, str] = {
        "options": row.options,
        "points": f"{row.points} {_('分')}" if row.points else "",
        "band": format_html("<strong>{}</strong> {}", *row.band) if row.band[0] else "",
        "more": _more(row) if row.answer or row.evidence else "",
        "wrong": " field-wrong" if row.error else "",
        "described": f" error-{code}" if row.error else "",
        "invalid": mark_safe(' aria-invalid="true"') if row.error else "",
        "error": format_html('<p class="errorlist" id="error-{}">{}</p>', code, row.error) if row.error else "",
        **{name: row.texts.get(name, "") for name in TEXTS},
    }
    pieces = _pieces(row.worded, language)
    return "".join(piece if place % 2 == 0 else conditional_escape(given[piece]) for place, piece in enumerate(pieces))


def _more(row: Row) -> str:
    """What the applicant says and shows to the item."""
    shown = render_to_string("expert/partials/shown.html", {"row": row}) if row.evidence else ""
    return _answer(row.answer) + mark_safe(shown) if row.answer else shown  # noqa: S308 - a template's own output


def _answer(text: str) -> SafeString:
    """Up to thirty a page: put together without a template."""
    whole = '<details class="answer" open><summary>{}</summary><div class="reading">{}</div></details>'
    return format_html(whole, _("申报单位说明"), mark_safe(linebreaks(text, autoescape=True)))  # noqa: S308 - escaped by `linebreaks`
