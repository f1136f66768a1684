"""The design system on one page, with made-up content. Only where DEBUG is on; config/urls.py leaves it out otherwise."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhiheng.faces.desk import samples


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state. Nothing is read from the database but the frame's own."""
    request.desk = samples.DESK  # type: ignore[attr-defined]
    return render(request, "desk/styleguide.html", samples.context())
