"""Reading the expert library, panels and conflicts; who may look at what (K7, T1)."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, QuerySet

from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.packs.selectors import calendar
from zhiheng.foundation.question import Question
from zhiheng.rules import fitness
from zhiheng.rules.clocks import period_end
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage, entering_status
from zhiheng.rules.pack import Parameters, given
from zhiheng.stages.application.models import Entry, Evidence
from zhiheng.stages.application.selectors import of_my_unit, own
from zhiheng.stages.panel import facts
from zhiheng.stages.panel.models import Conflict, Draw, Expert, Lottery, Panel, Seat
from zhiheng.stages.qualification.selectors import commissioned

ROUND_OF = {Stage.MATERIAL_REVIEW: "material", Stage.SITE_VISIT: "site"}
STAGE_OF = {name: stage for stage, name in ROUND_OF.items()}


def seats_at(person: int, round: str, entry: int) -> QuerySet[Seat]:  # noqa: A002
    """The person's seats on panels that judge the entry (pk) in the round, unless vacated, with panel and expert."""
    seats = Seat.objects.filter(expert__person=person, panel__round=round, panel__entries=entry, vacated_at=None)
    return seats.select_related("panel", "expert").order_by("pk")


def bars(person: int, entry: int) -> QuerySet[Conflict]:
    """The standing conflicts that keep the person from the entry (pk)."""
    return Conflict.objects.filter(person=person, entry=entry, status="standing")


_seat = Question(lambda person, stage, entry: seats_at(person, stage, entry)[:1])
_bar = Question(lambda person, entry: bars(person, entry).values_list("pk")[:1])


def round_entries(cycle: Cycle, round: str) -> list[Entry]:  # noqa: A002
    """The entries that a round judges, in order of their codes."""
    status = entering_status(rules_of(cycle).line, STAGE_OF[round])
    chosen = cycle.entries.filter(status=status.value)
    return list(chosen.select_related("party__employer", "party__person", "recommender", "cycle").order_by("code"))


def round_of(cycle: Cycle) -> tuple[str, str, str]:
    """The round that the cycle's stage draws for, with its article and duty."""
    site = cycle.stage == Stage.SITE_VISIT.value
    return ("site", "四(五)1", "G1") if site else ("material", "四(四)1", "F1")


def last_draw(cycle: Cycle, round: str) -> Draw | None:  # noqa: A002
    """The draw of the round that counts: the highest version."""
    return cycle.draws.filter(round=round).order_by("-version").first()


def tickets(cycle: Cycle) -> int:
    """How many tickets a draw of the cycle has (Q37)."""
    return given(rules_of(cycle).parameters.draw_tickets, 1000)


def published(draft: Draw) -> Lottery | None:
    """The published lottery of a draw."""
    return Lottery.objects.filter(draw=draft, published_at__isnull=False).first()


def may_freeze_again(cycle: Cycle, round: str) -> bool:  # noqa: A002
    """Whether the round may be frozen: always before anybody can know anything of a result, then with the inspector's consent only."""
    draft = last_draw(cycle, round)
    return draft is None or not draft.begun or bool(draft.consent)


def commitments_of(draft: Draw) -> list[str]:
    """Every commitment ever made for the draw, discarded ones included."""
    return [*draft.seed_commitments.values(), *(known for one in draft.discarded for known in one["commitments"].values())]


def answer_due(cycle: Cycle) -> date | None:
    """The last day to answer for who is drawn today; None where the pack sets no term or the calendar does not reach."""
    days = rules_of(cycle).parameters.answer_days
    if days is None:
        return None
    return period_end(clock.today(), days.value, calendar(), False).value


def expert_of(acting: Acting) -> Expert | None:
    """The acting person's place in the expert library."""
    return Expert.objects.filter(person=acting.person).first() if acting.person else None


def unfit(expert: Expert, on: date, params: Parameters, until: date | None = None) -> str:
    """Why an expert cannot be drawn on `on` for a round that lasts to `until` (None: that day alone), in Chinese; empty when they can.

    Suspended, out of term, not confirmed, away (F1, Q36). Of many experts fetch `absences` ahead.
    """
    return fitness.unfit(facts.standing(expert), on, until, params)


def unfit_today(params: Parameters) -> dict[str, str]:
    """Code → why an active expert cannot be drawn today (Q36). Two queries."""
    today, library = clock.today(), Expert.objects.filter(status="active").prefetch_related("absences")
    return {e.code: why for e in library if (why := unfit(e, today, params))}


def seat_of(acting: Acting, entry: Entry, round: str) -> Seat | None:  # noqa: A002
    """The acting expert's seat on the panel that judges the entry in the round, unless vacated."""
    return _seat.first(acting.person.pk, round, entry.pk) if acting.person else None


def barred_by_conflict(person_id: int, entry: Entry) -> bool:
    """Whether a standing conflict keeps the person from this entry (K7)."""
    return bool(_bar(person_id, entry.pk))


def taken_on(acting: Acting, entry: Entry) -> bool:
    """Whether the entry came before the acting agency: it was recommended, in a cycle that the agency is commissioned for."""
    return entry.status != EntryStatus.NOT_RECOMMENDED.value and commissioned(acting, entry)


def may_look(acting: Acting, evidence: Evidence) -> bool:
    """Who may open a piece of evidence: the applicant; once it was submitted its recommender, the office, the commissioned agency, the
    inspector, and the experts seated for the entry while their round lasts; nobody with a standing conflict (D2, T6)."""
    entry = evidence.entry
    if acting.person is None or barred_by_conflict(acting.person.pk, entry):
        return False
    if acting.role == Role.APPLICANT:
        return own(acting, entry)
    if entry.submitted_at is None or entry.status == EntryStatus.DRAFT.value:
        return False
    if acting.role == Role.RECOMMENDER:
        return of_my_unit(acting, entry)
    if acting.role == Role.AGENCY:
        return taken_on(acting, entry)
    if acting.role == Role.EXPERT:
        running = ROUND_OF.get(Stage(entry.cycle.stage))
        return running is not None and seat_of(acting, entry, running) is not None
    return acting.role in {Role.OFFICE, Role.INSPECTOR}


def panels(cycle: Cycle, round: str) -> list[Panel]:  # noqa: A002
    """The panels of the round's draw that counts, in order of their codes; those of an earlier draw are on record beside them."""
    drawn = cycle.draws.filter(round=round, drawn_at__isnull=False).order_by("-version").first()
    return list(with_seats(cycle.panels.filter(round=round, draw=drawn)).order_by("code"))


def with_seats(rows: QuerySet[Panel]) -> QuerySet[Panel]:
    """Panels with their entries, seats, experts and persons in three queries. The experts come by a join: fetched ahead by themselves they
    would be asked for one by one in a single condition, which SQLite refuses from a thousand on."""
    return rows.prefetch_related(Prefetch("seats", Seat.objects.select_related("expert__person")), "entries")
