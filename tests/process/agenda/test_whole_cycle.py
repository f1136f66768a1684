"""A whole cycle, led by nothing but what the agenda offers (L1)."""

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest

from tests.process.agenda.driving import DETAILS, Driver
from tests.stages.finalists import claim
from tests.stages.playing import PUBLIC, Played, begun, played
from zhiheng.foundation import entropy
from zhiheng.foundation.acts import REGISTER, Acting
from zhiheng.foundation.acts.permission import permit
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.publicity.models import Notice
from zhiheng.process.agenda import Todo, waiting
from zhiheng.process.register import cycles, panel, publicity
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.simulation import applying, play
from zhiheng.simulation.cast.model import PersonCast
from zhiheng.simulation.world import World, workday
from zhiheng.stages.application.models import Entry
from zhiheng.stages.review.models import Sheet

#: What this calm cycle has no need of: nobody objects, nobody has a conflict, no panel disagrees, the bonus is claimed by nobody.
SELDOM = {
    "publicity.investigate", "publicity.answer", "panel.rule_on_conflict", "panel.replace", "review.void_sheet", "review.record_consensus",
    "nomination.check_bonus",
}  # fmt: skip


def started(orgs: int = 2, persons: int = 2) -> tuple[Driver, Cycle]:
    """A platform with its people, a cycle without a plan, and applicants who have registered."""
    world = begun(orgs, persons, experts=24, members=5)
    world.today(workday(date(2024, 3, 2)))
    cycle = world.do(cycles.create_cycle, "office", code="2024", year=2024, pack=world.pack).value
    found = {}
    for number, who in enumerate(play.applicants(world.cast), 1):
        place = who.employer.name if isinstance(who, PersonCast) else who.name
        contact = who.name if isinstance(who, PersonCast) else who.contact
        key = who.id_number if isinstance(who, PersonCast) else f"{who.credit_code}-contact"
        found[f"applicant{number}"] = (applying.register(world, contact, key, place), who)
    # Cities and departments from which nothing can come are left out: they would be asked in vain at every turn.
    asked = {entry.recommender for entry in world.cast.organizations} | {p.employer.recommender for p in world.cast.persons}
    idle = {u.code for u in world.cast.recommenders} - asked | {u.code for u in world.cast.departments[1:]}
    driver = Driver(world, found)
    driver.everybody = {name: acting for name, acting in driver.everybody.items() if not (acting.unit and acting.unit.code in idle)}
    return driver, cycle


@pytest.mark.duty("L1")
class TestWholeCycle(Played):
    shared = False

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
        with entropy.seeded(42):
            driver.run(Stage.SUPERVISION)
        assert set(Cycle.objects.get().entries.values_list("status", flat=True)) == {"awarded"}
        assert set(driver.done) == set(DETAILS) - SELDOM
        counted = Counter(driver.done)
        assert (counted["review.submit_sheet"], counted["sitevisit.submit_sheet"], counted["committee.cast"]) == (12, 20, 20)
        assert [act for act in driver.done if act == "cycle.advance"] == ["cycle.advance"] * (len(driver.world.pack.line) - 2)


@pytest.mark.duty("L1")
class TestFromTheMiddle(Played):
    """A cycle taken over in the midst of its material review, in which things happen that nobody planned."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = played(Stage.MATERIAL_REVIEW, orgs=3, persons=2, experts=30, members=4, share=Fraction(1, 2))
        for entry in Entry.objects.filter(award="organization"):
            world.ability[entry.code] = 80
        return world, cycle

    def object(self, kind: str) -> None:
        """Somebody objects, under their name, to the first of a list."""
        notice = Notice.objects.filter(kind=kind).latest("pk")
        details = {"name": "周平", "contact": "1", "entry": notice.items[0]["code"], "content": "不实"}
        self.world.do(publicity.lodge_objection, PUBLIC, notice, **details)

    def test_on_to_the_supervision(self) -> None:
        driver, office = Driver(self.world, {}), self.world.people["office"]
        asked = {Role.OFFICE, Role.AGENCY, Role.INSPECTOR, Role.EXPERT, Role.CHAIR, Role.MEMBER}
        driver.everybody = {name: acting for name, acting in driver.everybody.items() if acting.role in asked}
        sheet = Sheet.objects.earliest("pk")
        details = {"person": sheet.expert.person, "kind": "kin", "grounds": "配偶任职"}
        self.world.do(panel.declare_conflict, self.world.cast.agency.code, sheet.entry, **details)
        (ruling,) = [one for one in waiting(office) if one.act == "panel.rule_on_conflict"]
        driver.do("office", office, ruling)  # before the agency hands over: afterwards nobody is replaced any more
        claim(Entry.objects.filter(status="accepted", award="organization").earliest("code"), "luban")
        driver.after["shortlist.publish"] = lambda: self.object("shortlist_publicity")
        driver.after["commendation.publish"] = lambda: self.object("proposed_winners")
        with entropy.seeded(43):
            driver.run(Stage.SUPERVISION)
        done = set(driver.done)
        assert {"panel.rule_on_conflict", "review.void_sheet", "panel.replace"} <= done
        assert {"publicity.investigate", "publicity.answer", "nomination.check_bonus"} <= done
        assert Entry.objects.filter(status="awarded").count() >= 2
        assert not Sheet.objects.filter(pk=sheet.pk, voided_at=None).exists()
