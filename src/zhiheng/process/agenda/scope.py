"""Whose agenda, over which cycles: narrows every question to the rows that the role may reach (T1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db.models import Count, QuerySet

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.packs.selectors import calendar
from zhiheng.foundation.people.models import Unit
from zhiheng.process import reach
from zhiheng.process.reach.grants import grants
from zhiheng.rules.calendar import WorkCalendar
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage, entering_status
from zhiheng.stages.application.models import Entry
from zhiheng.stages.committee.models import Member

#: What an agenda reads of an entry; never its form.
COLUMNS = ("code", "cycle", "owner", "recommender", "party", "award", "category", "status", "name", "submitted_at")
CITY = frozenset({Role.RECOMMENDER, Role.CITY_DEPARTMENT, Role.CITY_COORDINATION})


class Days:
    """The working-day calendar, asked for once in an agenda however many clocks run."""

    @cached_property
    def known(self) -> WorkCalendar:
        """The calendar as known now."""
        return calendar()


@dataclass(frozen=True, slots=True)
class Scope:
    """Cycles by pk, and for whom: a role with its person and unit, or whoever has to act (role None). entry: only what
    concerns this one.
    """

    cycles: Mapping[int, Cycle]
    role: Role | None = None
    person: int | None = None
    unit: Unit | None = None
    code: str = ""  # the person's, as records name them
    entry: Entry | None = None
    platform: bool = False  # whether the role is held beyond single cycles, as what belongs to none of them demands
    days: Days = field(default_factory=Days)

    def at(self, stages: Collection[Stage]) -> Scope:
        """The same for those cycles that stand at one of these stages; no stages named: for all."""
        if not stages:
            return self
        return replace(self, cycles={pk: c for pk, c in self.cycles.items() if Stage(c.stage) in stages})

    def presided(self) -> Scope:
        """The same for those cycles whose committee the acting chair presides over; for any other role all of them (I1)."""
        if self.role != Role.CHAIR:
            return self
        rows = Member.objects.filter(person=self.person, chair=True, ended_at=None, cycle__in=list(self.cycles))
        mine = set(rows.values_list("cycle", flat=True))
        return replace(self, cycles={pk: c for pk, c in self.cycles.items() if pk in mine})

    def wants(self, *roles: Role) -> bool:
        """Whether what one of these roles has to do is asked for."""
        return self.role is None or self.role in roles

    def is_me(self, person: int) -> bool:
        """Whether what this person has to do is asked for."""
        return self.role is None or person == self.person

    def own(self, rows: QuerySet[Entry]) -> QuerySet[Entry]:
        """Of these entries those that the role reaches. An expert's are found over the panels."""
        rows = rows.filter(cycle__in=list(self.cycles))
        if self.entry is not None:
            rows = rows.filter(pk=self.entry.pk)
        if self.role == Role.APPLICANT:
            rows = rows.filter(owner=self.person)
        elif self.role in CITY:
            rows = rows.filter(recommender=self.unit)
        return rows

    def standing(self, stage: Stage) -> QuerySet[Entry]:
        """The entries that entered a stage and have neither passed nor ended there, as a query that others may be narrowed by."""
        return self.own(Entry.objects.filter(status__in=self.entering(stage)))

    def entering(self, stage: Stage) -> list[str]:
        """The statuses with which entries of these cycles enter a stage."""
        lines = {rules_of(cycle).line for cycle in self.cycles.values()}
        return sorted({entering_status(line, stage).value for line in lines if stage in line})

    def present(self) -> list[str]:
        """The statuses of entries that stand at the stage of these cycles."""
        at = {(rules_of(cycle).line, Stage(cycle.stage)) for cycle in self.cycles.values()}
        return sorted({entering_status(line, stage).value for line, stage in at if stage not in (Stage.CALL, Stage.APPLICATION)})

    def read(self, rows: QuerySet[Entry], *more: str, most: int | None = None) -> list[Entry]:
        """Entries (`most` of them) with what an agenda needs, in the order of their codes, each knowing its cycle."""
        found = list(rows.only(*COLUMNS, *more).order_by("code")[:most])
        for entry in found:
            entry.cycle = self.cycles[entry.cycle_id]
        return found

    def tally(self, stage: Stage, **where: Any) -> dict[int, int]:
        """Cycle pk → how many entries stand at the stage, in the whole cycle, whoever asks."""
        rows = Entry.objects.filter(cycle__in=list(self.cycles), status__in=self.entering(stage), **where)
        return dict(rows.order_by().values_list("cycle").annotate(Count("pk")))

    def with_status(self, *statuses: EntryStatus) -> QuerySet[Entry]:
        """The role's entries in these statuses, as a query."""
        return self.own(Entry.objects.filter(status__in=[s.value for s in statuses]))


def scope_of(acting: Acting) -> Scope:
    """The cycles that the role reaches."""
    if acting.person is None:
        return Scope({}, acting.role)
    found = {cycle.pk: cycle for cycle in reach.cycles_now(acting)}
    platform = acting.role == Role.OFFICE and grants(acting).filter(cycle="").exists()
    return Scope(found, acting.role, acting.person.pk, acting.unit, acting.code, platform=platform)
