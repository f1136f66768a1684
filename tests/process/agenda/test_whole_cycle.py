"""A whole cycle, led by nothing but what the agenda offers (L1)."""

import pytest

from tests.process.agenda.driving import Driver
from tests.stages.playing import Played, begun
from zhiheng.foundation import clock, entropy
from zhiheng.foundation.acts import REGISTER, Acting
from zhiheng.foundation.acts.permission import permit
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.agenda import Todo
from zhiheng.process.register import cycles
from zhiheng.rules.lifecycle import Stage
from zhiheng.simulation import applying, play
from zhiheng.simulation.cast.model import PersonCast
from zhiheng.simulation.world import World, workday
from datetime import date


def started(orgs: int = 3, persons: int = 2) -> tuple[Driver, Cycle]:
    """A platform with its people, a cycle without a plan, and applicants who have registered."""
    world = begun(orgs, persons, experts=40, members=5)
    world.today(workday(date(2024, 3, 2)))
    cycle = world.do(cycles.create_cycle, "office", code="2024", year=2024, pack=world.pack).value
    found = {}
    for number, who in enumerate(play.applicants(world.cast), 1):
        place = who.employer.name if isinstance(who, PersonCast) else who.name
        contact = who.name if isinstance(who, PersonCast) else who.contact
        key = who.id_number if isinstance(who, PersonCast) else f"{who.credit_code}-contact"
        found[f"applicant{number}"] = (applying.register(world, contact, key, place), who)
    return Driver(world, found), cycle


@pytest.mark.duty("L1")
class TestWholeCycle(Played):
    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        with entropy.seeded(41):
            cls.driver, cycle = started()
        return cls.driver.world, cycle

    def test_from_the_call_to_the_supervision(self) -> None:
        def permitted(acting: Acting, one: Todo) -> None:
            if not one.blocked and not one.of:
                assert permit(REGISTER[one.act], acting, one.subject).ok, (acting.role, one)

        driver = self.driver
        driver.check = permitted
        # the abilities of the play are hidden; here everybody is good enough
        with entropy.seeded(42):
            driver.run(Stage.SUPERVISION)
        assert Cycle.objects.get().stage == "supervision"
        assert clock.is_set()
