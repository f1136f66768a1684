"""The rows of the expert library as a list shows them, and as a sheet takes them out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhiheng.faces.desk.experts.words import Book
from zhiheng.foundation import clock, industries
from zhiheng.foundation.documents.sheet import Cell
from zhiheng.process.imports.experts import cells
from zhiheng.rules.pack import Pack
from zhiheng.stages.panel import profile
from zhiheng.stages.panel.models import Expert, Revision
from zhiheng.stages.panel.selectors import unfit

TONES = {"proposed": "warn", "active": "good", "suspended": "stop", "removed": "over"}
SHOWN = 3  # divisions in a row


class Row(NamedTuple):
    """An expert as the list shows it. note: why they cannot be drawn today, or that a change waits."""

    code: str
    name: str
    title: str
    employer: str
    industries: str
    scope: str
    city: str
    leader: bool
    status: str
    tone: str
    note: str


def rows(experts: QuerySet[Expert], book: Book, pack: Pack | None) -> list[Row]:
    """These experts. Three queries, however many."""
    found = list(experts.select_related("person").prefetch_related("absences"))
    changing = set(Revision.objects.filter(status="pending", expert__in=[e.pk for e in found]).values_list("expert", flat=True))
    return [_row(expert, book, pack, changing=expert.pk in changing) for expert in found]


def _row(expert: Expert, book: Book, pack: Pack | None, *, changing: bool) -> Row:
    why = unfit(expert, clock.today(), pack.parameters) if pack and expert.status == "active" else ""
    names, known = [*expert.main_industries, *(d for d in expert.industries if d not in expert.main_industries)], industries.divisions()
    more = _("等%(n)s个行业") % {"n": len(names)} if len(names) > SHOWN else ""
    return Row(
        expert.code, expert.person.name, expert.title, expert.employer, "、".join(known.get(d, d) for d in names[:SHOWN]) + more,
        book.text("categories", expert.categories), expert.city, expert.leader, _(expert.get_status_display()),
        TONES[expert.status], why or (_("变更待审核") if changing else ""),
    )  # fmt: skip


def sheet_rows(experts: Iterable[Expert], pack: Pack) -> list[list[Cell]]:
    """These experts in the columns of the form that is taken in again. Persons and absences must be fetched ahead."""
    make = cells(pack)
    found = []
    for e in experts:
        away: list[Any] = sorted((a.from_on, a.until_on, a.note) for a in e.absences.all())
        found.append(make(e.code, e.person.name, e.person.id_mask, e.person.contact, profile.held(e), away))
    return found
