"""The regulation and its criteria as documents, in every version that a cycle runs under (A1)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from zhiheng.faces.public.criteria import document_of, schemes_of
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
    return _page(request, _chosen(found, pack, version), found)


@public
def criteria(request: HttpRequest, scheme: str = "") -> HttpResponse:
    """The criteria of the newest cycle: one scheme, the first if none is named."""
    return _criteria(request, newest(versions()), scheme)


@public
def criteria_version(request: HttpRequest, pack: str, version: str, scheme: str = "") -> HttpResponse:
    """The criteria in a given version."""
    return _criteria(request, _chosen(versions(), pack, version), scheme)


def _chosen(found: list[Version], pack: str, version: str) -> Version | None:
    return next((one for one in found if (one.pack.id, one.pack.version) == (pack, version)), None)


def _criteria(request: HttpRequest, chosen: Version | None, code: str) -> HttpResponse:
    if chosen is None:
        raise Http404
    schemes = schemes_of(chosen.pack)
    document = document_of(chosen.pack, code or schemes[0].code)
    if document is None:
        raise Http404
    context = {"chosen": chosen, "pack": chosen.pack, "document": document, "scheme": document.scheme, "schemes": schemes}
    return draw(request, "criteria", {**context, "cycle": next(iter(chosen.cycles), None)})


def _page(request: HttpRequest, chosen: Version | None, found: list[Version]) -> HttpResponse:
    if chosen is None:
        raise Http404
    context = {"chosen": chosen, "pack": chosen.pack, "versions": found, "regulation": regulation_of(chosen.pack.text)}
    context["schemes"] = schemes_of(chosen.pack)
    return draw(request, "rules", context)
