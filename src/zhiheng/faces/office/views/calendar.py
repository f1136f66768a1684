"""The calendar of a cycle: list, month, file, and the private address to subscribe to."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhiheng.faces.desk.acting import DeskRequest, private
from zhiheng.faces.office import feeds, ics, months
from zhiheng.faces.office.downloads import attachment
from zhiheng.faces.office.tabs import Tab
from zhiheng.faces.office.views.page import draw, part
from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.packs.selectors import calendar as working_days
from zhiheng.process.deadlines import State, by_day, deadlines, undated

VIEWS = ("list", "month")


@part(Tab.CALENDAR)
def calendar(request: DeskRequest, cycle: Cycle) -> HttpResponse:
    """?view=month&month=2026-05 shows a month; otherwise the list: what presses, what runs, what is to come, what is done."""
    acting = request.desk.acting
    found = deadlines(acting, cycle)
    feed = feeds.of_grant(request.desk.hat.pk)
    address = request.build_absolute_uri(reverse("office:feed", args=[feeds.token(feed)])) if feed else ""
    chosen = "month" if request.GET.get("view") == "month" else "list"
    context: dict[str, Any] = {"view": chosen, "feed": feed, "feed_url": address, "today": clock.today(), "undated": undated(acting, cycle)}
    if chosen == "month":
        first = months.read(request.GET.get("month", ""), clock.today())
        marks = by_day(found, *months.span(first))
        context["weekdays"] = [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]
        context["busy"] = any(day.replace(day=1) == first for day in marks)
        context["month"] = months.month(first, working_days(), marks, clock.today())
    else:
        context["any"] = found or context["undated"]
        context["groups"] = [
            (title, name, [one for one in found if one.state in states])
            for title, name, states in (
                (_("逾期和期满待办"), "late", (State.OVERDUE, State.DUE)),
                (_("正在进行"), "running", (State.RUNNING, State.UNKNOWN)),
                (_("尚未开始"), "ahead", (State.AHEAD,)),
            )
        ]
        context["done"] = [one for one in reversed(found) if one.state is State.DONE]
        context["groups_any"] = any(group for _title, _name, group in context["groups"])
    return draw(request, cycle, Tab.CALENDAR, context)


@part(Tab.CALENDAR)
def file(request: DeskRequest, cycle: Cycle) -> HttpResponse:
    """The cycle's calendar as a file to import."""
    url = request.build_absolute_uri(reverse("office:calendar", args=[cycle.code]))
    found = feeds.events(cycle, deadlines(request.desk.acting, cycle), url)
    return attachment(f"{cycle.title}日程.ics", ics.calendar(cycle.title, found, clock.now()), ics.MIME)


@require_POST
@part(Tab.CALENDAR, read=False)
def subscribe(request: DeskRequest, cycle: Cycle) -> HttpResponse:
    """Make a new private address, or close the present one."""
    if request.POST.get("do") == "revoke":
        feeds.revoke(request.desk.hat.pk)
    else:
        feeds.make(request.desk.hat.pk)
    return HttpResponseRedirect(reverse("office:calendar", args=[cycle.code]) + "#subscribe", status=303)


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001 - the address says all
    """The calendar at a private address: no session, no cookie; asked by programs."""
    found = feeds.opened(token)
    if found is None:
        raise Http404
    return private(HttpResponse(feeds.whole(found), content_type=ics.MIME))
