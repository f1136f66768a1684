"""The notices that named an entry, the objections against it, and who must keep away from it (L2, J2, K7)."""

from __future__ import annotations

from django.db.models import TextField
from django.db.models.functions import Cast

from zhiheng.foundation.publicity.models import Notice, Objection
from zhiheng.process.parts.audience import OVERSIGHT, STAFF, Part, admits
from zhiheng.process.parts.sight import Sight
from zhiheng.stages.panel.models import Conflict


def notices(sight: Sight) -> list[Notice]:
    """The notices that name the entry, oldest first, without their long texts. One query."""
    named = sight.entry.cycle.notices.annotate(text=Cast("items", TextField()))
    rows = named.filter(text__contains=f'"{sight.entry.code}"').select_related("unit").defer("body", "items")
    return list(rows.order_by("posted_at", "pk"))


def objections(sight: Sight) -> list[Objection] | None:
    """The objections against the entry, oldest first; None for who may not know of them."""
    if not sight.admits(Part.OBJECTIONS):
        return None
    rows = Objection.objects.filter(notice__cycle=sight.entry.cycle, entry=sight.entry.code)
    if sight.acting.role not in OVERSIGHT:
        rows = rows.filter(notice__unit=sight.acting.unit)
    return list(rows.select_related("notice", "proof").order_by("received_at", "pk"))


def conflicts(sight: Sight) -> list[Conflict] | None:
    """The conflicts of interest that the actor may know of; their own remains theirs to read, though the entry no longer is (K7)."""
    if not admits(Part.CONFLICTS, sight.acting.role):
        return None
    rows = sight.entry.conflicts.select_related("person").order_by("found_at", "pk")
    return list(rows if sight.acting.role in STAFF else rows.filter(person=sight.acting.person))
