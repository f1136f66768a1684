"""The big screen: what everybody in the room may read from the last row. No controls, and no names of experts."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.draws.access import WATCHING, watched_or_404
from zhiheng.faces.draws.board import Board, board, whole
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.canonical import digest_of
from zhiheng.rules import rfc3797
from zhiheng.rules.lifecycle import Role

#: Who sees no expert by name.
NOBODY = Acting(Role.PUBLIC)


@require_safe
@desk(*WATCHING)
def screen(request: DeskRequest, code: str, name: str) -> HttpResponse:
    """The screen."""
    found = _board(request, code, name)
    return render(request, "draws/screen.html", _context(found))


@require_safe
@desk(*WATCHING)
def pulse(request: DeskRequest, code: str, name: str) -> HttpResponse:
    """What the screen shows now; 204 when it shows it already."""
    found = _board(request, code, name)
    if request.GET.get("board") == _version(found):
        return HttpResponse(status=204)
    return render(request, "draws/screen_pulse.html", _context(found))


def _board(request: DeskRequest, code: str, name: str) -> Board:
    cycle, rows = watched_or_404(request.desk.acting, code, name)
    return board(cycle, name, rows[-1] if rows else None)


def _version(found: Board) -> str:
    """Once the ticket has fallen, the wall stands still: answers and successions are no news for it."""
    if found.draw is not None and found.draw.drawn_at:
        return digest_of([found.draw.pk, found.draw.ticket])[:16]
    return found.version


def _context(found: Board) -> dict[str, Any]:
    draw = found.draw
    key = rfc3797.key_of(draw.sources).value if draw is not None and draw.sources and not found.balls else ""
    return {"board": found, "version": _version(found), "whole": whole(NOBODY, found), "key": key}
