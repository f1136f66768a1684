"""Reading applications."""

from __future__ import annotations

from django.db.models import QuerySet

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.publicity.selectors import latest
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage
from zhiheng.stages.application.models import Entry, Evidence


def live_evidence(entry: Entry) -> QuerySet[Evidence]:
    """The evidence that stands."""
    return entry.evidence.filter(removed_at=None).order_by("pk")


def at(cycle: Cycle, *statuses: EntryStatus) -> list[Entry]:
    """A cycle's entries in these statuses, in the order of their codes."""
    chosen = cycle.entries.filter(status__in=[s.value for s in statuses])
    return list(chosen.select_related("party", "recommender").order_by("code"))


def own(acting: Acting, entry: Entry) -> bool:
    """Whether the acting person fills in this entry."""
    return acting.person is not None and entry.owner_id == acting.person.pk


def may_withdraw(acting: Acting, entry: Entry) -> bool:
    """Whether the entry is the acting person's and, if it failed the material review, nobody but the judges knows that yet (Q31, T2)."""
    if entry.status != EntryStatus.BELOW_MATERIAL.value:
        return own(acting, entry)
    sealed = (
        entry.cycle.stage in {Stage.MATERIAL_REVIEW.value, Stage.SHORTLIST.value} and latest(entry.cycle, "shortlist_publicity") is None
    )
    return sealed and own(acting, entry)


def own_part(acting: Acting, part: Evidence) -> bool:
    """Whether the part belongs to an entry of the acting person."""
    return own(acting, part.entry)


def of_my_unit(acting: Acting, entry: Entry) -> bool:
    """Whether the entry runs through the acting recommender; the other roles of such an act are not bound to a city."""
    return acting.role not in {Role.RECOMMENDER, Role.CITY_DEPARTMENT, Role.CITY_COORDINATION} or (
        acting.unit is not None and entry.recommender_id == acting.unit.pk
    )
