"""Where an entry stands as an actor may know it: what was decided but not yet published stays under a veil (T2).

A status changes when the scores are handed over or the committee has voted; the list is made public only later. Until then an
applicant, a recommender or an expert must not read from a status, a count or a filter who passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.publicity.models import Notice
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage, entering_status

E = EntryStatus
SEE_SCORES = frozenset({Role.OFFICE, Role.INSPECTOR, Role.AGENCY, Role.CHAIR, Role.MEMBER})
SEE_CANDIDATES = frozenset({Role.OFFICE, Role.INSPECTOR, Role.CHAIR, Role.MEMBER})
SCORED = frozenset({E.REVIEWED, E.BELOW_MATERIAL})
CANDIDATES = frozenset({E.NOMINATED, E.NOT_NOMINATED, E.PROPOSED, E.NOT_PROPOSED})


@dataclass(frozen=True)
class Veil:
    """For each cycle (pk), how its statuses are shown; a status that is not named is shown as it is."""

    by_cycle: Mapping[int, Mapping[str, str]]

    def shown(self, cycle: int, status: str) -> EntryStatus:
        """The status as it may be known."""
        return EntryStatus(self.by_cycle.get(cycle, {}).get(status, status))

    def standing_at(self, statuses: Iterable[EntryStatus]) -> Q:
        """The condition on entries that are shown with one of these statuses."""
        wanted = {status.value for status in statuses}
        found = Q(status__in=wanted)
        for cycle, shown in self.by_cycle.items():
            hidden = [status for status, seen in shown.items() if seen not in wanted]
            found &= ~Q(cycle=cycle, status__in=hidden)
            found |= Q(cycle=cycle, status__in=[status for status, seen in shown.items() if seen in wanted])
        return found


def veil_of(role: Role, cycles: Iterable[Cycle]) -> Veil:
    """What is not yet public of these cycles for a role. One query, and none for who knows all."""
    rows = list(cycles)
    if role in SEE_CANDIDATES or not rows:
        return Veil({})
    kinds = ["shortlist_publicity", "proposed_winners"]
    posted = set(Notice.objects.filter(cycle__in=rows, kind__in=kinds).values_list("cycle_id", "kind"))
    return Veil({row.pk: shown for row in rows if (shown := _veiled(role, row, {kind for pk, kind in posted if pk == row.pk}))})


def _veiled(role: Role, cycle: Cycle, posted: set[str]) -> dict[str, str]:
    stage, line = Stage(cycle.stage), rules_of(cycle).line
    found: dict[EntryStatus, EntryStatus] = {}
    if role not in SEE_SCORES and stage in {Stage.MATERIAL_REVIEW, Stage.SHORTLIST} and "shortlist_publicity" not in posted:
        found |= dict.fromkeys(SCORED, entering_status(line, Stage.MATERIAL_REVIEW))
    if stage in {Stage.NOMINATION, Stage.COMMITTEE, Stage.PUBLICITY} and "proposed_winners" not in posted:
        found |= dict.fromkeys(CANDIDATES, entering_status(line, Stage.NOMINATION if Stage.NOMINATION in line else stage))
    return {status.value: seen.value for status, seen in found.items()}
