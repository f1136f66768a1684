"""The room of a draw: one page a round, and one for each earlier attempt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.draws import doing
from zhiheng.faces.draws.access import ROOM, draw_or_404, round_or_404
from zhiheng.faces.draws.board import Board, board, whole
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.replay import replay
from zhiheng.stages.panel.models import Draw


@require_safe
@desk(*ROOM)
def current(request: DeskRequest, code: str, name: str) -> HttpResponse:
    """A round's draw as it stands."""
    cycle, rows = round_or_404(request.desk.acting, code, name)
    return render(request, "draws/room.html", _context(request, cycle, name, rows, rows[-1] if rows else None))


@require_safe
@desk(*ROOM)
def pulse(request: DeskRequest, code: str, name: str) -> HttpResponse:
    """The board, if it is not what the page shows already (`board`); else 204."""
    cycle, rows = round_or_404(request.desk.acting, code, name)
    found = board(cycle, name, rows[-1] if rows else None)
    if request.GET.get("board") == found.version:
        return HttpResponse(status=204)
    return render(request, "draws/pulse.html", _context(request, cycle, name, rows, found.draw))


@require_http_methods(["GET", "HEAD", "POST"])
@desk(*ROOM)
def draw(request: DeskRequest, pk: int) -> HttpResponse:
    """One attempt; POST: the same draw once more, beside the record. Nothing is changed by it."""
    row = draw_or_404(request.desk.acting, pk)
    cycle, rows = round_or_404(request.desk.acting, row.cycle.code, row.round)
    context = _context(request, cycle, row.round, rows, row)
    context["checks"] = replay(row) if request.method == "POST" else None
    return render(request, "draws/room.html", context)


def _context(request: DeskRequest, cycle: Cycle, name: str, rows: Sequence[Draw], row: Draw | None) -> dict[str, Any]:
    acting = request.desk.acting
    found: Board = board(cycle, name, row, current=not rows or row == rows[-1])
    waiting = doing.todos(acting, found)
    mine = doing.mine(waiting, found)
    return {
        "board": found,
        "whole": whole(acting, found),
        "mine": mine,
        "owed": doing.owed(waiting),
        "beside": doing.beside(acting, found, {one.act for one in mine}),
        "attempts": [one for one in rows if one != row],
        "discarded": row.discarded if row else [],
    }
