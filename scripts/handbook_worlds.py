"""The worlds that the handbook's pictures are taken of, beside the demo: an open call, a shortlist in public, a committee sitting.

Each function is run inside the settings of the server that will show the world (manage.py shell); scripts/handbook.py does so.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection

from zhiheng.foundation import clock, entropy
from zhiheng.foundation.cycles.models import Cycle, DemoClock
from zhiheng.foundation.notifications.services import indoors
from zhiheng.foundation.packs.loader import load_pack
from zhiheng.foundation.packs.services import store
from zhiheng.process.register import application, committee
from zhiheng.rules.lifecycle import EntryStatus, Stage
from zhiheng.simulation import applying, play
from zhiheng.simulation.cast.chance import Chance
from zhiheng.simulation.cast.model import OrganizationCast
from zhiheng.simulation.world import World, workday
from zhiheng.stages.application.models import Entry

YEAR = 2026
SURVEY = "公众满意度测评"
CHOICES = ("yes", "yes", "abstain", "yes", "yes", "no", "yes", "yes")


def _begin(rng: Chance, organizations: int, persons: int, experts: int, members: int) -> World:
    pack = load_pack(settings.RULEPACKS_DIR / "hebei-2022")
    world = play.begin(pack, play.players(rng, organizations, persons, experts, YEAR, members), rng)
    store(pack)
    return world


def _now() -> None:
    """What the pages take for now."""
    DemoClock.objects.all().delete()
    DemoClock.objects.create(now=clock.now())


def call() -> None:
    """Applications are open: one organization has all but signed and submitted, another has only begun."""
    with entropy.seeded("handbook") as rng, clock.travel(clock.now()), indoors():
        world = _begin(rng, 4, 2, 0, 0)
        cycle = applying.issue_call(world, YEAR)
        assert cycle.opens_on is not None
        world.today(workday(cycle.opens_on), 9)
        first, second = world.cast.organizations[:2]
        _filled(world, cycle, first)
        applying.open_draft(world, cycle, second, applying.register(world, second.contact, f"{second.credit_code}-contact", second.name))
        world.pass_workdays(3)
        _now()


def _filled(world: World, cycle: Cycle, who: OrganizationCast) -> None:
    owner = applying.register(world, who.contact, f"{who.credit_code}-contact", who.name)
    entry = applying.open_draft(world, cycle, who, owner)
    world.do(application.save, owner, entry, form=applying.form_of(who), revision=0)
    for number, condition in enumerate(world.pack.award(entry.award).conditions, 1):
        if condition.evidence:
            applying.attach(world, owner, entry, f"申报条件第{number}项证明材料", f"condition:{condition.code}")
    proof = applying.attach(world, owner, entry, "内部公示情况说明", "internal")
    days = {"start": workday(clock.today().replace(month=2, day=24)), "end": clock.today().replace(month=3, day=4)}
    world.do(application.internal_publicity, owner, entry, objections=0, proof=proof, **days)
    codes = [condition.code for condition in world.pack.award(entry.award).conditions]
    world.do(application.declare, owner, entry, conditions=codes, signed_by=who.contact, no_state_secrets=True)


def sitting(published: str) -> None:
    """The committee sits and votes. On the way there, a copy goes to the folder `published`: the shortlist is public, the survey open."""
    with entropy.seeded("handbook") as rng, clock.travel(clock.now()), indoors():
        world = _begin(rng, 12, 6, 60, 25)

        def progress(what: str, done: int, total: int) -> None:
            if what == SURVEY and done == total:
                _now()
                _copy(Path(published))

        world.progress = progress
        cycle = play.cycle(world, YEAR, play.applicants(world.cast), play.Plot(stop_at=Stage.COMMITTEE, voters=20))
        _sit(world, cycle)
        _now()


def _copy(folder: Path) -> None:
    """Everything of this server as it is at this moment."""
    here = Path(settings.DATABASES["default"]["NAME"])
    shutil.copytree(here.parent, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(f"{here.name}*"))
    connection.ensure_connection()
    with closing(sqlite3.connect(folder / here.name)) as copy:
        connection.connection.backup(copy)


def _sit(world: World, cycle: Cycle) -> None:
    for number, member in enumerate(world.cast.members, 1):
        world.do(committee.appoint, "office", cycle, person=world.people[f"member{number}"].person, chair=member.chair)
    world.pass_workdays(5)
    meeting = world.do(committee.convene, "chair", cycle).value
    for number in range(1, 21):
        world.do(committee.sign_in, f"member{number}", meeting)
    first, second, *_rest = Entry.objects.filter(cycle=cycle, status=EntryStatus.NOMINATED.value).order_by("code")
    motion = world.do(committee.open_ballot, "chair", meeting, entry=first).value
    for place, seat in enumerate(motion.entitled):
        world.do(committee.cast, f"member{seat}", motion, choice=CHOICES[place % len(CHOICES)])
    world.do(committee.close_ballot, "chair", motion)
    world.minute()
    motion = world.do(committee.open_ballot, "chair", meeting, entry=second).value
    for seat in motion.entitled[5:14]:
        world.do(committee.cast, f"member{seat}", motion, choice="yes")
