"""Objecting to what is published, and looking up what became of it (J2, L2, Q15)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhiheng.faces.public import lookup, selectors
from zhiheng.faces.public.objecting import TRAP, ObjectionForm, Proof, new_token, request_id, token_of
from zhiheng.faces.public.periods import State
from zhiheng.faces.public.published import groups, listed
from zhiheng.faces.public.views.page import blank, draw, own
from zhiheng.faces.shared.counter import address_of, within
from zhiheng.foundation.acts import ActError, Acting
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.publicity.models import Notice, Objection
from zhiheng.foundation.publicity.services import lodge_objection
from zhiheng.rules.lifecycle import Role

STRETCH = 600  # seconds in which the following are counted
MOST_SENT, MOST_POSTED, MOST_ASKED = 20, 120, 30
BUSY, WRONG, CONFLICT = 429, 422, 409


@own
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, code: str) -> HttpResponse:
    """The form of an objection to a notice with a clock: filled, read over (`step` = check), sent (`step` = send)."""
    notice = get_object_or_404(selectors.full_notices(), code=code, days__gt=0)
    pack = rules_of(notice.cycle)
    shown = selectors.show(notice)
    context: dict[str, Any] = {"shown": shown, "token": new_token(), "open": shown.period.state in (State.RUNNING, State.EXPIRED)}
    if not context["open"]:
        return draw(request, "object", context, status=200 if request.method != "POST" else CONFLICT)
    found = context["groups"] = groups(listed(notice, pack), pack)
    if request.method != "POST":
        form = ObjectionForm({"entry": request.GET.get("entry", "")}, found)
        return blank(draw(request, "object", {**context, "form": form, "values": form.data, "errors": []}))
    if not within("objection.post", address_of(request), MOST_POSTED, STRETCH):
        return _again(request, context, ObjectionForm(request.POST, found), None, [("", _busy())], status=BUSY)
    context["token"] = token_of(request)
    form, proof = ObjectionForm(request.POST, found), Proof(request, notice, context["token"])
    errors = _errors(form, proof)
    if errors or request.POST.get("step") not in ("check", "send"):
        return _again(request, context, form, proof, errors, status=WRONG if errors else 200)
    details = {key: form.cleaned_data[key] for key in ("entry", "content", "name", "contact")} | {"proof": proof.file}
    if request.POST["step"] == "check":
        return _check(request, context, form, proof, details)
    return _send(request, context, form, proof, details)


def _errors(form: ObjectionForm, proof: Proof) -> list[tuple[str, str]]:
    """(field, what is wrong with it), in the order of the form."""
    found = [("" if field == TRAP else field, str(texts[0])) for field, texts in form.errors.items()]
    return [*found, ("proof", proof.error)] if proof.error else found


def _again(
    request: HttpRequest, context: dict[str, Any], form: ObjectionForm, proof: Proof | None, errors: list[tuple[str, str]], *, status: int
) -> HttpResponse:
    """The form once more, with everything that was typed and the file that was taken."""
    kept = {"kept": proof.kept, "file": proof.file} if proof else {"kept": request.POST.get("kept", "")}
    more = {"form": form, "values": form.data, "errors": errors, "error": dict(errors), **kept}
    response = draw(request, "object", {**context, **more}, status=status)
    if status == BUSY:
        response["Retry-After"] = str(STRETCH)
    return response


def _check(request: HttpRequest, context: dict[str, Any], form: ObjectionForm, proof: Proof, details: dict[str, Any]) -> HttpResponse:
    """What will happen if it is sent now: nothing is kept but the file."""
    notice: Notice = context["shown"].notice
    foreseen = lodge_objection.rehearse(Acting(Role.PUBLIC), notice, **details)
    if not foreseen.decision.ok:
        return _again(request, context, form, proof, [("", foreseen.decision.refusals[0].text)], status=WRONG)
    chosen = next((one for group in context["groups"] for one in group.listed if one.code and one.code == details["entry"]), None)
    more = {"details": details, "chosen": chosen, "formal": foreseen.value.formal, "kept": proof.kept}
    return draw(request, "object_check", {**context, **more})


def _send(request: HttpRequest, context: dict[str, Any], form: ObjectionForm, proof: Proof, details: dict[str, Any]) -> HttpResponse:
    if not within("objection.sent", address_of(request), MOST_SENT, STRETCH):
        return _again(request, context, form, proof, [("", _busy())], status=BUSY)
    acting = Acting(Role.PUBLIC, request_id=request_id(context["token"], details))
    try:
        receipt = lodge_objection(acting, context["shown"].notice, **details)
    except ActError as error:
        return _again(request, context, form, proof, [("", error.decision.refusals[0].text)], status=WRONG)
    subject = JournalEntry.objects.values_list("subject", flat=True).get(chain=receipt.chain, seq=receipt.seq)
    key = lookup.receipt_key(subject.removeprefix("objection:"))
    return HttpResponseRedirect(reverse("public:objection_received", args=[key]), status=303)


@own
@require_safe
def received(request: HttpRequest, key: str) -> HttpResponse:
    """The receipt: number, code, time, and what happens next. Its address is good for an hour."""
    found = lookup.receipt_of(key)
    if found is None:
        raise Http404
    place = JournalEntry.objects.filter(subject=f"objection:{found.number}", act=lodge_objection.id, kind="act").first()
    return draw(request, "object_received", {"objection": found, "code": lookup.code_of(found.number), "place": place})


@own
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """What became of an objection, for who has its number and its code. A wrong pair is told the same way, whatever is wrong with it."""
    number, code = request.POST.get("number", ""), request.POST.get("code", "")
    context: dict[str, Any] = {"number": number[:40], "code": code[:40], "found": None, "error": ""}
    if request.method != "POST":
        return blank(draw(request, "objection", context))
    if not within("objection.ask", address_of(request), MOST_ASKED, STRETCH):
        response = draw(request, "objection", {**context, "error": _busy()}, status=BUSY)
        response["Retry-After"] = str(STRETCH)
        return response
    found = lookup.find(number, code)
    if found is None:
        text = _("编号与查询码不符，请核对回执后再查")
        return draw(request, "objection", {**context, "error": text}, status=WRONG)
    return draw(request, "objection", {**context, "found": found, "state": _state(found)})


def _busy() -> str:
    return _("操作过于频繁，请十分钟后再试")


def _state(objection: Objection) -> tuple[str, str]:
    """The status in plain words: what it is called, and what it means."""
    return {
        "received": (_("已受理"), _("您的异议已受理，等待调查核实。")),
        "investigating": (_("调查中"), _("您的异议正在调查核实，结果将在办结后答复。")),
        "upheld": (_("经调查属实"), _("您反映的情况经调查属实，答复如下。")),
        "dismissed": (_("经调查不属实"), _("您反映的情况经调查不属实，答复如下。")),
        "lead": (_("作为线索登记"), _("您反映的情况已作为线索登记，供核查参考，不再单独答复。")),
    }[objection.status]
