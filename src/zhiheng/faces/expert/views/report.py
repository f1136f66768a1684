"""The panel's report on an entry: strengths, opportunities for improvement, conclusion (F2, G3)."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhiheng.faces.desk import drafts
from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.desk.sending import receipt, sent
from zhiheng.faces.expert.access import REPORT, leads
from zhiheng.faces.expert.views.consensus import about, place
from zhiheng.faces.expert.writing import Desk
from zhiheng.foundation.acts import ActError, Acting
from zhiheng.process import reach
from zhiheng.rules.decision import Reason
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Panel
from zhiheng.stages.panel.selectors import STAGE_OF
from zhiheng.stages.review.models import Report
from zhiheng.stages.review.scoring import LONGEST, missing_sheets, open_to

PARTS = ("strengths", "improvements", "conclusion")


@require_http_methods(["GET", "HEAD", "POST"])
@desk(Role.EXPERT, Role.AGENCY)
def report(request: DeskRequest, pk: int, code: str) -> HttpResponse:
    """GET: the report, or the form for it. POST: `step` is preview, edit, draft, drop or confirm."""
    acting = request.desk.acting
    panel, entry = place(acting, pk, code)
    paper = Desk(request, REPORT[panel.round].id, f"{reach.address(panel)}/{entry.code}")
    why = why_not(acting, panel, entry)
    if request.method != "POST" or why:
        return _show(request, panel, entry, paper, why, status=409 if request.method == "POST" else 200)
    step = "draft" if "_draft" in request.POST else request.POST.get("step", "preview")
    if step in ("draft", "drop"):
        return paper.keep() if step == "draft" else paper.drop()
    if step == "edit":
        return _show(request, panel, entry, paper, why, request.POST)
    return (_confirm if step == "confirm" else _preview)(request, panel, entry, paper)


def why_not(acting: Acting, panel: Panel, entry: Entry) -> str:
    """Why no report can be handed in here now; "" when it can."""
    if acting.role != Role.EXPERT:
        return _("评审报告由专家组提交。")
    if Stage(entry.cycle.stage) != STAGE_OF[panel.round] or not open_to(entry, panel.round):
        return _("该申报目前不在本轮评审中。")
    if owing := missing_sheets(panel, entry, panel.round):
        return _("专家%(codes)s尚未提交独立评分，评审报告须在独立评分之后提交。") % {"codes": "、".join(owing)}
    if panel.round == "site" and not leads(acting, panel):
        return _("现场评审报告由组长提交。")
    return ""


def _show(
    request: DeskRequest,
    panel: Panel,
    entry: Entry,
    paper: Desk,
    why: str,
    data: QueryDict | None = None,
    *,
    refusals: tuple[Reason, ...] = (),
    status: int = 200,
) -> HttpResponse:
    row = reach.reports(request.desk.acting).filter(entry=entry, panel=panel).first()
    draft, restored = None, False
    if data is None and row is None and not why:
        data, draft, restored = paper.load()
    context = about(panel, entry) | {
        "report": row,
        "why": "" if row else why,
        "typed": {part: data.get(part, "") for part in PARTS} if data is not None else {},
        "most": LONGEST * 5,
        "draft": draft,
        "restored": restored,
        "refusals": refusals,
        "receipt": receipt(request, entry.cycle),
        **paper.envelope(draft),
    }
    return render(request, "expert/report.html", context, status=status)


def _texts(request: DeskRequest) -> dict[str, str]:
    return {part: request.POST.get(part, "").strip() for part in PARTS}


def _preview(request: DeskRequest, panel: Panel, entry: Entry, paper: Desk) -> HttpResponse:
    found = REPORT[panel.round].rehearse(request.desk.acting, panel, entry=entry, **_texts(request))
    if not found.decision.ok:
        return _show(request, panel, entry, paper, "", request.POST, refusals=found.decision.refusals, status=422)
    return render(request, "expert/report_sure.html", about(panel, entry) | {"typed": _texts(request), **paper.envelope()})


def _confirm(request: DeskRequest, panel: Panel, entry: Entry, paper: Desk) -> HttpResponse:
    if newer := paper.conflict(paper.draft()):
        context = about(panel, entry) | {"typed": _texts(request), "newer": newer, **paper.envelope()}
        return render(request, "expert/report_sure.html", context, status=409)
    acting = sent(request)
    try:
        done = REPORT[panel.round](acting, panel, entry=entry, **_texts(request))
    except ActError as error:
        handed = Report.objects.filter(entry=entry, panel=panel).exists()
        return _show(request, panel, entry, paper, "", None if handed else request.POST, refusals=error.decision.refusals, status=422)
    drafts.drop(acting, paper.act, paper.subject)
    return HttpResponseRedirect(f"{reverse('expert:report', args=[panel.pk, entry.code])}?done={done.seq}", status=303)
