"""Reading the qualification review."""

from __future__ import annotations

from datetime import datetime

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.publicity.selectors import upheld_entries
from zhiheng.rules.lifecycle import Role, Stage, entering_status
from zhiheng.stages.application.models import Entry
from zhiheng.stages.qualification.models import Commission, Qualification


def incoming(cycle: Cycle) -> list[Entry]:
    """The entries that stand for qualification review, in order of their codes."""
    status = entering_status(rules_of(cycle).line, Stage.QUALIFICATION)
    return list(
        cycle.entries.filter(status=status.value).select_related("party", "party__employer", "recommender", "cycle").order_by("code")
    )


def examined(cycle: Cycle) -> dict[int, Qualification]:
    """Entry pk → its examination."""
    return {q.entry_id: q for q in Qualification.objects.filter(entry__cycle=cycle)}


def commissioned(acting: Acting, subject: Cycle | Entry) -> bool:
    """Whether the acting agency is the one commissioned for the cycle; other roles are not bound by it."""
    if acting.role != Role.AGENCY:
        return True
    cycle = subject if isinstance(subject, Cycle) else subject.cycle
    return acting.unit is not None and Commission.objects.filter(cycle=cycle, agency=acting.unit).exists()


def concerns(cycle: Cycle, since: datetime | None = None) -> dict[str, list[str]]:
    """Entry code → what provincial departments hold against it. since: only what was said after that moment."""
    found: dict[str, list[str]] = {}
    said = cycle.consultations.filter(given_at__gt=since) if since else cycle.consultations.all()
    for consultation in said.order_by("pk"):
        for code, text in consultation.concerns.items():
            found.setdefault(code, []).append(f"{consultation.department}：{text}")
    return found


def upheld(cycle: Cycle) -> dict[str, str]:
    """Entry code → number of the objection upheld against it, in any publication of the accepted list."""
    found: dict[str, str] = {}
    for notice in cycle.notices.filter(kind="accepted_list").order_by("pk"):
        found |= upheld_entries(notice)
    return found
