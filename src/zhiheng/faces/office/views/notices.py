"""The notices of a cycle with their clocks, and the objections that wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.http import HttpResponse

from zhiheng.faces.desk.acting import DeskRequest
from zhiheng.faces.office.tabs import Tab
from zhiheng.faces.office.views.page import draw, part
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.publicity.models import Notice, Objection
from zhiheng.process import reach
from zhiheng.process.deadlines import Deadline, Kind, State, deadlines
from zhiheng.process.deadlines.periods import WAITING
from zhiheng.rules.lifecycle import Role

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Posted:
    """A notice in the list. clock: None for an announcement; mine: the acting unit's own; closes: it may be closed now."""

    notice: Notice
    unit: str
    posted: datetime
    ends: date | None
    objections: int
    clock: Deadline | None
    mine: bool

    @property
    def closes(self) -> bool:
        """Whether its owner may end it now."""
        return self.mine and self.clock is not None and self.clock.state is State.DUE


@part(Tab.NOTICES)
def notices(request: DeskRequest, cycle: Cycle) -> HttpResponse:
    """What runs or waits first, then the newest. The objections are those within reach: to most roles there are none."""
    acting = request.desk.acting
    clocks = {one.notice: one for one in deadlines(acting, cycle, frozenset({Kind.PUBLICITY}))}
    rows = reach.notices(acting).filter(cycle=cycle).select_related("unit").defer("body", "items")
    counted = reach.objections(acting).filter(notice__cycle=cycle).order_by().values_list("notice__code").annotate(n=Count("pk"))
    counts = dict(counted)
    running = Case(When(days__gt=0, closed_at=None, then=Value(0)), default=Value(1), output_field=IntegerField())
    page = Paginator(rows.order_by(running, "-posted_at", "-pk"), PER_PAGE).get_page(request.GET.get("page", "")[:6])
    posted = [_posted(acting, notice, clocks.get(notice.code), counts.get(notice.code, 0)) for notice in page]
    order = {State.OVERDUE: 0, State.DUE: 0, State.RUNNING: 1}
    posted.sort(key=lambda one: order.get(one.clock.state, 2) if one.clock else 2)
    waiting = list(_objections(acting, cycle).filter(formal=True, status__in=WAITING))
    others = list(_objections(acting, cycle).exclude(formal=True, status__in=WAITING)[:PER_PAGE])
    context = {
        "page": page,
        "posted": posted,
        "waiting": waiting,
        "others": others,
        "handles": acting.role in (Role.OFFICE, Role.RECOMMENDER),
        "objection_article": rules_of(cycle).article("J2", "四(八)2"),
        "unit": acting.unit,
    }
    return draw(request, cycle, Tab.NOTICES, context)


def _objections(acting: Acting, cycle: Cycle) -> QuerySet[Objection]:
    rows = reach.objections(acting).filter(notice__cycle=cycle).select_related("notice__unit")
    return rows.defer("notice__body", "notice__items", "content", "investigation", "answer").order_by("received_at", "pk")


def _posted(acting: Acting, notice: Notice, clock: Deadline | None, objections: int) -> Posted:
    mine = acting.unit is not None and notice.unit_id == acting.unit.pk and acting.role in (Role.OFFICE, Role.RECOMMENDER)
    city = notice.unit.city if notice.unit.kind == Role.RECOMMENDER else ""
    return Posted(notice, city, notice.posted_at, notice.ends_on, objections, clock, mine)
