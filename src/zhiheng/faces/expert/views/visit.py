"""A site visit: the plan, the steps in their order with a record of each, and the way to sheets, consensus and report (G2, G3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhiheng.faces.desk import kept
from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.desk.sending import receipt, sent, token
from zhiheng.faces.expert.access import Task, task_of
from zhiheng.foundation.acts import ActError
from zhiheng.process.register import sitevisit
from zhiheng.rules.compose import panel_title
from zhiheng.rules.decision import Decision, no
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.review.models import Sheet
from zhiheng.stages.review.scoring import missing_sheets
from zhiheng.stages.sitevisit.models import Visit
from zhiheng.stages.sitevisit.selectors import steps_for


@require_http_methods(["GET", "HEAD", "POST"])
@desk(Role.EXPERT)
def visit(request: DeskRequest, code: str) -> HttpResponse:
    """GET: the visit. POST: `step` is plan, or record with the step's code."""
    task = task_of(request.desk.acting, code, "site")
    row = Visit.objects.filter(entry=task.entry, panel=task.seat.panel).select_related("cycle", "panel").first()
    if request.method != "POST":
        return _page(request, task, row, kept.taken(request, request.desk.acting.code) or {})
    if not task.seat.leader:
        raise Http404
    try:
        done = _plan(request, task) if request.POST.get("step") == "plan" else _record(request, row)
    except ActError as error:
        return _page(request, task, row, request.POST, error.decision)
    except ValueError:
        wrong: Decision[None] = no(_("请填写计划开始和结束日期"), article="四(五)2", duty="G2")
        return _page(request, task, row, request.POST, wrong)
    return HttpResponseRedirect(f"{reverse('expert:visit', args=[code])}?done={done.seq}", status=303)


def _plan(request: DeskRequest, task: Task) -> Any:
    start, end = (date.fromisoformat(request.POST.get(name, "")) for name in ("start", "end"))
    return sitevisit.plan(sent(request), task.entry, text=request.POST.get("text", "")[:20_000], start=start, end=end)


def _record(request: DeskRequest, row: Visit | None) -> Any:
    if row is None:
        raise Http404
    return sitevisit.step(sent(request), row, code=request.POST.get("code", ""), note=request.POST.get("note", "")[:20_000])


def _page(request: DeskRequest, task: Task, row: Visit | None, typed: Any, decision: Decision[Any] | None = None) -> HttpResponse:
    panel, entry = task.seat.panel, task.entry
    done = {step.code: step for step in row.steps.all()} if row else {}
    titles = {step.code: step.title for step in task.pack.steps}
    order = [(code, titles[code], done.get(code)) for code in steps_for(entry)]
    context = {
        "entry": entry,
        "panel": panel,
        "panel_name": panel_title(panel, task.pack),
        "visit": row,
        "leader": task.seat.leader,
        "open": task.open(),
        "steps": order,
        "next": next((code for code, _title, step in order if step is None), "") if row else "",
        "begun": bool(done),
        "own": task.own(),
        "sheets": Sheet.objects.filter(panel=panel, entry=entry, voided_at=None).count(),
        "owing": missing_sheets(panel, entry, "site"),
        "typed": typed,
        "refusals": decision.refusals if decision else (),
        "receipt": receipt(request, entry.cycle),
        "token": token(request),
        "kept_for": kept.owner_mark(request.desk.acting.code),
    }
    return render(request, "expert/visit.html", context, status=422 if decision else 200)
