"""The receipt of an act: given only after it was written to the journal."""

from __future__ import annotations

import json

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.desk.links import page_after, title_of
from zhiheng.foundation.acts import REGISTER
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.process import reach
from zhiheng.process.roles import ROLES
from zhiheng.rules.lifecycle import Role


@require_safe
@desk()
def receipt(request: DeskRequest, chain: str, seq: int) -> HttpResponse:
    """What was done, when, in which role, on which article, and its place and hash in the journal. For who did it and the inspector."""
    entry = JournalEntry.objects.filter(chain=chain, seq=seq, kind="act").first()
    mine = entry is not None and entry.actor == request.desk.acting.code
    if entry is None or not (mine or request.desk.hat.role == Role.INSPECTOR):
        raise Http404
    body = json.loads(entry.body)
    context = {
        "entry": entry,
        "title": REGISTER[entry.act].title if entry.act in REGISTER else entry.act,
        "role": ROLES.get(Role(entry.role), entry.role),
        "articles": body["articles"],
        "duties": body["duties"],
        **_subject(request, entry),
    }
    return render(request, "desk/receipt.html", context)


def _beyond_reach(request: DeskRequest, entry: JournalEntry) -> str:
    """What the reader may not read any more, such as a seat that they gave up: by its own number, else by its cycle."""
    model, _, key = entry.subject.partition(":")
    if model in reach.KINDS and reach.KINDS[model].key != "pk":
        return key
    try:
        return title_of(reach.found(request.desk.acting, entry.chain)) if entry.chain.startswith("cycle:") else ""
    except reach.Unreachable:
        return ""


def _subject(request: DeskRequest, entry: JournalEntry) -> dict[str, str]:
    """What the act was done on, with its page, where the reader may reach it."""
    try:
        subject = reach.found(request.desk.acting, entry.subject) if entry.subject else None
    except reach.Unreachable:
        subject = None
    if subject is None:
        return {"subject_title": _beyond_reach(request, entry)}
    return {"subject_title": title_of(subject), "subject_url": page_after(entry.act, subject, request.desk.acting.role)}
