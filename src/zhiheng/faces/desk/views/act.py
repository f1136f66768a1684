"""The page of any act of the register: fill in, look over, confirm."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhiheng.faces.desk import doing as flow
from zhiheng.faces.desk import drafts, kept
from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.desk.doing import Doing
from zhiheng.faces.desk.forms.base import ELSEWHERE, FORMS, Plain
from zhiheng.faces.desk.links import page_after, receipt_url
from zhiheng.faces.desk.sending import revision, sent, token, whole
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Receipt


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, act: str, address: str) -> HttpResponse:
    """The page of an act. What its form keeps in no draft (an ID number, the number behind a commitment), no session keeps either."""
    request.unkept = not FORMS.get(act, Plain).draft  # type: ignore[attr-defined]
    return _seated(request, act, address)


@desk()
def _seated(request: DeskRequest, act: str, address: str) -> HttpResponse:
    """GET: the form, with the draft. POST: `step` says what is wanted: preview (the default), edit, draft, drop or confirm."""
    one = flow.begin(request.desk.acting, act, address)
    if act in ELSEWHERE:
        return HttpResponseRedirect(ELSEWHERE[act](one.subject), status=303)
    if request.method != "POST":
        return _open(request, one)
    step = "draft" if "_draft" in request.POST else request.POST.get("step", "preview")
    steps = {"draft": _keep, "drop": _drop, "edit": _edit, "confirm": _confirm, "again": _confirm}
    return steps.get(step, _preview)(request, one)


def _open(request: DeskRequest, one: Doing) -> HttpResponse:
    if not one.allowed.ok:
        return _page(request, one)
    typed = kept.taken(request, one.acting.code)
    draft = None if typed else drafts.load(one.acting, one.spec.id, one.address)
    if typed is None and draft is None:
        flow.fill(one, address=request.GET)
    else:
        flow.fill(one, typed or drafts.typed(draft))  # type: ignore[arg-type]
        _unjudged(one)
    return _page(request, one, draft=draft, restored=typed is not None)


def _unjudged(one: Doing) -> None:
    """A form that is shown again and was not sent yet carries no reproach."""
    assert one.form is not None
    one.form.is_valid()
    one.form.errors.clear()


def _edit(request: DeskRequest, one: Doing) -> HttpResponse:
    flow.fill(one, request.POST, request.FILES)
    _unjudged(one)
    return _page(request, one)


def _preview(request: DeskRequest, one: Doing) -> HttpResponse:
    """What will happen, before it does. An act that binds nobody and can be done again is done at once."""
    if not flow.form_of(one.spec).confirm:
        return _confirm(request, one)
    flow.fill(one, request.POST, request.FILES)
    if not one.allowed.ok or not flow.rehearse(one):
        return _page(request, one, status=422)
    one.meanwhile = flow.since(one.subject, whole(request.POST.get("seen", "")) or 0)
    return _asked(request, one)


def _confirm(request: DeskRequest, one: Doing) -> HttpResponse:
    """The act, if nothing happened to the subject since it was looked over. What was sent twice gets the first receipt."""
    one.acting = acting = sent(request)
    one.meanwhile = flow.since(one.subject, whole(request.POST.get("seen", "")) or 0)
    if earlier := one.spec.earlier(acting, one.subject):
        return HttpResponseRedirect(receipt_url(earlier), status=303)
    flow.fill(one, request.POST, request.FILES)
    if not one.allowed.ok:
        return _page(request, one, status=409)
    if one.meanwhile and one.form.confirm:  # type: ignore[union-attr]
        return _asked(request, one, status=409) if flow.rehearse(one) else _page(request, one, status=422)
    receipt = flow.finish(one)
    if receipt is None:
        return _page(request, one, status=422)
    drafts.drop(acting, one.spec.id, one.address)
    for reason in receipt.decision.reasons:
        if reason.text:
            messages.add_message(request, messages.SUCCESS if reason.ok else messages.WARNING, reason.text)
    return HttpResponseRedirect(_next(request, one, receipt), status=303)


def _next(request: DeskRequest, one: Doing, receipt: Receipt) -> str:
    """To the receipt; of an act that is done at once, back to its subject, or to its form again."""
    if one.form is None or one.form.confirm:
        return receipt_url(receipt)
    return request.path if request.POST.get("step") == "again" else page_after(one.spec.id, one.subject, one.acting.role)


def _asked(request: DeskRequest, one: Doing, status: int = 200) -> HttpResponse:
    """The page that says what will happen and asks."""
    assert one.form is not None
    return _draw(request, one, "desk/confirm.html", {"hidden": _sent(one, request.POST)}, status)


def _sent(one: Doing, data: QueryDict) -> list[tuple[str, str]]:
    """What was filled in, as hidden fields: confirmation sends the very same, files by their token."""
    assert one.form is not None
    own = [(name, value) for name, values in data.lists() if name not in drafts.NOT_TYPED for value in values]
    files = [(f"{f.html_name}-token", getattr(f.field.widget, "token", "")) for f in one.form if getattr(f.field.widget, "token", "")]
    known = {name for name, _ in files}
    return [pair for pair in own if pair[0] not in known] + files


def _keep(request: DeskRequest, one: Doing) -> HttpResponse:
    """Keep a draft: asked by the page itself as one types, or by its button."""
    silent = "_draft" in request.POST
    if not flow.form_of(one.spec).draft:
        return HttpResponse(status=409)
    try:
        draft = drafts.save(one.acting, one.spec.id, one.address, request.POST, revision(request))
    except drafts.Stale as stale:
        text = _("另一窗口已于%(at)s保存了较新的草稿，本窗口的内容未覆盖它，请刷新后核对") % {"at": _at(stale.draft)}
        if silent:
            return JsonResponse({"stale": text}, status=409)
        messages.warning(request, text)
        return _edit(request, one)
    except ValueError as error:
        return JsonResponse({"stale": str(error)}, status=413)
    if silent:
        return JsonResponse({"saved": _at(draft), "revision": draft.revision})
    messages.success(request, _("草稿已于%(at)s保存") % {"at": _at(draft)})
    return HttpResponseRedirect(request.path, status=303)


def _drop(request: DeskRequest, one: Doing) -> HttpResponse:
    drafts.drop(one.acting, one.spec.id, one.address)
    return HttpResponseRedirect(request.path, status=303)


def _page(request: DeskRequest, one: Doing, *, draft: Any = None, restored: bool = False, status: int = 200) -> HttpResponse:
    return _draw(request, one, "desk/act.html", {"draft": draft, "restored": restored}, status)


def _draw(request: DeskRequest, one: Doing, template: str, more: dict[str, Any], status: int) -> HttpResponse:
    context = {
        "doing": one,
        "spec": one.spec,
        "form": one.form,
        "subject": one.subject,
        "cycle": one.cycle,
        "token": token(request),
        "seen": flow.last_seen(one.subject),
        "kept_for": kept.owner_mark(one.acting.code),
        "back": page_after(one.spec.id, one.subject, one.acting.role),
        **more,
    }
    return render(request, template, context, status=status)


def _at(draft: Any) -> str:
    return f"{clock.local(draft.saved_at):%H:%M}"
