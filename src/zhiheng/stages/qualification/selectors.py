"""Reading the qualification review."""

from __future__ import annotations

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
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


def concerns(cycle: Cycle) -> dict[str, list[str]]:
    """Entry code → what provincial departments hold against it."""
    found: dict[str, list[str]] = {}
    for consultation in cycle.consultations.order_by("pk"):
        for code, text in consultation.concerns.items():
            found.setdefault(code, []).append(f"{consultation.department}：{text}")
    return found
