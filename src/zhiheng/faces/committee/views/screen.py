"""The big screen: what everybody in the room may read from the last row. No controls, and no names of members."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhiheng.faces.committee.access import ROOM, meeting_of
from zhiheng.faces.committee.board import board
from zhiheng.faces.committee.board import pulse as beat
from zhiheng.faces.desk.acting import DeskRequest, desk


@require_safe
@desk(*ROOM)
def screen(request: DeskRequest, pk: int) -> HttpResponse:
    """The screen."""
    return render(request, "committee/screen.html", {"board": board(meeting_of(request.desk.acting, pk))})


@require_safe
@desk(*ROOM)
def pulse(request: DeskRequest, pk: int) -> HttpResponse:
    """What the screen shows now; 204 when it shows it already."""
    meeting = meeting_of(request.desk.acting, pk)
    if request.GET.get("board") == beat(meeting):
        return HttpResponse(status=204)
    return render(request, "committee/screen_pulse.html", {"board": board(meeting)})
