"""What the sources of deadlines read: the cycle as one role may see it, on one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import QuerySet

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.packs.selectors import calendar
from zhiheng.foundation.publicity.models import Notice, Objection
from zhiheng.process import reach
from zhiheng.rules.calendar import WorkCalendar
from zhiheng.rules.pack import Pack
from zhiheng.stages.application.models import Entry
from zhiheng.stages.committee.models import Meeting
from zhiheng.stages.sitevisit.models import Visit
from zhiheng.stages.survey.models import Poll


@dataclass(frozen=True)
class View:
    """A cycle as this actor may see it. Its rows are those within reach; each kind is put together when first asked for."""

    acting: Acting
    cycle: Cycle

    @cached_property
    def pack(self) -> Pack:
        """The rules that govern the cycle."""
        return rules_of(self.cycle)

    @cached_property
    def today(self) -> date:
        """The day on which everything is looked at."""
        return clock.today()

    @cached_property
    def days(self) -> WorkCalendar:
        """The working days as known now. One query."""
        return calendar()

    @cached_property
    def entries(self) -> QuerySet[Entry]:
        """The entries within reach."""
        return reach.entries(self.acting).filter(cycle=self.cycle)

    @cached_property
    def notices(self) -> QuerySet[Notice]:
        """The notices within reach."""
        return reach.notices(self.acting).filter(cycle=self.cycle)

    @cached_property
    def objections(self) -> QuerySet[Objection]:
        """The objections within reach."""
        return reach.objections(self.acting).filter(notice__cycle=self.cycle)

    @cached_property
    def polls(self) -> QuerySet[Poll]:
        """The surveys within reach."""
        return reach.polls(self.acting).filter(cycle=self.cycle)

    @cached_property
    def visits(self) -> QuerySet[Visit]:
        """The site visits within reach."""
        return reach.visits(self.acting).filter(cycle=self.cycle)

    @cached_property
    def meetings(self) -> QuerySet[Meeting]:
        """The meetings within reach."""
        return reach.meetings(self.acting).filter(cycle=self.cycle)

    def article(self, duty: str, known: str) -> str:
        """The article to cite for a duty under the cycle's own pack."""
        return self.pack.article(duty, known)
