"""An expert's score sheet: application, criteria and guide in view; preview, confirmation, receipt; then locked (F2, G3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhiheng.faces.desk import drafts
from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.desk.sending import receipt, sent
from zhiheng.faces.expert.access import Task, named, task_of
from zhiheng.faces.expert.cards import cards
from zhiheng.faces.expert.marking import Form, evidence_by_item, form_of, laid, stored, typed
from zhiheng.faces.expert.wording import fixed
from zhiheng.faces.expert.writing import Desk
from zhiheng.foundation.acts import ActError
from zhiheng.foundation.question import Question
from zhiheng.process import reach
from zhiheng.rules.compose import category_title, panel_title
from zhiheng.rules.decision import Reason
from zhiheng.rules.lifecycle import Role
from zhiheng.rules.thresholds import shown
from zhiheng.stages.application.models import Evidence
from zhiheng.stages.review.models import Sheet
from zhiheng.stages.review.scoring import scheme_of
from zhiheng.stages.sitevisit.models import VisitStep

_standing = Question(lambda entry: Evidence.objects.filter(entry=entry, removed_at=None).select_related("file").order_by("pk"))


@require_http_methods(["GET", "HEAD", "POST"])
@desk(Role.EXPERT)
def review(request: DeskRequest, code: str) -> HttpResponse:
    """GET: the sheet, or once it is locked what was handed in. POST: `step` is preview, edit, draft, drop or confirm."""
    wanted = request.GET.get("round", "")
    step = "draft" if "_draft" in request.POST else request.POST.get("step", "preview")
    if request.method == "POST" and step == "confirm":
        return _confirm(request, code, wanted)
    task = task_of(request.desk.acting, code, wanted)
    paper = Desk(request, task.act.id, task.address)
    if request.method == "POST":
        if own := task.own():
            return _locked(request, task, own)
        steps = {"draft": paper.keep, "drop": paper.drop, "edit": lambda: _write(request, task, paper, request.POST)}
        return steps.get(step, lambda: _preview(request, task, paper))()
    own = task.own()
    return _locked(request, task, own) if own else _write(request, task, paper)


def _write(
    request: DeskRequest,
    task: Task,
    paper: Desk,
    data: QueryDict | None = None,
    *,
    form: Form | None = None,
    refusals: list[Reason] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The sheet being filled in; with its faults where it was sent and refused."""
    draft, restored = None, False
    if data is None and form is None:
        data, draft, restored = paper.load()
    sheet = form or form_of(task.pack, task.scheme, data)
    by_item, rest = evidence_by_item(task.scheme, _evidence(task))
    rows = sheet.rows(task.entry.form.get("answers", {}), by_item)
    words = fixed(task.pack, task.scheme)
    why = _why_not(task)
    context = _about(task) | {
        "form": sheet,
        "rows": rows,
        "cards": cards(rows),
        "fixed": words,
        "evidence": rest,
        "draft": draft,
        "restored": restored,
        "refusals": refusals or [],
        "why": why,
        **paper.envelope(draft),
    }
    return render(request, "expert/review.html", context, status=status)


def _evidence(task: Task) -> Iterable[Evidence]:
    """The evidence that the expert may open: all that stands, while their seat's round runs (what `evidence.look` asks; D2)."""
    return _standing(task.entry.pk) if task.open() else ()


def _why_not(task: Task) -> str:
    """Why no sheet can be handed in now; "" when it can."""
    if not task.open():
        return _("该申报目前不在本轮评审中，不能评分。")
    if task.round == "site" and not VisitStep.objects.filter(visit__entry=task.entry).exists():
        return _("现场评审尚未开始。可以先行查阅材料、填写草稿，首次会议后再提交。")
    return "" if task.owed() else _("您所接替的专家对该申报的评分有效，无须重新评分。")


def _about(task: Task) -> dict[str, Any]:
    award = task.pack.award(task.entry.award)
    return {
        "task": task,
        "entry": task.entry,
        "panel": task.seat.panel,
        "panel_name": panel_title(task.seat.panel, task.pack),
        "award": award.title,
        "category": category_title(award, task.entry.category),
        "on_site": task.round == "site",
    }


def _preview(request: DeskRequest, task: Task, paper: Desk) -> HttpResponse:
    """What would be handed in, item by item, before it is locked."""
    form = form_of(task.pack, task.scheme, request.POST)
    found = task.act.rehearse(request.desk.acting, task.entry, marks=form.marks, comments=form.texts)
    if not found.decision.ok:
        return _write(request, task, paper, form=form, refusals=laid(form, found.decision), status=422)
    return _asked(request, task, paper, form)


def _asked(request: DeskRequest, task: Task, paper: Desk, form: Form, *, newer: str = "") -> HttpResponse:
    context = _about(task) | {
        "form": form,
        "rows": form.rows({}, {}),
        "fixed": fixed(task.pack, task.scheme),
        "newer": newer,
        **paper.envelope(),
    }
    return render(request, "expert/preview.html", context, status=409 if newer else 200)


def _confirm(request: DeskRequest, code: str, wanted: str) -> HttpResponse:
    """Hand the sheet in, once: sent twice it has one receipt. A newer draft of another window is shown first."""
    act, entry = named(request.desk.acting, code, wanted)
    marks, texts = typed(scheme_of(entry), request.POST)
    paper = Desk(request, act.id, reach.address(entry))
    draft = paper.draft()
    newer, error = paper.conflict(draft), None
    if not newer:
        try:
            done = act(sent(request), entry, marks=marks, comments=texts)
        except ActError as refused:
            error = refused
        else:
            if draft:
                drafts.drop(request.desk.acting, act.id, paper.subject)
            return HttpResponseRedirect(f"{reverse('expert:review', args=[code])}?done={done.seq}", status=303)
    task = task_of(request.desk.acting, code, wanted)
    form = form_of(task.pack, task.scheme, request.POST)
    if error is None:
        return _asked(request, task, paper, form, newer=newer)
    if own := task.own():
        return _locked(request, task, own, error.decision.refusals, status=409)
    return _write(request, task, paper, form=form, refusals=laid(form, error.decision), status=422)


def _locked(request: DeskRequest, task: Task, sheet: Sheet, refusals: tuple[Reason, ...] = (), *, status: int = 200) -> HttpResponse:
    """The sheet as it was handed in; the others' lie on the panel's page from now on."""
    form = stored(task.pack, task.scheme, sheet.marks, sheet.comments)
    context = _about(task) | {
        "sheet": sheet,
        "form": form,
        "rows": form.rows({}, {}),
        "fixed": fixed(task.pack, task.scheme),
        "total": shown(sheet.total),
        "refusals": refusals,
        "receipt": receipt(request, task.entry.cycle),
    }
    return render(request, "expert/locked.html", context, status=status)
