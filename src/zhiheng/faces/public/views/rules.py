"""The regulation as a document, in every version that a cycle runs under (A1)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from zhiheng.faces.public.regulation import Version, newest, regulation_of, versions
from zhiheng.faces.public.views.page import draw, public


@public
def rules(request: HttpRequest) -> HttpResponse:
    """The rules of the newest cycle."""
    found = versions()
    return _page(request, newest(found), found)


@public
def rules_version(request: HttpRequest, pack: str, version: str) -> HttpResponse:
    """The rules in a given version, for the cycles that run under it."""
    found = versions()
    return _page(request, next((one for one in found if (one.pack.id, one.pack.version) == (pack, version)), None), found)


def _page(request: HttpRequest, chosen: Version | None, found: list[Version]) -> HttpResponse:
    if chosen is None:
        raise Http404
    context = {"chosen": chosen, "pack": chosen.pack, "versions": found, "regulation": regulation_of(chosen.pack.text)}
    return draw(request, "rules", context)
