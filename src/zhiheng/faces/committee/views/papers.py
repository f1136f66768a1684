"""Documents of a meeting: the attendance sheet at any time, the minutes once it has ended."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from zhiheng.faces.committee.access import ROOM, meeting_of
from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.process.papers.frame import File, frame
from zhiheng.process.papers.minutes import attendance_of, minutes_of
from zhiheng.rules.lifecycle import Role

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@desk(*ROOM)
def minutes(request: DeskRequest, pk: int) -> HttpResponse:
    """The minutes, or the record of a meeting that could not vote. 404 while it goes on."""
    meeting = meeting_of(request.desk.acting, pk)
    if meeting.status == "open":
        raise Http404
    return _file(minutes_of(frame(meeting.cycle), meeting))


@require_safe
@desk(Role.OFFICE, Role.CHAIR, Role.INSPECTOR)
def attendance(request: DeskRequest, pk: int) -> HttpResponse:
    """The attendance sheet as it stands."""
    meeting = meeting_of(request.desk.acting, pk)
    return _file(attendance_of(frame(meeting.cycle), meeting))


def _file(file: File) -> HttpResponse:
    response = HttpResponse(file.data, content_type=DOCX)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
