"""The files of a draw: the published tickets, and the draw as the dossier has it (L3)."""

from __future__ import annotations

import csv
import io

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.draws.access import ROOM, draw_or_404
from zhiheng.foundation.canonical import dumps
from zhiheng.process.dossier.writing import draw_bytes
from zhiheng.stages.panel.lotteries import seating_of
from zhiheng.stages.panel.models import Draw, Lottery
from zhiheng.stages.panel.selectors import published

JSON, CSV = "application/json", "text/csv; charset=utf-8"


@require_safe
@desk(*ROOM)
def lottery(request: DeskRequest, pk: int) -> HttpResponse:
    """The tickets with everything that their digest covers, in the very bytes that were hashed."""
    row, found = _published(request, pk)
    return _file(f"{_name(row)}-lottery.json", dumps(found.made), JSON)


@require_safe
@desk(*ROOM)
def tickets(request: DeskRequest, pk: int) -> HttpResponse:
    """The tickets as a table: one line a ticket, one column a panel, experts by code."""
    row, found = _published(request, pk)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["签号", *found.made["panels"]])
    for number in range(1, len(found.made["tickets"]) + 1):
        writer.writerow([number, *(";".join(codes) for codes in seating_of(found.made, number).values())])
    return _file(f"{_name(row)}-tickets.csv", text.getvalue().encode("utf-8-sig"), CSV)


@require_safe
@desk(*ROOM)
def record(request: DeskRequest, pk: int) -> HttpResponse:
    """The draw's file, as the dossier has it."""
    row = draw_or_404(request.desk.acting, pk)
    return _file(f"{_name(row)}.json", draw_bytes(row), JSON)


def _published(request: DeskRequest, pk: int) -> tuple[Draw, Lottery]:
    row = draw_or_404(request.desk.acting, pk)
    found = published(row)
    if found is None:
        raise Http404
    return row, found


def _name(row: Draw) -> str:
    return f"{row.cycle.code}-{row.round}-{row.version}"


def _file(name: str, data: bytes, mime: str) -> HttpResponse:
    """A file to save, that no browser opens (T6)."""
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
