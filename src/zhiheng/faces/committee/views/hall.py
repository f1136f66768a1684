"""The committee of a cycle: its members, the candidates before it, its meetings."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhiheng.faces.committee.access import ROOM, VOTING, cycle_of
from zhiheng.faces.committee.board import lines
from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.desk.sending import receipt
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process import reach
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.committee import selectors
from zhiheng.stages.committee.models import Meeting


@require_safe
@desk(*ROOM)
def meetings(request: DeskRequest) -> HttpResponse:
    """To the meeting that is going on, or else to the committee of the newest cycle."""
    acting = request.desk.acting
    meeting = reach.meetings(acting).filter(status="open").first()
    if meeting is not None:
        return HttpResponseRedirect(reverse("committee:meeting", args=[meeting.pk]))
    cycles = reach.cycles(acting)
    if acting.role in VOTING:
        cycles = cycles.filter(members__person=acting.person, members__ended_at=None)
    cycle = cycles.first()
    if cycle is None:
        raise Http404
    return HttpResponseRedirect(reverse("committee:hall", args=[cycle.code]))


@require_safe
@desk(*ROOM)
def hall(request: DeskRequest, code: str) -> HttpResponse:
    """Members, candidates and meetings of a cycle."""
    acting = request.desk.acting
    cycle = cycle_of(acting, code)
    members = selectors.appointed(cycle)
    context = {
        "cycle": cycle,
        "members": members,
        "lines": lines(cycle),
        "meetings": numbered(cycle),
        "may_convene": acting.role == Role.CHAIR and any(m.chair and m.person == acting.person for m in members),
        "receipt": receipt(request, cycle),
    }
    return render(request, "committee/hall.html", context)


def numbered(cycle: Cycle) -> list[tuple[int, Meeting]]:
    """The cycle's meetings with their numbers, the newest first."""
    return list(enumerate(cycle.meetings.order_by("pk"), 1))[::-1]
