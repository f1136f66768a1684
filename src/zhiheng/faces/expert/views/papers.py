"""What a panel hands in after its visits: opinion, and the evaluation of each of its experts (G4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from zhiheng.faces.desk import drafts
from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.desk.sending import receipt, sent
from zhiheng.faces.expert.access import leads, panel_of
from zhiheng.faces.expert.writing import Desk
from zhiheng.foundation.acts import ActError
from zhiheng.process import reach
from zhiheng.process.register import sitevisit
from zhiheng.rules.decision import Reason
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.panel.models import Panel
from zhiheng.stages.sitevisit.models import ExpertEvaluation, Papers

RATINGS = dict(ExpertEvaluation.RATINGS)


@require_http_methods(["GET", "HEAD", "POST"])
@desk(Role.EXPERT)
def papers(request: DeskRequest, pk: int) -> HttpResponse:
    """GET: the papers, or the form for them. POST: `step` is preview, draft, drop or confirm. For the panel's leader."""
    panel = panel_of(request.desk.acting, pk)
    if panel.round != "site" or not leads(request.desk.acting, panel):
        raise Http404
    paper = Desk(request, sitevisit.hand_in.id, reach.address(panel))
    if request.method != "POST":
        return _page(request, panel, paper)
    step = "draft" if "_draft" in request.POST else request.POST.get("step", "preview")
    if step in ("draft", "drop"):
        return paper.keep() if step == "draft" else paper.drop()
    if step == "edit":
        return _page(request, panel, paper, request.POST)
    details = _details(request, panel)
    if step != "confirm":
        found = sitevisit.hand_in.rehearse(request.desk.acting, panel, **details)
        if not found.decision.ok:
            return _page(request, panel, paper, request.POST, found.decision.refusals)
        return _sure(request, panel, paper, details, found.payload)
    if newer := paper.conflict(paper.draft()):
        return _sure(request, panel, paper, details, {}, newer)
    try:
        done = sitevisit.hand_in(sent(request), panel, **details)
    except ActError as error:
        return _page(request, panel, paper, request.POST, error.decision.refusals)
    drafts.drop(request.desk.acting, paper.act, paper.subject)
    return HttpResponseRedirect(f"{reverse('expert:papers', args=[panel.pk])}?done={done.seq}", status=303)


def _details(request: DeskRequest, panel: Panel) -> dict[str, Any]:
    judged = [
        {"expert": code, "rating": request.POST.get(f"rating-{code}", ""), "text": request.POST.get(f"text-{code}", "").strip()[:4000]}
        for code in _codes(panel)
    ]
    return {"opinion": request.POST.get("opinion", "").strip()[:20_000], "evaluations": judged}


def _codes(panel: Panel) -> list[str]:
    return list(panel.seats.filter(vacated_at=None).order_by("expert__code").values_list("expert__code", flat=True))


def _page(request: DeskRequest, panel: Panel, paper: Desk, data: Any = None, refusals: tuple[Reason, ...] = ()) -> HttpResponse:
    handed = Papers.objects.filter(panel=panel).first()
    draft, restored = None, False
    if data is None and handed is None:
        data, draft, restored = paper.load()
    given = data if data is not None else {}
    context = {
        "panel": panel,
        "handed": handed,
        "evaluations": [(e.expert.code, RATINGS[e.rating], e.text) for e in handed.evaluations.select_related("expert")] if handed else [],
        "experts": [(code, given.get(f"rating-{code}", ""), given.get(f"text-{code}", "")) for code in _codes(panel)],
        "ratings": RATINGS.items(),
        "opinion": given.get("opinion", ""),
        "draft": draft,
        "restored": restored,
        "refusals": refusals,
        "receipt": receipt(request, panel.cycle),
        **paper.envelope(draft),
    }
    return render(request, "expert/papers.html", context, status=422 if refusals else 200)


def _sure(
    request: DeskRequest, panel: Panel, paper: Desk, details: dict[str, Any], payload: Mapping[str, Any], newer: str = ""
) -> HttpResponse:
    fields = [("opinion", details["opinion"])]
    for one in details["evaluations"]:
        fields += [(f"rating-{one['expert']}", one["rating"]), (f"text-{one['expert']}", one["text"])]
    context = {
        "panel": panel,
        "opinion": details["opinion"],
        "evaluations": [(one["expert"], RATINGS.get(one["rating"], ""), one["text"]) for one in details["evaluations"]],
        "ranking": payload.get("ranking", []),
        "fields": fields,
        "newer": newer,
        **paper.envelope(),
    }
    return render(request, "expert/papers_sure.html", context, status=409 if newer else 200)
