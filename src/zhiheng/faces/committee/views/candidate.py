"""A candidate as the committee is shown it: merits, scores as proposed, reports, objections. Nothing of single experts or objectors."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhiheng.faces.committee.access import ROOM, meeting_of
from zhiheng.faces.committee.board import lines
from zhiheng.faces.desk.acting import DeskRequest, desk
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.publicity.models import Objection
from zhiheng.process import reach
from zhiheng.rules.compose import category_title
from zhiheng.rules.thresholds import shown
from zhiheng.stages.application.models import Entry
from zhiheng.stages.nomination.models import Final
from zhiheng.stages.panel.selectors import barred_by_conflict
from zhiheng.stages.review.models import Report


@require_safe
@desk(*ROOM)
def candidate(request: DeskRequest, pk: int, code: str) -> HttpResponse:
    """The sheet of a candidate of this meeting. A member with a conflict is told so and reads nothing (K7)."""
    acting = request.desk.acting
    meeting = meeting_of(acting, pk)
    line = next((line for line in lines(meeting.cycle, meeting) if line.entry.code == code), None)
    if line is None:
        raise Http404
    context = {"meeting": meeting, "line": line}
    if acting.person is not None and barred_by_conflict(acting.person.pk, line.entry):
        return render(request, "committee/recused.html", context)
    entry = reach.entries(acting).filter(code=code).select_related("party", "recommender", "cycle").first()
    if entry is None:
        raise Http404
    award = rules_of(meeting.cycle).award(entry.award)
    context |= {
        "entry": entry,
        "category": category_title(award, entry.category),
        "merits": entry.form.get("achievements", ""),
        "scores": _scores(entry),
        "reports": Report.objects.filter(entry=entry).order_by("-submitted_at"),
        "bonus": [(kind.title, row) for row in entry.bonus_claims.all() for kind in award.bonus.kinds if kind.code == row.kind],
        "objections": _objections(entry),
    }
    return render(request, "committee/candidate.html", context)


def _scores(entry: Entry) -> dict[str, str]:
    """The parts of the final score, as they were proposed."""
    row = Final.objects.filter(entry=entry).order_by("-version").first()
    if row is None:
        return {}
    parts = {"material": row.material, "site": row.site, "survey": row.survey, "bonus": row.bonus, "total": row.total}
    return {name: shown(value) for name, value in parts.items() if value is not None}


def _objections(entry: Entry) -> list[Objection]:
    """The formal objections to the entry; the page shows what came of them, neither who objected nor how (L3)."""
    rows = Objection.objects.filter(notice__cycle=entry.cycle, entry=entry.code, formal=True)
    return list(rows.select_related("notice").only("status", "received_at", "answered_at", "notice__title", "notice__cycle").order_by("pk"))
