"""The rows of the list of entries: read as plain values and written as they are drawn, since there may be five hundred."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from html import escape

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from zhiheng.faces.shared.house import TONES
from zhiheng.faces.shared.official import day
from zhiheng.foundation import industries
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process.parts import Veil
from zhiheng.rules.lifecycle import STATUS_TITLES
from zhiheng.stages.application.models import Entry

FIELDS = (
    "code", "name", "party__employer__name", "award", "category", "recommender__city", "recommender__name", "industry", "status",
    "cycle_id", "submitted_at",
)  # fmt: skip
ANY = "-code-"  # stands for an entry's code in the one address that is made for all rows


def drawn(entries: QuerySet[Entry], cycles: Iterable[Cycle], veil: Veil) -> SafeString:
    """The body of the table: a row an entry, in their order. One query, however many.

    Written here and not by a template, which would take as long again for five hundred rows; every text that anybody typed is escaped.
    """
    kinds = {(cycle.pk, *key): escape(title) for cycle in cycles for key, title in _kinds(cycle)}
    return mark_safe("\n".join(_rows(entries, kinds, veil)))  # noqa: S308 - each text in it is escaped below


def _rows(entries: QuerySet[Entry], kinds: dict[tuple[int, str, str], str], veil: Veil) -> Iterator[str]:
    divisions, before, after = industries.divisions(), *reverse("desk:entry", args=[ANY]).split(ANY)
    head = [
        f'<td role="cell" data-label="{escape(label)}"' for label in (_("申报编号"), _("奖项"), _("推荐单位"), _("行业"), _("提交日期"))
    ]
    badges = {one: f'<span class="badge tone-{TONES[one.value]}">{escape(title)}</span>' for one, title in STATUS_TITLES.items()}
    days: dict[datetime | None, str] = {None: ""}
    for code, name, employer, award, category, city, unit, industry, status, cycle, at in entries.values_list(*FIELDS):
        if at not in days:
            days[at] = escape(day(at))
        written = escape(code)
        yield (
            f'<tr role="row">{head[0]} class="code">{written}</td>'
            f'<th scope="row" role="rowheader"><a href="{before}{written}{after}">{escape(name)}</a>'
            f"{f'<small>{escape(employer)}</small>' if employer else ''}</th>"
            f"{head[1]}>{kinds.get((cycle, award, category)) or escape(award)}</td>"
            f'{head[2]} class="nowrap">{escape(city or unit)}</td>{head[3]}>{divisions.get(industry, "")}</td>'
            f'<td role="cell">{badges[veil.shown(cycle, status)]}</td>{head[4]} class="nowrap">{days[at]}</td></tr>'
        )


def _kinds(cycle: Cycle) -> Iterator[tuple[tuple[str, str], str]]:
    """Award and category → their title; the category only where the award has several."""
    for award in rules_of(cycle).awards:
        for category in award.categories:
            yield (award.code, category.code), f"{award.title} · {category.title}" if len(award.categories) > 1 else award.title
