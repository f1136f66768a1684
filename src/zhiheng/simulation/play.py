"""Playing whole cycles through the acts that people will use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.rules.lifecycle import Stage, entering_status
from zhiheng.rules.pack import Pack
from zhiheng.simulation import applying, deciding, reviewing, roster, setting, visiting
from zhiheng.simulation.cast import cast
from zhiheng.simulation.cast.chance import Chance
from zhiheng.simulation.cast.model import Cast, OrganizationCast
from zhiheng.simulation.world import Applicant, Progress, World, fresh, workday
from zhiheng.stages.application.models import Entry


@dataclass(frozen=True, slots=True)
class Plot:
    """What happens in a cycle beside the ordinary. All of it needs applicants enough; a turn that cannot happen is left out."""

    objections: bool = True
    failing: bool = True
    late_recusal: bool = True
    failed_quorum: bool = True
    tie: bool = True
    voters: int = 120
    stop_at: Stage | None = None
    share: Fraction = Fraction(1)  # of the material review, when the play stops there


def silent(_what: str, _done: int, _total: int) -> None:
    """No progress shown."""


def begin(pack: Pack, players: Cast, rng: Chance, progress: Progress = silent) -> World:
    """A platform with its units, people and experts, on a working day before the first cycle."""
    world = World(pack, players, rng, progress)
    clock.set_to(clock.at(date(players.year, 2, 20)))
    setting.install(world)
    setting.library(world)
    return world


def cycle(world: World, year: int, applicants: list[Applicant], plot: Plot) -> Cycle:
    """Play one cycle from its call; stops at `plot.stop_at`, else at the supervision stage."""
    row = applying.issue_call(world, year)
    entries = applying.apply(world, row, applicants)
    _pair(world, entries, plot)
    late = _draft_too_late(world, row, applicants)
    line = world.pack.line
    if Stage.RECOMMENDATION in line:
        applying.recommend(world, row, objection=plot.objections and len(entries) > 6)
    assert row.deadline is not None  # set when the call was issued
    if clock.now() < row.deadline:
        clock.set_to(row.deadline + timedelta(minutes=1))
    if late:
        applying.late(world, late)
    for stage in line[1:]:
        if stage == plot.stop_at and stage != Stage.MATERIAL_REVIEW:
            break
        _play_stage(world, row, stage, plot)
        if stage in (plot.stop_at, Stage.SUPERVISION):
            break
        applying.go_on(world, row)
    return fresh(row)


def _play_stage(world: World, row: Cycle, stage: Stage, plot: Plot) -> None:
    many = row.entries.count() > 6
    row = fresh(row)
    if stage not in (Stage.APPLICATION, Stage.RECOMMENDATION, Stage.SUPERVISION) and not reviewing.standing(
        row, entering_status(world.pack.line, stage)
    ):
        return  # nobody came so far: there is nothing to do, and the gate lets the cycle pass
    if stage == Stage.QUALIFICATION:
        applying.qualify(world, row, failing=plot.failing and many)
    elif stage == Stage.MATERIAL_REVIEW:
        roster.confirm(world)
        reviewing.draw(world, row)
        share = plot.share if plot.stop_at == stage else Fraction(1)
        reviewing.score_materials(world, row, late_recusal=plot.late_recusal and many, share=share)
    elif stage == Stage.SHORTLIST:
        reviewing.publish_shortlist(world, row, objection=plot.objections and many, voters=plot.voters)
    elif stage == Stage.SITE_VISIT:
        roster.confirm(world)
        visiting.visit(world, row)
    elif stage == Stage.NOMINATION:
        deciding.nominate(world, row)
    elif stage == Stage.COMMITTEE:
        deciding.resolve(world, row, failed_quorum=plot.failed_quorum)
    elif stage == Stage.PUBLICITY:
        deciding.confirm(world, row, objection=plot.objections)
    elif stage == Stage.COMMENDATION:
        deciding.commend(world, row)


def _pair(world: World, entries: list[Entry], plot: Plot) -> None:
    """Two organizations that will get the same marks everywhere, for the tie at the last place."""
    first = [e for e in entries if e.award == world.pack.awards[0].code and not e.bonus_claims.exists()]
    good = [e for e in first if world.ability[e.code] >= 60]
    if plot.tie and len(good) >= 2 and len(first) >= 12:
        a, b = good[0].code, good[1].code
        world.ability[a] = world.ability[b] = 65
        world.twins = (a, b)


def _draft_too_late(world: World, row: Cycle, applicants: list[Applicant]) -> Entry | None:
    """Somebody opens a draft and forgets the deadline."""
    pattern = next((a for a in applicants if isinstance(a, OrganizationCast)), None)
    spare = world.cast.employers[0] if world.cast.employers else None
    if pattern is None or spare is None:
        return None
    owner = applying.register(world, "任远", "fictional-late-applicant", spare.name)
    entry = applying.open_draft(world, row, spare, owner)
    world.owners[entry.code], world.ability[entry.code] = owner, 0
    return entry


def next_call(world: World, earlier: Cycle) -> None:
    """The next call, two years on: a banned party and a past winner try to apply again and are refused (K1, B5)."""
    world.today(workday(date(earlier.year + 2, 2, 23)))
    row = applying.issue_call(world, earlier.year + 2)
    assert row.opens_on is not None  # set when the call was issued
    world.today(row.opens_on)
    by_name = {who.name: who for who in applicants(world.cast)}
    barred = earlier.entries.filter(party__bans__isnull=False).order_by("code").first()
    past = earlier.entries.filter(status="awarded").order_by("code").first()
    for entry, what in ((barred, "五年禁止期内再次申报"), (past, "往届获奖者再次申报")):
        if entry is not None and entry.party.name in by_name:
            deciding.try_barred(world, row, by_name[entry.party.name], world.owners[entry.code], what)


def players(rng: Chance, organizations: int, individuals: int, experts: int, year: int, members: int = 25) -> Cast:
    """The cast of a play."""
    return cast(rng, organizations, individuals, experts, members=members, year=year)


def applicants(found: Cast) -> list[Applicant]:
    """All applicants of a cast: organizations, then persons."""
    return [*found.organizations, *found.persons]


def funnel(row: Cycle) -> dict[str, int]:
    """How many of a cycle's entries stand where."""
    counts: dict[str, int] = {}
    for status in row.entries.values_list("status", flat=True):
        counts[status] = counts.get(status, 0) + 1
    return counts


__all__ = ["Plot", "applicants", "begin", "cycle", "funnel", "next_call", "players", "silent"]
