"""Template tags of the working pages' frame, and of what waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django import template
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from zhiheng.faces.desk.acting import Hat, seat
from zhiheng.faces.desk.links import task_url
from zhiheng.faces.desk.navigation import Item, current, items
from zhiheng.faces.shared.deadlines import Wait, wait
from zhiheng.faces.shared.house import article_link
from zhiheng.faces.shared.official import day, iso
from zhiheng.foundation import clock
from zhiheng.foundation.packs.selectors import calendar
from zhiheng.process.roles import ROLES

register = template.Library()


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the frame; here: whether the page lies below it, exact: whether it is the page itself."""

    title: Any
    url: str
    here: bool
    exact: bool


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> list[Link]:
    """The links of whoever sits here; none for who has no role. On a page that any account may see, who sits here is found now."""
    request = context.get("request")
    if request is not None and not hasattr(request, "desk") and getattr(request, "user", None) and request.user.is_authenticated:
        request.desk = seat(request)
    desk = getattr(request, "desk", None)
    if request is None or desk is None:
        return []
    cycle = context["site"].cycle
    if cycle and desk.hat.cycle not in ("", cycle.code):  # a role for another cycle only
        cycle = None
    found = items(desk.acting, cycle)
    here = current(found, request.path)
    return [_link(item, here, request.path) for item in found]


def _link(item: Item, here: Item | None, path: str) -> Link:
    return Link(item.title, item.url, item is here, item.url == path)


@register.simple_tag
def url_if(name: str, *args: Any) -> str:
    """The address of a page, or nothing where it does not exist."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.filter
def hat_title(hat: Hat) -> str:
    """A role as its holder knows it: 省质评办."""
    return _(ROLES.get(hat.role, hat.role))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a due list, ready to be drawn: marks are its classes, basis the citation, last its last day."""

    title: str
    url: str
    what: str
    basis: str
    blocked: str
    marks: str
    left: str = ""
    last: str = ""
    iso: str = ""


@register.simple_tag
def due_rows(items: Iterable[Any]) -> list[Row]:
    """The lines of a due list, as process.agenda gives them, or with a url of their own. One query for the whole list, if that."""
    waiting = list(items)
    days = calendar() if any(item.until for item in waiting) else None
    today = clock.today()
    return [_row(item, wait(item.until, today, days) if item.until and days else None) for item in waiting]


def _row(item: Any, left: Wait | None) -> Row:
    late = item.overdue or (left is not None and left.over)
    mark = " due-over" if late else " due-soon" if left and left.soon else ""
    marks = f"due-item{mark}{' due-blocked' if item.blocked else ''}"
    url = getattr(item, "url", "") or task_url(item.act, item.subject, getattr(item, "details", None))
    row = Row(item.title, url, item.what, article_link(item.article), item.blocked, marks)
    return replace(row, left=left.text, last=_("%(day)s截止") % {"day": day(item.until)}, iso=iso(item.until)) if left else row
