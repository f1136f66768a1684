"""Anybody with a draw's file checks the draw: nothing to sign in to, nothing kept (F1, G1, L3)."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from zhiheng.faces.public.views.page import draw, own, public, refuse_foreign
from zhiheng.faces.shared.counter import address_of, within
from zhiheng.process.drawfile import LARGEST, TOO_LARGE, read

STRETCH, MOST = 600, 20  # seconds; files from one address, each of which takes a second
BUSY, WRONG, LONG = 429, 422, 413
SLACK = 64 * 1024  # what the form adds to the file


@csrf_exempt  # nothing here rests on who the browser is, so that the page sets no cookie; `refuse_foreign` keeps other sites out (T3)
@require_http_methods(["GET", "HEAD", "POST"])
def draw_check(request: HttpRequest) -> HttpResponse:
    """The form; with a file, every check in words."""
    if request.method != "POST":
        return _form(request)
    return refuse_foreign(request) or _checked(request)


@public
def _form(request: HttpRequest) -> HttpResponse:
    return draw(request, "draw_check", {})


@own
def _checked(request: HttpRequest) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST + SLACK:
        return _wrong(request, _(TOO_LARGE), LONG)
    if not within("draw.check", address_of(request), MOST, STRETCH):
        response = _wrong(request, _("操作过于频繁，请十分钟后再试"), BUSY)
        response["Retry-After"] = str(STRETCH)
        return response
    file: Any = request.FILES.get("file")
    if file is None:
        return _wrong(request, _("请选择抽取记录文件"), WRONG)
    data = file.read(LARGEST + 1)
    found = read(data)
    if found.value is None:
        return _wrong(request, _(found.refusals[0].text), WRONG)
    context = {
        "checks": found.value,
        "whole": all(check.ok for check in found.value),
        "name": file.name[:80],
        "sha": sha256(data).hexdigest(),
    }
    return draw(request, "draw_check", context)


def _wrong(request: HttpRequest, text: str, status: int) -> HttpResponse:
    return draw(request, "draw_check", {"error": text}, status=status)
