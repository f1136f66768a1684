"""The secretariat hands out one-time codes, and makes a device a shared tablet (I2; docs/decisions/0015)."""

from __future__ import annotations

from itertools import groupby

from django.conf import settings
from django.contrib.auth import logout
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhiheng.faces.committee.access import meeting_of
from zhiheng.faces.committee.board import board, lines
from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.desk.sending import sent, token
from zhiheng.foundation import entropy
from zhiheng.foundation.acts import ActError
from zhiheng.process.register import committee
from zhiheng.rules.decision import Reason
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.committee.codes import Slip, printed
from zhiheng.stages.committee.models import Meeting

TABLET = "zhiheng_tablet"  # the cookie of a shared tablet: its meeting, signed
HOURS = 14  # as long as a day of meeting lasts


@require_http_methods(["GET", "HEAD", "POST"])
@desk(Role.OFFICE)
def issue(request: DeskRequest, pk: int) -> HttpResponse:
    """Choose members, draw codes for them, show the slips: in this one answer and never again, hence no redirect."""
    meeting = meeting_of(request.desk.acting, pk)
    if request.method != "POST":
        return _choose(request, meeting)
    seats = [int(seat) for seat in request.POST.getlist("seat") if seat.isascii() and seat.isdecimal() and len(seat) < 5]
    if not seats:
        return _choose(request, meeting, (Reason(False, _("请选择使用共享平板的委员")),), status=422)
    try:
        receipt = committee.issue_codes(sent(request), meeting, seats=seats)
    except ActError as error:
        return _choose(request, meeting, error.decision.refusals, status=422)
    if receipt.repeated:
        return _choose(request, meeting, (Reason(False, _("这一批代码已经显示过一次，不再重复显示；如未打印，请重新发放")),), status=409)
    return render(request, "committee/slips.html", {"meeting": meeting, "cards": _cards(receipt.value, meeting), "receipt": receipt})


def _cards(slips: list[Slip], meeting: Meeting) -> list[tuple[object, list[tuple[Slip, str]]]]:
    """The slips of each member, as they are printed: to sign in first, then the candidates in the order of the room."""
    place = {line.entry.pk: number for number, line in enumerate(lines(meeting.cycle, meeting), 1)}
    ordered = sorted(slips, key=lambda slip: (slip.member.seat, place.get(slip.entry.pk, 0) if slip.entry else 0))
    return [(member, [(slip, printed(slip.code)) for slip in own]) for member, own in groupby(ordered, key=lambda slip: slip.member)]


def _choose(request: DeskRequest, meeting: Meeting, refusals: tuple[Reason, ...] = (), *, status: int = 200) -> HttpResponse:
    context = {
        "meeting": meeting,
        "board": board(meeting, attendees=True),
        "chosen": request.POST.getlist("seat"),
        "refusals": refusals,
        "token": token(request) if status == 422 else entropy.token(),
    }
    return render(request, "committee/codes.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(Role.OFFICE, Role.CHAIR)
def tablet(request: DeskRequest, pk: int) -> HttpResponse:
    """Make this very device a shared tablet of the meeting; whoever did it is signed out of it, so that nobody acts in their name."""
    meeting = meeting_of(request.desk.acting, pk)
    if request.method != "POST" or meeting.status != "open":
        return render(request, "committee/tablet.html", {"meeting": meeting})
    logout(request)
    response = HttpResponseRedirect(reverse("committee:ballot"), status=303)
    where = reverse("committee:ballot")
    mark = signing.dumps(meeting.pk, salt=TABLET)
    response.set_cookie(TABLET, mark, max_age=HOURS * 3600, path=where, secure=settings.HTTPS, httponly=True, samesite="Strict")
    return response


def meeting_at(cookie: str | None) -> Meeting | None:
    """The open meeting of a shared tablet, by its cookie."""
    try:
        pk = signing.loads(cookie or "", salt=TABLET, max_age=HOURS * 3600)
    except signing.BadSignature:
        return None
    return Meeting.objects.select_related("cycle").filter(pk=pk, status="open").first()
