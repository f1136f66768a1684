"""Where the account is signed in, and ending it there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.internal.flows.sessions import end_other_sessions, end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

#: What a browser calls itself, told apart by the first word found; several carry the words of others.
BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("QQBrowser", "QQ 浏览器"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Open:
    """One place where the account is signed in."""

    pk: int
    device: str
    ip: str
    since: datetime
    here: bool


def device(agent: str) -> str:
    """A browser and a system as people name them, from what the browser says of itself."""
    found = [next((name for word, name in kinds if word in agent), "") for kinds in (BROWSERS, SYSTEMS)]
    return " · ".join(part for part in found if part) or _("未知设备")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """The list; a POST ends one session of one's own, or all others."""
    if request.method == "POST":
        return _end(request)
    rows = UserSession.objects.purge_and_list(request.user)
    here = request.session.session_key
    listed = [Open(row.pk, device(row.user_agent), row.ip, row.created_at, row.session_key == here) for row in rows]
    listed.sort(key=lambda one: (not one.here, -one.since.timestamp()))
    return render(request, "accounts/sessions.html", {"sessions": listed})


def _end(request: HttpRequest) -> HttpResponse:
    which = request.POST.get("session", "")
    if which == "others":
        end_other_sessions(request, request.user)
        messages.success(request, _("其他设备均已退出。"))
    else:
        own = UserSession.objects.filter(user_id=request.user.pk)
        row = get_object_or_404(own, pk=int(which) if which.isdecimal() and len(which) < 19 else 0)
        end_sessions(request, [row])
        messages.success(request, _("该设备已退出。"))
    return HttpResponseRedirect(reverse("usersessions_list"), status=303)
