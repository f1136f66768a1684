"""The agenda from the recommender's check to the accepted list (D4, E1–E3, L2)."""

from datetime import timedelta

import pytest

from tests.process.agenda.asked import Asking, waits
from tests.process.agenda.driving import letter
from tests.process.agenda.test_call_and_application import somebody
from tests.stages.playing import PUBLIC, Played, called
from zhiheng.foundation import clock, entropy
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.people.models import Person, RoleGrant, Unit
from zhiheng.foundation.publicity.models import Notice
from zhiheng.process.agenda import next_of, waiting
from zhiheng.process.register import publicity, qualification, recommendation
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.simulation import applying, play
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Conflict


def in_city(role: Role, unit: Unit | None) -> Acting:
    person = Person.objects.create(name=role.value)
    RoleGrant.objects.create(person=person, role=role.value, unit=unit, granted_at=clock.now())
    return Acting(role, person, unit)


class Submitted(Asking, Played):
    """One organization has applied; `city` is its recommender."""

    city: str

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = called(orgs=1, persons=0)
        with entropy.seeded(71):
            applying.apply(world, cycle, play.applicants(world.cast))
        cls.city = world.cast.organizations[0].recommender
        return world, cycle

    @property
    def entry(self) -> Entry:
        return Entry.objects.select_related("cycle").get()

    def check(self, *, passed: bool = True) -> None:
        sides = [{"code": c.code, "passed": passed, "note": "不实"} for c in self.world.pack.checks_at(Stage.RECOMMENDATION)]
        self.world.do(recommendation.check, self.city, self.entry, sides=sides)

    def hear(self, *, positive: bool = True) -> None:
        details = {"department": "环保局", "positive": positive, "text": "有处罚", **letter("环保局")}
        self.world.do(recommendation.city_opinion, self.city, self.entry, **details)

    def publish(self) -> Notice:
        notice: Notice = self.world.do(recommendation.publish, self.city, self.cycle, entries=[self.entry]).value
        return notice


@pytest.mark.duty("D4", "L2")
class TestRecommendation(Submitted):
    def test_step_by_step(self) -> None:
        department = in_city(Role.CITY_DEPARTMENT, self.world.people[self.city].unit)
        council = in_city(Role.CITY_COORDINATION, self.world.people[self.city].unit)
        assert self.acts(department) == ["recommendation.city_opinion"]
        self.check()
        assert self.acts(self.city) == ["recommendation.city_opinion"]
        self.hear()
        assert (self.acts(self.city), self.acts(department)) == (["recommendation.publish"], [])
        one = self.one(self.city, "recommendation.publish")
        assert (one.subject, one.count, one.details) == (self.cycle, 1, {"entries": (self.entry,)})
        notice = self.publish()
        assert notice.ends_on is not None
        assert self.acts(self.city) == ["(publicity.close)"]
        running = self.one(self.city, "publicity.close")
        assert (running.until, running.blocked) == (notice.ends_on, f"公示期至{chinese_date(notice.ends_on)}24时届满")
        assert self.acts("inspector") == ["publicity.object"]
        self.world.outlast(notice)
        assert self.acts(self.city) == ["publicity.close"]
        assert self.one(self.city, "publicity.close").until is None
        self.world.do(publicity.close, self.city, notice)
        assert self.acts(self.city) == ["recommendation.sign"]
        assert self.acts("inspector") == []
        self.world.do(recommendation.sign, self.city, self.entry, opinion="同意", signed_by="局长")
        assert (self.acts(self.city), self.acts(council)) == (["recommendation.consent"], ["recommendation.consent"])
        assert self.one(self.city, "recommendation.consent").title == "登记市级协调机构同意推荐（来文）"
        assert self.one(council, "recommendation.consent").title == "市级协调机构同意推荐"
        self.world.do(recommendation.consent, council, self.entry)
        assert (self.acts(self.city), self.acts(council)) == (["recommendation.recommend"], [])
        self.world.do(recommendation.recommend, self.city, self.entry)
        assert self.acts(self.city) == []
        assert [act for act, _ in waits(self.entry)] == ["cycle.advance"]

    def test_another_city_is_not_asked(self) -> None:
        other = next(u.code for u in self.world.cast.recommenders if u.code != self.city)
        assert self.acts(other) == []
        assert self.acts(in_city(Role.CITY_DEPARTMENT, self.world.people[other].unit)) == []

    def test_a_side_that_failed_is_returned_or_declined(self) -> None:
        self.check(passed=False)
        self.hear()
        assert self.acts(self.city) == ["recommendation.return", "recommendation.decline"]
        assert self.one(self.city, "recommendation.decline").what == f"{self.entry.code} {self.entry.name}（审核存在不符合项）"
        assert self.cycle.deadline is not None
        clock.set_to(self.cycle.deadline)
        assert self.acts(self.city) == ["recommendation.decline"]
        assert [act for act, _ in waits(self.entry)] == ["recommendation.recommend"]  # says nothing of how it will end

    def test_a_returned_one_is_its_applicants_again(self) -> None:
        self.check(passed=False)
        self.world.do(recommendation.return_entry, self.city, self.entry, reason="补正")
        owner = self.world.owners[self.entry.code]
        assert self.acts(self.city) == []
        again = self.one(owner, "application.submit")
        assert (again.title, again.what) == ("补正后重新提交申报", f"{self.entry.code} {self.entry.name}（退回补正：补正）")

    def test_a_department_against_it(self) -> None:
        self.check()
        self.hear(positive=False)
        assert self.acts(self.city) == ["recommendation.return", "recommendation.city_opinion", "recommendation.decline"]
        assert self.one(self.city, "recommendation.city_opinion").title == "登记同级有关部门意见（来文）"
        assert self.one(self.city, "recommendation.city_opinion").what.endswith("（环保局有不同意见）")
        owner = self.world.owners[self.entry.code]
        assert "环保" not in repr([(t.title, t.what, t.blocked) for t in next_of(owner, self.entry)])

    def test_an_objection_is_investigated_answered_and_counts(self) -> None:
        self.check()
        self.hear()
        notice = self.publish()
        details = {"name": "周平", "contact": "1", "entry": self.entry.code, "content": "不实"}
        objection = self.world.do(publicity.lodge_objection, PUBLIC, notice, **details).value
        assert self.acts(self.city) == ["(publicity.close)", "publicity.investigate"]
        assert self.one(self.city, "publicity.close").blocked.endswith("24时届满，且有1件正式异议未办结")
        assert self.one(self.city, "publicity.investigate").what == f"{objection.number}、{self.entry.code}（《{notice.title}》）"
        owner = self.world.owners[self.entry.code]
        for one in next_of(owner, self.entry):  # the party that is objected to does not learn of it here
            assert "异议" not in one.blocked
        self.world.outlast(notice)
        assert "异议" in self.one(self.city, "publicity.close").blocked
        self.world.do(publicity.investigate, self.city, objection, findings="属实")
        assert self.acts(self.city) == ["publicity.answer", "(publicity.close)"]
        self.world.do(publicity.answer, self.city, objection, upheld=True, text="属实")
        self.world.do(publicity.close, self.city, notice)
        assert self.acts(self.city) == ["recommendation.decline"]
        assert self.one(self.city, "recommendation.decline").what.endswith(f"（异议 {objection.number} 经查属实）")

    def test_a_sister_firm_that_comes_later_is_answered_first(self) -> None:
        self.check()
        self.hear()
        notice = self.publish()
        self.world.outlast(notice)
        self.world.do(publicity.close, self.city, notice)
        party = self.entry.party
        type(party).objects.update(group_code="91130000000000000X")
        sister = type(party).objects.create(identity="uscc:sister", kind="organization", name="姊妹公司", group_code="91130000000000000X")
        fields = {"cycle": self.cycle, "party": sister, "owner": self.entry.owner, "recommender": self.entry.recommender}
        Entry.objects.create(code="2024-Z-0900", award="organization", category="organization", name="姊妹公司", **fields)
        one = self.one(self.city, "recommendation.check")
        assert one.title == "核实并说明关联申报情况"
        assert "recommendation.sign" not in self.acts(self.city)
        sides = [{"code": c.code, "passed": True, "note": ""} for c in self.world.pack.checks_at(Stage.RECOMMENDATION)]
        self.world.do(recommendation.check, self.city, one.subject, sides=sides, warnings_answer="各自独立")
        assert "recommendation.sign" in self.acts(self.city)


@pytest.mark.duty("E1", "E2", "E3")
class TestQualification(Submitted):
    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = super().play()
        with entropy.seeded(72):
            applying.recommend(world, cycle, objection=False)
        assert cycle.deadline is not None
        clock.set_to(cycle.deadline + timedelta(minutes=1))
        for _ in range(2):
            applying.go_on(world, cycle)
        return world, cycle

    @property
    def agency(self) -> str:
        return self.world.cast.agency.code

    def settle_text(self) -> list[str]:
        return self.acts("office")

    def test_step_by_step(self) -> None:
        department = self.world.cast.departments[0].code
        assert self.acts("office") == ["qualification.commission", "qualification.consult", "(qualification.publish)", "(cycle.advance)"]
        assert self.acts(self.agency) == []  # not commissioned yet
        assert self.acts(department) == ["qualification.consult"]
        assert self.one("office", "qualification.publish").blocked == "尚有 1 项申报未作资格审查；尚未征求省有关部门意见"
        unit = self.world.people[self.agency].unit
        self.world.do(qualification.commission, "office", self.cycle, agency=unit, terms="委托")
        assert self.acts(self.agency) == ["qualification.check"]
        self.world.do(qualification.consult, department, self.cycle, department=self.world.cast.departments[0].name)
        assert self.acts(department) == []
        assert self.acts(self.world.cast.departments[1].code) == ["qualification.consult"]
        assert self.acts("office") == ["(qualification.publish)", "(cycle.advance)"]
        sides = [{"code": c.code, "passed": True, "note": ""} for c in self.world.pack.checks_at(Stage.QUALIFICATION)]
        self.world.do(qualification.check, self.agency, self.entry, sides=sides)
        assert (self.acts("office"), self.acts(self.agency)) == (["qualification.publish", "(cycle.advance)"], [])
        notice = self.world.do(qualification.publish, "office", self.cycle).value
        assert self.acts("office") == ["(publicity.close)", "(cycle.advance)"]
        assert self.acts(self.world.cast.departments[1].code) == []
        assert [act for act, _ in waits(self.entry)] == ["publicity.close"]
        self.world.outlast(notice)
        self.world.do(publicity.close, "office", notice)
        assert self.acts("office") == ["qualification.settle", "(cycle.advance)"]
        self.world.do(qualification.settle, "office", self.cycle)
        assert self.acts("office") == ["cycle.advance"]

    def test_what_was_not_published_is_published_again(self) -> None:
        with entropy.seeded(73):
            self.world.do(qualification.commission, "office", self.cycle, agency=self.world.people[self.agency].unit, terms="委托")
            sides = [{"code": c.code, "passed": False, "note": "缺"} for c in self.world.pack.checks_at(Stage.QUALIFICATION)]
            self.world.do(qualification.check, self.agency, self.entry, sides=sides)
            self.world.do(qualification.consult, "office", self.cycle, department="省厅", **letter("省厅"))
            notice = self.world.do(qualification.publish, "office", self.cycle).value
        good = [{**side, "passed": True} for side in sides]
        self.world.do(qualification.check, self.agency, self.entry, sides=good)
        self.world.outlast(notice)
        self.world.do(publicity.close, "office", notice)
        assert self.one("office", "qualification.publish").title == "重新公示受理名单"
        assert "qualification.settle" not in [t.act for t in waiting(self.world.people["office"]) if not t.blocked]

    def test_a_recusal_asked_for_is_ruled_on_by_somebody_else(self) -> None:
        office = self.world.people["office"]
        Conflict.objects.create(
            entry=self.entry, person=somebody(Role.EXPERT).person, kind="requested", grounds="", status="pending", found_at=clock.now()
        )
        one = self.one("office", "panel.rule_on_conflict")
        assert one.what == f"{self.entry.code} {self.entry.name}（申报方请求回避）"
        Conflict.objects.update(person=office.person)
        assert "panel.rule_on_conflict" not in self.acts("office")
        assert "panel.rule_on_conflict" in self.acts("office2")
