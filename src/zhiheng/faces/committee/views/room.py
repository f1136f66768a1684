"""The room itself, for everybody in it: the board, and what a member has to do now."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhiheng.faces.committee.access import ROOM, VOTING, meeting_of
from zhiheng.faces.committee.board import board
from zhiheng.faces.committee.board import pulse as beat
from zhiheng.faces.committee.own import own
from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.desk.sending import receipt, token
from zhiheng.foundation.acts import Acting
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.committee import selectors
from zhiheng.stages.committee.models import Meeting


@require_safe
@desk(*ROOM)
def meeting(request: DeskRequest, pk: int) -> HttpResponse:
    """A meeting's room."""
    row = meeting_of(request.desk.acting, pk)
    context = _board(request.desk.acting, row) | _own(request, row) | {"receipt": receipt(request, row.cycle)}
    return render(request, "committee/meeting.html", context)


@require_safe
@desk(*ROOM)
def pulse(request: DeskRequest, pk: int) -> HttpResponse:
    """What has changed since the page last asked (`board` and `own` say what it shows); 204 when nothing has."""
    acting = request.desk.acting
    row = meeting_of(acting, pk)
    context: dict[str, Any] = {"meeting": row, "live": True}
    if request.GET.get("board") != beat(row):
        context |= _board(acting, row)
    mine = own(acting, row) if acting.role in VOTING else None
    if mine is not None and request.GET.get("own") != mine.version:
        context |= _own(request, row)
    if len(context) == 2:
        return HttpResponse(status=204)
    return render(request, "committee/pulse.html", context)


def _board(acting: Acting, row: Meeting) -> dict[str, Any]:
    chair = acting.role == Role.CHAIR and selectors.presides(acting, row)
    staff = acting.role in (Role.OFFICE, Role.INSPECTOR)
    return {
        "meeting": row,
        "board": board(row, attendees=chair or staff),
        "chair": chair,
        "office": acting.role == Role.OFFICE,
        "staff": staff,
    }


def _own(request: DeskRequest, row: Meeting) -> dict[str, Any]:
    acting = request.desk.acting
    mine = own(acting, row) if acting.role in VOTING else None
    return {"own": mine, "token": token(request), "unchosen": "choose" in request.GET}
