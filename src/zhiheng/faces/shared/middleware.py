"""Around every request: an honest answer when the database is away (X2), an address fit to be asked for, the demo's own date (X5)."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import DemoClock

Answer = Callable[[HttpRequest], HttpResponse]
DOWN = (OperationalError, InterfaceError)
RETRY_SECONDS = 2
logger = logging.getLogger(__name__)


def unavailable(error: Exception) -> HttpResponse:
    """503 with Retry-After. The page is drawn without a request, hence without any query; the cause goes to the log only."""
    logger.error("database unavailable: %s", error)
    headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
    return HttpResponse(render_to_string("503.html"), status=503, headers=headers)


class DatabaseAway:
    """Answers 503 for any view that could not reach the database."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:  # noqa: ARG002 - Django's signature
        """Called by Django with what a view, or the drawing of its page, raised."""
        return unavailable(exception) if isinstance(exception, DOWN) else None


class LegibleAddress:
    """No NUL character comes in by an address, which PostgreSQL refuses to be asked for.

    A path with one leads nowhere (404); in a search it is left out. What is sent in a form is examined by the form.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "")
        return self.get_response(request)


class DemoTime:
    """In demo mode the whole request happens at the time that the demo's clock shows."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.ZHIHENG_DEMO:
            return self.get_response(request)
        try:
            moment = DemoClock.objects.values_list("now", flat=True).order_by("pk").first()
        except DOWN as error:  # Django asks process_exception for views only
            return unavailable(error)
        with clock.travel(moment):
            return self.get_response(request)
