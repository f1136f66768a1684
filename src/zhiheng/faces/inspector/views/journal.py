"""Reading the journal: the list, one record, the thread of an entry, the check. The office may read along; nothing is changed (L3)."""

from __future__ import annotations

import json
from time import perf_counter
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.faces.inspector import reading
from zhiheng.faces.inspector.words import thing, titled
from zhiheng.foundation.acts.permission import ref
from zhiheng.foundation.canonical import digest
from zhiheng.foundation.files.services import integrity_faults
from zhiheng.foundation.journal import services
from zhiheng.foundation.journal.models import JournalHead
from zhiheng.foundation.publicity.models import Notice
from zhiheng.process import reach
from zhiheng.process.parts import lines, runs
from zhiheng.process.roles import ROLES
from zhiheng.process.thread import thread as thread_of
from zhiheng.rules.lifecycle import Role

READERS = (Role.INSPECTOR, Role.OFFICE)


@require_safe
@desk(*READERS)
def journal(request: DeskRequest) -> HttpResponse:
    """The journal, newest first, filtered by chain, kind, act, role, subject and day."""
    rows = reach.journal(request.desk.acting)
    chains = _chains(request)
    filters = reading.chosen(request.GET, chains)
    context = {
        "filters": filters,
        "leaf": reading.leaf(rows.filter(filters.condition()), request.GET.get("before", "")),
        "chains": chains,
        "kinds": reading.KINDS.items(),
        "acts": reading.acts(),
        "roles": [(role.value, title) for role, title in ROLES.items()],
        "turned": bool(request.GET.get("before")),
        "inspecting": request.desk.hat.role == Role.INSPECTOR,
    }
    return render(request, "inspector/journal.html", context)


@require_safe
@desk(*READERS)
def record(request: DeskRequest, chain: str, seq: int) -> HttpResponse:
    """One record in plain words and as the canonical bytes that were hashed, with the check of its own link."""
    rows = reach.journal(request.desk.acting).filter(chain=chain)
    row = rows.filter(seq=seq).first()
    if row is None:
        raise Http404
    body = json.loads(row.body)
    before = rows.filter(seq=seq - 1).values_list("hash", flat=True).first() or services.FIRST
    context = {
        "row": row,
        "line": lines([row], names=True)[0],
        "body": body,
        "payload": [(title, _plain(value)) for title, value in titled(body["payload"])],
        "canonical": json.dumps(body, ensure_ascii=False, indent=2, sort_keys=True),
        "whole": digest(row.body.encode(), body["alg"]) == row.hash,
        "tied": body["prev"] == before,
        "thing": thing(row.subject),
        "newer": rows.filter(seq=seq + 1).exists(),
        "entry": _entry_code(row.subject),
    }
    return render(request, "inspector/record.html", context)


@require_safe
@desk(*READERS)
def thread(request: DeskRequest, code: str) -> HttpResponse:
    """Everything that the journal has of one entry, in the order of time."""
    entry = reach.entries(request.desk.acting).select_related("cycle").filter(code=code).first()
    if entry is None:
        raise Http404
    readable = reach.journal(request.desk.acting)
    found = lines(thread_of(entry).filter(pk__in=readable.order_by().values("pk")), names=True)
    return render(
        request,
        "inspector/thread.html",
        {"entry": entry, "cycle": entry.cycle, "runs": runs(found), "count": len(found), "subject": ref(entry)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk(*READERS)
def verify(request: DeskRequest) -> HttpResponse:
    """Check the chains against their hashes and against the heads that notices made public. Computed anew each time, and not kept."""
    chains = _chains(request)
    context: dict[str, Any] = {"chains": _lengths(chains)}
    if request.method == "POST":
        asked = request.POST.get("chain", "")
        checked = [asked] if asked in chains else chains
        began = perf_counter()
        published = list(Notice.objects.values_list("journal_head", flat=True))
        faults = [fault for chain in checked for fault in services.verify(chain, published)]
        files = integrity_faults() if request.POST.get("files") else None
        context |= {"checked": checked, "faults": faults, "files": files, "heads": len(published), "asked": asked}
        context["seconds"] = f"{perf_counter() - began:.2f}"
    return render(request, "inspector/verify.html", context)


def _chains(request: DeskRequest) -> list[str]:
    """The chains that the reader reads, those of cycles newest first. One query."""
    found = reach.journal(request.desk.acting).order_by().values_list("chain", flat=True).distinct()
    return sorted(found, reverse=True)


def _lengths(chains: list[str]) -> list[tuple[str, int, str]]:
    heads = dict(JournalHead.objects.filter(chain__in=chains).values_list("chain", "seq"))
    ends = dict(JournalHead.objects.filter(chain__in=chains).values_list("chain", "hash"))
    return [(chain, heads.get(chain, 0), ends.get(chain, "")) for chain in chains]


def _entry_code(subject: str) -> str:
    model, _, key = subject.partition(":")
    return key if model == "entry" else ""


def _plain(value: Any) -> str:
    """A value of a record as people read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return "、".join(map(str, value)) or "无"
    return str(value) if isinstance(value, str | int) else "无" if value in (None, [], {}) else json.dumps(value, ensure_ascii=False)
