"""The design system on one page, with made-up content. Only where DEBUG is on; config/urls.py leaves it out otherwise."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhiheng.faces.desk import samples

FAULTS = ("400", "403", "404", "429", "500", "503")


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state; ?fault=404 shows that page. Nothing is read from the database but the frame's own."""
    fault = request.GET.get("fault", "")
    if fault in FAULTS:
        return render(request, f"{fault}.html")
    request.desk = samples.DESK  # type: ignore[attr-defined]
    return render(request, "desk/styleguide.html", {"faults": FAULTS, **samples.context()})
