"""The reader's switches: enlarged type, language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from zhiheng.faces.public.views.page import refuse_foreign
from zhiheng.faces.shared.display import COOKIE, LARGE, page_before, remember


@csrf_exempt  # public pages stay without cookie and token, so that caches may keep them; `refuse_foreign` stands in
@require_POST
@never_cache
def display(request: HttpRequest) -> HttpResponse:
    """Keep the choice (size: large or usual; language: a known code) and go back to the page. Sent from elsewhere: 403."""
    if (refused := refuse_foreign(request)) is not None:
        return refused
    response = HttpResponseRedirect(page_before(request), status=303)
    if (size := request.POST.get("size")) == LARGE:
        remember(response, COOKIE, LARGE)
    elif size == "usual":
        response.delete_cookie(COOKIE, samesite="Lax")
    if (language := request.POST.get("language", "")) in dict(settings.LANGUAGES):
        remember(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response
