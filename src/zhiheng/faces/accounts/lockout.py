"""Too many wrong passwords: counted by user name and address, told in the same words whoever was tried, and over after a while (T9)."""

from __future__ import annotations

import unicodedata
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from axes.helpers import get_cool_off
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

NOWHERE = "0.0.0.0"  # noqa: S104 - stands for a client without an address, such as one on a socket file


def address_of(request: HttpRequest) -> str:
    """The client's address. X-Forwarded-For counts only as far as our own proxies wrote it (ZHIHENG_PROXIES)."""
    try:
        return get_client_ip(request) or NOWHERE
    except ImproperlyConfigured:  # fewer stations than proxies: the request did not come through them
        return str(request.META.get("REMOTE_ADDR") or NOWHERE)


def login_of(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """What was typed as the user name, in one writing: capitals, spaces and full-width letters start no new count."""
    typed = (credentials or {}).get("username") or request.POST.get("login") or ""
    return unicodedata.normalize("NFKC", str(typed)).strip().casefold()[:255]


def locked(request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG001
    """The page that says so: 429, and when to come again."""
    rest = get_cool_off(request)
    seconds = int(rest.total_seconds()) if rest else 0
    page = render(request, "accounts/locked.html", {"minutes": seconds // 60}, status=429)
    page["Retry-After"] = str(seconds)
    return page
