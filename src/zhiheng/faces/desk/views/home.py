"""The home of every role: what waits, until when, on which article."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from zhiheng.faces.desk.acting import CHOSEN, DeskRequest, desk
from zhiheng.faces.desk.recent import done_by
from zhiheng.process import agenda


@require_safe
@desk()
def home(request: DeskRequest) -> HttpResponse:
    """What waits for the actor, overdue first; counts; what they did last."""
    waiting = agenda.waiting(request.desk.acting)
    context = {
        "ready": [todo for todo in waiting if not todo.blocked],
        "later": [todo for todo in waiting if todo.blocked],
        "overdue": sum(todo.overdue for todo in waiting),
        "recent": done_by(request.desk.acting),
    }
    return render(request, "desk/home.html", context)


@require_POST
@desk()
def switch(request: DeskRequest) -> HttpResponse:
    """Act in another of one's roles from now on. A role that is not one's own changes nothing."""
    wanted = request.POST.get("grant", "")
    if wanted in {str(hat.pk) for hat in request.desk.hats}:
        request.session[CHOSEN] = int(wanted)
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, None) and target.startswith("/desk/")
    return HttpResponseRedirect(target if safe else reverse("desk:home"), status=303)
