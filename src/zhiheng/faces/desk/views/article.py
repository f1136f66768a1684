"""One article's official wording, for the box that a citation opens; without a script the citation leads to the whole text (A1)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from zhiheng.faces.shared.articles import article_url
from zhiheng.faces.shared.context import current_cycle
from zhiheng.faces.shared.official_text import article_text
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of

SENTENCE_ENDS = "。；："
LONGEST = 40  # characters of an article's code


@require_safe
@cache_control(private=True, max_age=300)
def article(request: HttpRequest) -> HttpResponse:
    """GET code, cycle (may be absent: the current one). The regulation is public, and so is this. 404 for an article that is not there."""
    code, wanted = request.GET.get("code", "")[:LONGEST], request.GET.get("cycle", "")[:LONGEST]
    cycle = Cycle.objects.filter(code=wanted, pinned_at__isnull=False).first() if wanted else current_cycle()
    lines = article_text(rules_of(cycle).text, code) if cycle and code else ()
    if not lines:
        raise Http404
    heading, *rest = lines
    if heading[-1] in SENTENCE_ENDS:  # the article begins at once
        heading, rest = "", list(lines)
    context = {"code": code, "heading": heading, "lines": rest, "url": article_url(code, cycle if wanted else None)}
    return render(request, "desk/article.html", context)
