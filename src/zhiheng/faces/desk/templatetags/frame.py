"""Template tags of the working pages' frame, and of what waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.template.context import Context
from django.urls import NoReverseMatch, reverse

from zhiheng.faces.desk.acting import Hat
from zhiheng.faces.desk.links import act_url
from zhiheng.faces.desk.navigation import Item, current, items
from zhiheng.faces.shared.deadlines import Wait, wait
from zhiheng.foundation import clock
from zhiheng.foundation.packs.selectors import calendar
from zhiheng.process.roles import ROLES
from zhiheng.rules.calendar import WorkCalendar

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
    """The links of whoever sits here; none for who has no role."""
    request = context.get("request")
    desk = getattr(request, "desk", None)
    if request is None or desk is None:
        return []
    found = items(desk.acting, context["site"].cycle)
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
    return ROLES.get(hat.role, hat.role)


@register.simple_tag
def working_days() -> WorkCalendar:
    """The calendar, for `due`: one query for a whole list."""
    return calendar()


@register.simple_tag
def due(item: Any, days: WorkCalendar) -> Wait | None:
    """How long an item of a due list may still wait; None where no day is fixed."""
    return wait(item.until, clock.today(), days) if item.until else None


@register.simple_tag
def due_url(item: Any) -> str:
    """Where an item of a due list is done."""
    if url := getattr(item, "url", ""):
        return str(url)
    return act_url(item.act, item.subject)
