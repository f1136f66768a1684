"""The world of a play: who is who, the demo clock, and a record of what was done and what was refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from zhiheng.foundation import clock
from zhiheng.foundation.acts import ActError, Acting, ActSpec, Receipt
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.packs.selectors import calendar
from zhiheng.foundation.publicity.models import Notice
from zhiheng.rules.decision import cite
from zhiheng.rules.pack import Pack
from zhiheng.simulation.cast import Cast
from zhiheng.simulation.cast.chance import Chance
from zhiheng.simulation.cast.model import OrganizationCast, PersonCast

Progress = Callable[[str, int, int], None]
Applicant = OrganizationCast | PersonCast
#: Of several reasons these are what a play is about.
TELLING = frozenset({"late", "past_winner", "barred"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that was tried in the play and refused by the rules."""

    what: str
    text: str
    articles: tuple[str, ...]
    duties: tuple[str, ...]


@dataclass
class World:
    """Everything a play needs. `people` maps a name of the play ("office", "sjz", an expert's code …) to who acts."""

    pack: Pack
    cast: Cast
    rng: Chance
    progress: Progress
    people: dict[str, Acting] = field(default_factory=dict)
    owners: dict[str, Acting] = field(default_factory=dict)  # entry code → its applicant
    strictness: dict[str, int] = field(default_factory=dict)  # expert code → percentage points
    ability: dict[str, int] = field(default_factory=dict)  # entry code → hidden ability
    profile: dict[str, dict[str, int]] = field(default_factory=dict)  # entry code → item → percentage points
    twins: tuple[str, str] | None = None  # codes of two entries that will tie
    refusals: list[Refusal] = field(default_factory=list)
    turns: list[str] = field(default_factory=list)  # what the play is proud of, in Chinese
    done: Counter[str] = field(default_factory=Counter)

    def do(self, spec: ActSpec, who: str | Acting, subject: Any = None, **details: Any) -> Receipt:
        """Do an act as somebody."""
        receipt = spec(self.people[who] if isinstance(who, str) else who, subject, **details)
        self.done[spec.id] += 1
        return receipt

    def refused(self, what: str, spec: ActSpec, who: str | Acting, subject: Any = None, **details: Any) -> None:
        """Try what the rules forbid; keeps the refusal for the summary. Raises AssertionError if it was allowed."""
        try:
            self.do(spec, who, subject, **details)
        except ActError as error:
            self.keep(what, error)
            return
        raise AssertionError(f"应当被拒绝而未被拒绝：{what}")

    def keep(self, what: str, error: ActError) -> None:
        """Keep a refusal for the summary, the reason that the play is about in front; each kind is told once."""
        if any(known.what == what for known in self.refusals):
            return
        reasons = sorted(error.decision.refusals, key=lambda r: r.code not in TELLING)
        articles = tuple(dict.fromkeys(cite(r.article) for r in reasons if r.article))
        self.refusals.append(Refusal(what, reasons[0].text, articles, tuple(dict.fromkeys(r.duty for r in reasons if r.duty))))

    def today(self, day: date, hour: int = 9, minute: int = 0) -> None:
        """Set the demo clock; it never runs backwards."""
        moment = clock.at(day, hour, minute)
        if moment < clock.now() and clock.is_set():
            moment = clock.now() + timedelta(minutes=1)
        clock.set_to(moment)

    def pass_workdays(self, count: int) -> None:
        """Let working days pass."""
        day = clock.today()
        while count:
            day += timedelta(days=1)
            count -= calendar().is_workday(day)
        self.today(day)

    def outlast(self, notice: Notice) -> None:
        """Wait until the notice may be closed: the first working day after its last day."""
        assert notice.ends_on is not None  # a timed notice has an end
        day = notice.ends_on + timedelta(days=1)
        while not calendar().is_workday(day):
            day += timedelta(days=1)
        self.today(day)

    def minute(self) -> None:
        """Let a minute pass, so that acts have their order in time."""
        clock.set_to(clock.now() + timedelta(minutes=1))


def workday(day: date) -> date:
    """This day or the next working day."""
    while not calendar().is_workday(day):
        day += timedelta(days=1)
    return day


def fresh(cycle: Cycle) -> Cycle:
    """The cycle as it stands now."""
    cycle.refresh_from_db()
    return cycle


def moment(day: date, hour: int) -> datetime:
    """A moment of a working day or the next one."""
    return clock.at(workday(day), hour)
