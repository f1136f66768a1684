"""A member signs in and votes on their own device. What was chosen is in no address, no session and no answer with a name (T13)."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhiheng.faces.committee.access import VOTING, meeting_of, motion_of, unkept
from zhiheng.faces.committee.own import CHOICES, own
from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.desk.sending import sent, token
from zhiheng.foundation.acts import ActError
from zhiheng.process.register import committee
from zhiheng.rules.decision import Decision
from zhiheng.stages.committee.models import Meeting, Motion


@require_POST
@desk(*VOTING)
def sign_in(request: DeskRequest, pk: int) -> HttpResponse:
    """Sign in to a meeting, in person."""
    meeting = meeting_of(request.desk.acting, pk)
    try:
        receipt = committee.sign_in(sent(request), meeting)
    except ActError as error:
        return _refused(request, meeting, error.decision)
    return HttpResponseRedirect(f"{_room(meeting)}?done={receipt.seq}", status=303)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@unkept
@desk(*VOTING)
def vote(request: DeskRequest, pk: int) -> HttpResponse:
    """First the choice, then once more to confirm it, then the act. GET leads to the room."""
    motion = motion_of(request.desk.acting, pk)
    room = _room(motion.meeting)
    if request.method != "POST":
        return HttpResponseRedirect(room)
    choice = CHOICES.get(request.POST.get("choice", ""))
    if choice is None:
        return HttpResponseRedirect(f"{room}?choose=1#own", status=303)
    if "sure" not in request.POST:
        return _sure(request, motion, room)
    try:
        committee.cast(sent(request), motion, choice=choice)
    except ActError as error:
        return _refused(request, motion.meeting, error.decision)
    return HttpResponseRedirect(f"{room}#own", status=303)


def _sure(request: DeskRequest, motion: Motion, room: str) -> HttpResponse:
    mine = own(request.desk.acting, motion.meeting)
    if mine is None or mine.state != "vote" or mine.motion != motion:
        return HttpResponseRedirect(f"{room}#own", status=303)
    context = {"motion": motion, "choice": request.POST["choice"], "token": token(request), "back": f"{room}#own"}
    return render(request, "committee/sure.html", context)


def _refused(request: DeskRequest, meeting: Meeting, decision: Decision[None]) -> HttpResponse:
    context = {"refusals": decision.refusals, "back": _room(meeting)}
    return render(request, "committee/refused.html", context, status=409)


def _room(meeting: Meeting) -> str:
    return reverse("committee:meeting", args=[meeting.pk])
