"""One door for stored files (T6): evidence is opened by a recorded look, all else by the rights of what it belongs to (decision 0017)."""

from __future__ import annotations

import uuid
from typing import cast

from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from zhiheng.faces.desk.acting import DeskRequest, desk, private
from zhiheng.foundation.acts import ActError
from zhiheng.foundation.acts.permission import permit
from zhiheng.foundation.files.models import StoredFile
from zhiheng.process import reach
from zhiheng.process.register import panel
from zhiheng.stages.application.models import Evidence

#: What a browser may show in its window; all else is only ever saved.
SHOWN = frozenset({"image/png", "image/jpeg"})
#: For a browser that shows the file after all: an origin of its own, no script, nothing fetched.
POLICY = "default-src 'none'; img-src 'self'; style-src 'none'; sandbox; frame-ancestors 'none'"


@require_http_methods(["GET", "HEAD", "POST"])
@desk()
def evidence(request: DeskRequest, pk: int) -> HttpResponse:
    """A piece of evidence. GET asks; POST looks, which is put on record, and sends the file. What is not theirs does not exist (T1)."""
    acting = request.desk.acting
    row = reach.evidence(acting).select_related("file", "entry__cycle", "entry__owner").filter(pk=pk).first()
    if row is None or not permit(panel.look, acting, row).ok:
        raise Http404
    if request.method != "POST":
        return render(request, "desk/file.html", {"evidence": row, "entry": row.entry, "file": row.file})
    return _looked(request, row)


def _looked(request: DeskRequest, row: Evidence) -> HttpResponse:
    """Look and send. What cannot be read is not looked at: the journal does not say that somebody saw what they did not get."""
    answer = sent(row.file, inline=request.POST.get("as") == "view")
    if answer is None:
        return _gone(request, row.file)
    try:
        panel.look(request.desk.acting, row)
    except ActError:  # what was theirs a moment ago no longer is
        answer.close()
        raise Http404 from None
    return cast("HttpResponse", answer)


@require_safe
@desk()
def stored(request: DeskRequest, pk: uuid.UUID) -> HttpResponse:
    """A stored file that is not evidence: a letter's scan, an objection's proof, a winner's materials, one's own upload."""
    acting = request.desk.acting
    file = reach.files(acting).filter(pk=pk).first()
    if file is not None:
        return cast("HttpResponse", sent(file, inline=False) or _gone(request, file))
    # What proves the internal publicity is evidence, and is opened as such.
    row = reach.evidence(acting).filter(file=pk).first()
    if row is None:
        raise Http404
    return redirect("desk:file", row.pk)


def sent(file: StoredFile, *, inline: bool) -> FileResponse | None:
    """The file as an answer that runs nowhere and stays nowhere; None where its bytes cannot be read (X12).

    inline: shown in the window, if it is of a kind that a browser draws without running anything.
    """
    try:
        stream = file.content.open("rb")
    except (OSError, SuspiciousFileOperation):
        return None
    shown = inline and file.mime in SHOWN
    kind = file.mime if shown else "application/octet-stream"
    answer = FileResponse(stream, as_attachment=not shown, filename=file.name, content_type=kind)
    answer["Content-Length"] = str(file.size)
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def _gone(request: DeskRequest, file: StoredFile) -> HttpResponse:
    return private(render(request, "desk/file_gone.html", {"file": file}, status=503))
