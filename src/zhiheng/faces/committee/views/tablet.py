"""The shared tablet: nobody is signed in; a code says who stands there, for one step. Nothing stays on the device (I2, T9, T13)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from zhiheng.faces.committee.access import VOTING
from zhiheng.faces.committee.own import CHOICES, standing
from zhiheng.faces.committee.views.codes import TABLET, meeting_at
from zhiheng.faces.desk.acting import private
from zhiheng.faces.desk.sending import token
from zhiheng.faces.shared.official import moment
from zhiheng.foundation.acts import ActError, Acting
from zhiheng.foundation.people.models import RoleGrant
from zhiheng.process.register import committee
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.committee import codes
from zhiheng.stages.committee.models import Code, Meeting, Member, Motion

WHY_NOT = {
    "recused": later("您应当回避，不参加本项表决"),
    "late": later("您未在表决开始前签到，不能参加本项表决"),
    "voted": later("您已投票，每人一票"),
}


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: HttpRequest) -> HttpResponse:
    """The code, then the candidate and the choice, then once more to confirm, then done and back to the code."""
    return private(_answer(request))


def _answer(request: HttpRequest) -> HttpResponse:
    meeting = meeting_at(request.COOKIES.get(TABLET))
    if meeting is None:
        return render(request, "committee/tablet/unknown.html")
    if request.method != "POST":
        return render(request, "committee/tablet/code.html", {"meeting": meeting, "done": request.GET.get("done", "")})
    typed = request.POST.get("code", "")[:60]
    try:
        code = codes.attempt(meeting, typed)
    except codes.Paused as paused:
        return _again(
            request,
            meeting,
            _("代码多次输入错误，为防止冒用，请于%(at)s后再试，或请会议工作人员重新发放") % {"at": moment(paused.until)},
            429,
        )
    if code is None:
        return _again(request, meeting, _("代码不正确或者已经作废，请核对纸条后重新输入"), 422)
    if code.spent:
        return _sent_twice(request, meeting, code, typed)
    return _sign_in(request, meeting, code, typed) if code.entry is None else _vote(request, meeting, code, typed)


def _sent_twice(request: HttpRequest, meeting: Meeting, code: Code, typed: str) -> HttpResponse:
    """A spent code: the very form that spent it, sent again, gets the same receipt and leads to the same end (X6); any other is refused."""
    motion = meeting.motions.filter(entry=code.entry).select_related("cycle").first() if code.entry else None
    try:
        if request.POST.get("step") == "sign" and code.entry is None:
            committee.sign_in(_acting(request, code.member), meeting, code=typed)
            return _done("signed")
        if request.POST.get("step") == "cast" and motion is not None:
            committee.cast(_acting(request, code.member), motion, choice="", code=typed)
            return _done("voted")
    except ActError:
        pass  # another form: the page says that the code was used
    return _again(request, meeting, _("该代码已经使用。每个代码只能用一次"), 409)


def _again(request: HttpRequest, meeting: Meeting, error: str, status: int) -> HttpResponse:
    return render(request, "committee/tablet/code.html", {"meeting": meeting, "error": error}, status=status)


def _sign_in(request: HttpRequest, meeting: Meeting, code: Code, typed: str) -> HttpResponse:
    if request.POST.get("step") != "sign":
        return render(request, "committee/tablet/sign.html", _step(request, meeting, typed) | {"member": code.member})
    try:
        committee.sign_in(_acting(request, code.member), meeting, code=typed)
    except ActError as error:
        return _again(request, meeting, error.decision.text(), 409)
    return _done("signed")


def _vote(request: HttpRequest, meeting: Meeting, code: Code, typed: str) -> HttpResponse:
    motion = meeting.motions.filter(entry=code.entry).select_related("entry", "cycle", "meeting").defer("entry__form").first()
    name = {"name": code.entry.name if code.entry else ""}
    if motion is None:
        return _again(request, meeting, _("对“%(name)s”的表决尚未开始，请待主持人宣布后再输入代码") % name, 409)
    if motion.closed_at is not None:
        return _again(request, meeting, _("对“%(name)s”的表决已经结束") % name, 409)
    if why := WHY_NOT.get(standing(code.member, motion)):
        return _again(request, meeting, str(why), 409)
    choice = request.POST.get("choice", "")
    context = _step(request, meeting, typed) | {"motion": motion, "choice": choice}
    if request.POST.get("step") not in ("choose", "cast") or choice not in CHOICES:
        return render(request, "committee/tablet/vote.html", context | {"member": code.member, "unchosen": "choice" in request.POST})
    if request.POST["step"] == "choose":
        return render(request, "committee/sure.html", context | {"tablet": True, "back": reverse("committee:ballot")})
    return _cast(request, meeting, motion, code, typed, CHOICES[choice])


def _cast(request: HttpRequest, meeting: Meeting, motion: Motion, code: Code, typed: str, choice: str) -> HttpResponse:
    try:
        committee.cast(_acting(request, code.member), motion, choice=choice, code=typed)
    except ActError as error:
        return _again(request, meeting, error.decision.text(), 409)
    return _done("voted")


def _step(request: HttpRequest, meeting: Meeting, typed: str) -> dict[str, Any]:
    return {"meeting": meeting, "code": codes.compact(typed), "token": token(request)}


def _acting(request: HttpRequest, member: Member) -> Acting:
    """The member, in the role that they hold on the committee; the act itself asks whether they hold it still."""
    roles = set(RoleGrant.objects.filter(person=member.person, revoked_at=None, unit=None).values_list("role", flat=True))
    role = next((role for role in VOTING if role.value in roles), Role.MEMBER)
    return replace(Acting(role, member.person), request_id=request.POST.get("token", "")[:64])


def _done(what: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('committee:ballot')}?done={what}", status=303)
