"""Everything that the journal has of one entry: by its own name, by what hangs on it, and by every act that named it (L3)."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from zhiheng.foundation.acts.permission import ref
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.publicity.models import Objection
from zhiheng.stages.application.models import Entry

DRAWING = ("panel.freeze", "panel.commit_seed", "panel.draw")


def thread(entry: Entry) -> QuerySet[JournalEntry]:
    """The records of an entry, in the order of the chain: its own, those of its evidence, panels, sheets, visit, ballots, objections and
    what followed, and those of the cycle whose content names it."""
    known = Q(subject__in=_subjects(entry)) | Q(body__contains=f'"{entry.code}"')
    for name in set(entry.panels.values_list("round", flat=True)):  # the draws that seated its experts name panels, not entries
        known |= Q(act__in=DRAWING, body__contains=f'"round":"{name}"')
    return JournalEntry.objects.filter(known, chain=entry.cycle.chain).order_by("seq")


def _subjects(entry: Entry) -> set[str]:
    hanging = (
        entry.evidence.all(), entry.bonus_claims.all(), entry.conflicts.all(), entry.panels.all(), entry.sheets.all(), entry.motions.all(),
        entry.misusereports.all(), entry.revocations.all(), Objection.objects.filter(entry=entry.code),
    )  # fmt: skip
    found = {ref(entry)} | {ref(one) for rows in hanging for one in rows}
    found |= {ref(getattr(entry, name)) for name in ("visit", "poll") if hasattr(entry, name)}
    return found
