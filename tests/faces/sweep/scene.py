"""Several cycles side by side, each left at another stage, so that nearly every page has something to show.

Run inside a server's own settings (tests/journeys/server.py), never inside a test's transaction.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

from django.conf import settings

from zhiheng.foundation import clock, entropy
from zhiheng.foundation.cycles.models import Cycle, DemoClock
from zhiheng.foundation.notifications.services import indoors
from zhiheng.foundation.packs.loader import load_pack
from zhiheng.process.register import call, committee, cycles, publicity, shortlist, sitevisit, survey
from zhiheng.rules.lifecycle import EntryStatus, Stage
from zhiheng.rules.quorum import quorum
from zhiheng.simulation import applying, deciding, play, reviewing
from zhiheng.simulation.cast import Cast, papers
from zhiheng.simulation.setting import PUBLIC
from zhiheng.simulation.world import Applicant, World, fresh, workday
from zhiheng.stages.panel import selectors as panels
from zhiheng.stages.sitevisit.selectors import steps_for

ORGANIZATIONS, PERSONS, EXPERTS, MEMBERS = 3, 2, 60, 5  # the first two a cycle
YEARS = range(2022, 2027)
GOOD, BETTER = 82, 97  # percent, organizations and persons: all come far
QUIET: dict[str, Any] = {"objections": False, "failing": False, "late_recusal": False, "failed_quorum": False, "tie": False, "voters": 12}


def build() -> None:
    """Play all of it into an empty database; the demo's clock stands where the last act was done."""
    with entropy.seeded("every page") as rng, clock.travel(clock.now()), indoors():
        pack = load_pack(settings.RULEPACKS_DIR / "hebei-2022")
        cast = play.players(rng, ORGANIZATIONS * len(YEARS), PERSONS * (len(YEARS) + 1), EXPERTS, YEARS[0], MEMBERS)
        world = play.begin(pack, cast, rng)
        finished, voted_on, visited, reviewed, listed = (_of(cast, number) for number in range(len(YEARS)))
        done = play.cycle(world, 2022, finished, play.Plot(**QUIET))
        _committee(world, play.cycle(world, 2023, voted_on, play.Plot(stop_at=Stage.COMMITTEE, **QUIET)))
        deciding.follow_up(world, done)
        _site(world, play.cycle(world, 2024, visited, play.Plot(stop_at=Stage.SITE_VISIT, **QUIET)))
        half = play.Plot(**{**QUIET, "stop_at": Stage.MATERIAL_REVIEW, "share": Fraction(1, 2)})
        play.cycle(world, 2025, reviewed, half)
        running = play.cycle(world, 2026, listed, play.Plot(stop_at=Stage.SHORTLIST, **QUIET))
        _applying(world, list(cast.persons[-PERSONS:]))
        _listed(world, running)
        DemoClock.objects.create(now=clock.now())


def _of(cast: Cast, number: int) -> list[Applicant]:
    bodies = [replace(o, ability=GOOD) for o in cast.organizations[number * ORGANIZATIONS :][:ORGANIZATIONS]]
    return [*bodies, *(replace(p, ability=BETTER) for p in cast.persons[number * PERSONS :][:PERSONS])]


def _committee(world: World, cycle: Cycle) -> None:
    """A meeting that has voted on its first candidate and is voting on its second."""
    for number, member in enumerate(world.cast.members, 1):
        world.do(committee.appoint, "office", cycle, person=world.people[f"member{number}"].person, chair=member.chair)
    meeting = world.do(committee.convene, "chair", cycle).value
    for number in range(1, quorum(MEMBERS, world.pack.parameters.quorum.value) + 1):
        world.do(committee.sign_in, f"member{number}", meeting)
    first, second = cycle.entries.filter(status=EntryStatus.NOMINATED.value).order_by("code")[:2]
    motion = world.do(committee.open_ballot, "chair", meeting, entry=first).value
    for seat in motion.entitled:
        world.do(committee.cast, f"member{seat}", motion, choice="yes")
    world.do(committee.close_ballot, "chair", motion)
    world.do(committee.open_ballot, "chair", meeting, entry=second)


def _site(world: World, cycle: Cycle) -> None:
    """The second draw, and each panel's first visit planned; one of them has begun."""
    reviewing.draw(world, cycle)
    world.pass_workdays(2)
    start = workday(clock.today() + timedelta(days=1))
    for panel in panels.panels(cycle, "site"):
        entry = panel.entries.order_by("code")[0]
        leader = panel.seats.get(leader=True, vacated_at=None).expert.code
        text = papers.visit_plan(entry.name, start, start + timedelta(days=1), world.rng)
        world.do(sitevisit.plan, leader, entry, text=text, start=start, end=start + timedelta(days=1))
    world.today(start)
    world.do(sitevisit.step, leader, entry.visit, code=steps_for(entry)[0], note="按计划召开")


def _applying(world: World, who: list[Applicant]) -> None:
    """A cycle in which one has applied and one is still writing."""
    cycle = world.do(cycles.create_cycle, "office", code="2026-2", year=2026, pack=world.pack).value
    Cycle.objects.filter(pk=cycle.pk).update(title=f"{cycle.title}（增补）")
    opens = workday(clock.today() + timedelta(days=3))
    deadline = clock.at(workday(opens + timedelta(days=40)), 18)
    world.do(call.draft_plan, "office", cycle, text="增补申报", opens_on=opens, deadline=deadline)
    world.do(call.approve_plan, "office", cycle, letter=applying.letter("省评比达标表彰工作协调小组办公室", "冀评组办函〔2026〕16号"))
    world.do(call.issue, "office", cycle)
    world.today(opens)
    fresh(cycle)
    applying.apply(world, cycle, who[:1])
    owner = applying.register(world, "任远", "fictional-applicant", world.cast.employers[0].name)
    applying.open_draft(world, cycle, world.cast.employers[0], owner)


def _listed(world: World, cycle: Cycle) -> None:
    """A list that is being published, with its survey and an objection."""
    world.do(shortlist.authority_opinion, "office", cycle, letter=applying.letter("省表彰奖励主管部门", "冀表函〔2026〕12号"))
    world.do(shortlist.approve, "chair", cycle)
    world.pass_workdays(1)
    notice = world.do(shortlist.publish, "office", cycle).value
    world.do(survey.open_polls, "office", cycle)
    details = {"name": "郑明", "contact": "1000000001", "entry": notice.items[0]["code"], "content": papers.objection(world.rng)}
    world.do(publicity.lodge_objection, PUBLIC, notice, **details)
