"""What the sources of deadlines read: the cycle as one role may see it, on one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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


@dataclass(frozen=True, slots=True)
class View:
    """A cycle, its rules, today, the working days, and the rows within the role's reach."""

    cycle: Cycle
    pack: Pack
    today: date
    days: WorkCalendar
    entries: QuerySet[Entry]
    notices: QuerySet[Notice]
    objections: QuerySet[Objection]
    polls: QuerySet[Poll]
    visits: QuerySet[Visit]
    meetings: QuerySet[Meeting]

    @classmethod
    def of(cls, acting: Acting, cycle: Cycle) -> View:
        """What this actor may see of the cycle now."""
        return cls(
            cycle,
            rules_of(cycle),
            clock.today(),
            calendar(),
            reach.entries(acting).filter(cycle=cycle),
            reach.notices(acting).filter(cycle=cycle),
            reach.objections(acting).filter(notice__cycle=cycle),
            reach.polls(acting).filter(cycle=cycle),
            reach.visits(acting).filter(cycle=cycle),
            reach.meetings(acting).filter(cycle=cycle),
        )

    def article(self, duty: str, known: str) -> str:
        """The article to cite for a duty under the cycle's own pack."""
        return self.pack.article(duty, known)
