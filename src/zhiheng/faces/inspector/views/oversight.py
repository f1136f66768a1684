"""What only the inspector reads as a whole: looks at secrets, conflicts and abuses, draws to be drawn again; and the dossier (K7, L3)."""

from __future__ import annotations

import base64
import hashlib
import json
import tempfile
from pathlib import Path
from typing import cast

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.inspector.reading import Leaf, leaf
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.process import reach
from zhiheng.process.dossier import export
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.application.models import Evidence

MOST = 500


@require_safe
@desk(Role.INSPECTOR)
def looks(request: DeskRequest) -> HttpResponse:
    """Who opened which evidence, and when; secrets alone, or everything (?all=1)."""
    rows = reach.journal(request.desk.acting).filter(kind="look")
    everything = bool(request.GET.get("all"))
    if not everything:
        rows = rows.filter(body__contains='"secret":true')
    found = leaf(rows, request.GET.get("before", ""))
    context = {"rows": _looked(found), "leaf": found, "everything": everything, "turned": bool(request.GET.get("before"))}
    return render(request, "inspector/looks.html", context)


@require_safe
@desk(Role.INSPECTOR)
def conflicts(request: DeskRequest) -> HttpResponse:
    """All conflicts of interest with what was decided, and the abuses of office on record."""
    acting = request.desk.acting
    rows = reach.conflicts(acting).select_related("entry", "person").defer("entry__form")
    context = {
        "conflicts": rows[:MOST],
        "abuses": reach.abuse_records(acting).select_related("person", "cycle")[:MOST],
        "most": MOST,
    }
    return render(request, "inspector/conflicts.html", context)


@require_safe
@desk(Role.INSPECTOR)
def draws(request: DeskRequest) -> HttpResponse:
    """The draws of all cycles, newest cycle first."""
    rows = reach.draws(request.desk.acting).select_related("cycle").defer("frozen")
    return render(request, "inspector/draws.html", {"draws": rows.order_by("-cycle__year", "-cycle", "round", "version")})


@require_http_methods(["GET", "HEAD", "POST"])
@desk(Role.INSPECTOR, Role.OFFICE)
def dossier(request: DeskRequest, code: str) -> HttpResponse:
    """The dossier of a cycle: its digest computed, or the file itself. The same data give the same bytes."""
    cycle = reach.cycles(request.desk.acting).select_related("pack").filter(code=code).first()
    if cycle is None:
        raise Http404
    if request.method != "POST":
        return render(request, "inspector/dossier.html", {"cycle": cycle})
    with tempfile.TemporaryDirectory(prefix="zhiheng-") as folder:
        path = Path(folder) / f"zhiheng-{cycle.code}.zip"
        summary = export(cycle, path)
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256")
        if request.POST.get("as") != "save":
            context = {"cycle": cycle, "digest": found.hexdigest(), "size": path.stat().st_size, "summary": summary}
            return render(request, "inspector/dossier.html", context)
        return _sent(cycle, path, found.digest())


def _sent(cycle: Cycle, path: Path, digest: bytes) -> HttpResponse:
    """The file, already taken from its folder when it is sent, with its digest in the name and in a header."""
    name = f"zhiheng-{cycle.code}-{digest.hex()[:12]}.zip"
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/zip")
    answer["Repr-Digest"] = f"sha-256=:{base64.b64encode(digest).decode()}:"
    return cast("HttpResponse", answer)


def _looked(found: Leaf) -> list[tuple[object, Evidence | None, bool]]:
    """Each look with the evidence that was opened. One query more."""
    places = {(line.chain, line.seq): line for line in found.lines}
    bodies = JournalEntry.objects.filter(chain__in={c for c, _ in places}, seq__in={s for _, s in places}, kind="look")
    payloads = {(row.chain, row.seq): json.loads(row.body)["payload"] for row in bodies}
    wanted = {payload["evidence"] for payload in payloads.values()}
    papers = {row.pk: row for row in Evidence.objects.filter(pk__in=wanted).select_related("entry", "file").defer("entry__form")}
    return [(line, papers.get(payloads[key]["evidence"]), payloads[key]["secret"]) for key, line in places.items()]
