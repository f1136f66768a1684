"""Lists that were published: the last notice of a kind, and what came of the objections to it."""

from __future__ import annotations

from collections import defaultdict

from zhiheng.foundation.publicity.models import Notice, Objection
from zhiheng.process.agenda.scope import Scope


def latest(scope: Scope, kind: str) -> dict[int, Notice]:
    """Cycle pk → the last notice of the kind."""
    rows = Notice.objects.filter(cycle__in=list(scope.cycles), kind=kind).defer("body", "items").order_by("pk")
    return {notice.cycle_id: notice for notice in rows}


def objections(scope: Scope, kind: str) -> tuple[dict[int, dict[str, str]], dict[int, int]]:
    """Notice pk → entry code → number of the objection upheld; notice pk → formal objections that still wait."""
    upheld: dict[int, dict[str, str]] = defaultdict(dict)
    waiting: dict[int, int] = defaultdict(int)
    rows = Objection.objects.filter(notice__cycle__in=list(scope.cycles), notice__kind=kind)
    rows = rows.filter(status__in=["received", "investigating", "upheld"]).order_by("pk")
    for notice, code, status, number, formal in rows.values_list("notice", "entry", "status", "number", "formal"):
        if status == "upheld" and code:
            upheld[notice][code] = number
        elif status != "upheld" and formal:
            waiting[notice] += 1
    return upheld, waiting


def held(waiting: int) -> str:
    """Why a list may not be settled while objections wait; empty where none does."""
    return f"公示尚有 {waiting} 件正式异议未办结，请先调查并答复" if waiting else ""
