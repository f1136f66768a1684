"""Ours, and /bare/: what Django itself needs to answer somebody who is signed in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


@login_required
def bare(request: HttpRequest) -> HttpResponse:
    """One line."""
    return HttpResponse(f"{request.user.pk}")


urlpatterns = [path("bare/", bare), path("", include("config.urls"))]
