"""The demo: a small finished cycle (2024) and a running one (2026, in the material review), both played through the acts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from zhiheng.foundation import clock, entropy
from zhiheng.foundation.cycles.models import Cycle, DemoClock
from zhiheng.foundation.notifications.services import indoors
from zhiheng.rules.lifecycle import Stage
from zhiheng.rules.pack import Pack
from zhiheng.simulation import deciding, play, roster
from zhiheng.simulation.cast.model import Cast
from zhiheng.simulation.world import Applicant, Progress, World

SEED = "zhiheng demo"
FINISHED, RUNNING = 2024, 2026
#: Applicants of the finished and of the running cycle, experts, committee members.
ORGANIZATIONS, PERSONS, EXPERTS, MEMBERS = (14, 40), (6, 16), 120, 25


def loaded() -> bool:
    """Whether the database holds cycles already; a demo is never laid over them."""
    return Cycle.objects.exists()


def load(pack: Pack, progress: Progress) -> World:
    """Play both cycles into an empty database and leave the demo clock at the running one's present."""
    with entropy.seeded(SEED) as rng, clock.travel(clock.now()), indoors():
        found = play.players(rng, sum(ORGANIZATIONS), sum(PERSONS), EXPERTS, FINISHED, MEMBERS)
        first, second = _split(found)
        world = play.begin(pack, found, rng, progress)
        done = play.cycle(world, FINISHED, first, play.Plot(voters=130))
        deciding.follow_up(world, done)
        world.twins = None
        plot = play.Plot(stop_at=Stage.MATERIAL_REVIEW, share=Fraction(3, 5))
        play.cycle(world, RUNNING, second, plot)
        roster.leave_something(world, done)
        DemoClock.objects.create(now=clock.now())
    return world


def _split(found: Cast) -> tuple[list[Applicant], list[Applicant]]:
    """The applicants of both cycles. The finished one takes many of the strong, so that it has winners to follow up."""
    bodies = sorted(found.organizations, key=lambda o: (-o.ability, o.name))
    persons = sorted(found.persons, key=lambda p: (-p.ability, p.name))
    early = [*bodies[:18:2], *bodies[-(ORGANIZATIONS[0] - 9) :]]
    early_persons = persons[: PERSONS[0] * 2 : 2]
    rest = [o for o in bodies if o not in early]
    again = [replace(p, improvement=p.improvement or "针对上次评审意见逐项改进。") for p in persons if p not in early_persons]
    return [*early, *early_persons], [*sorted(rest, key=lambda o: o.name), *sorted(again, key=lambda p: p.name)]
