"""Reading supervision records."""

from __future__ import annotations

from datetime import date

from zhiheng.foundation.acts import Acting
from zhiheng.rules.lifecycle import EntryStatus
from zhiheng.stages.application.models import Entry
from zhiheng.stages.commendation.models import Approval
from zhiheng.stages.supervision.models import MisuseReport


def awarded_on(entry: Entry) -> date | None:
    """The date of the award decision (Q30)."""
    approval = Approval.objects.filter(cycle=entry.cycle).first()
    return approval.approved_on if approval and entry.code in approval.entries else None


def unhandled(entry: Entry) -> list[MisuseReport]:
    """Reports of misuse not yet handled."""
    return list(MisuseReport.objects.filter(entry=entry, handled_at=None).order_by("pk"))


def was_submitted(acting: Acting, entry: Entry) -> bool:
    """Whether anybody but its owner ever received the entry: materials that were only drafted have deceived nobody."""
    return entry.status != EntryStatus.WITHDRAWN.value or entry.submitted_at is not None


def my_city(acting: Acting, entry: Entry) -> bool:
    """Whether the winner belongs to the acting recommender's city."""
    return acting.unit is not None and entry.recommender_id == acting.unit.pk
