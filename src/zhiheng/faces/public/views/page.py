"""What every public page has in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from zhiheng.faces.shared.display import from_here

P = ParamSpec("P")
SECONDS = 60
PER_PAGE = 20


def public(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page for everyone: GET and HEAD only, and it may be kept by caches for a minute (in a demo, whose date may jump, not at all).

    It holds nothing that is one reader's own, so that it may be compressed (BREACH needs a secret beside what an attacker chooses).
    """

    @require_safe
    @gzip_page
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if settings.ZHIHENG_DEMO:
            patch_cache_control(response, no_store=True)
        else:
            patch_cache_control(response, public=True, max_age=SECONDS)
        return response

    return guarded


def own(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page that is one reader's own: a form with what was typed, a receipt. No cache keeps it (T19); an empty form (`blank`) the
    reader's own browser may, so that going back finds what was typed."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    return guarded


def blank(response: HttpResponse) -> HttpResponse:
    """The answer with an empty form: asked for anew each time, but kept for the way back."""
    patch_cache_control(response, private=True, no_cache=True)
    return response


def refuse_foreign(request: HttpRequest) -> HttpResponse | None:
    """403 for a form without token that was not sent from a page of ours; None for one that was."""
    return None if from_here(request) else HttpResponseForbidden(render_to_string("403.html", request=request))


def draw(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The page from its template."""
    return render(request, f"public/{template}.html", context, status=status)


def pages(found: QuerySet[Any], asked: str) -> Page[Any]:
    """One page of a list; a number that is none, or beyond the end, gives the nearest page."""
    paginator: Paginator[Any] = Paginator(found, PER_PAGE)
    return paginator.get_page(asked[:6])
