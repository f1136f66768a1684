"""The agenda from the plan to the submission (C1, D1–D3, L1)."""

from datetime import date, timedelta

import pytest

from tests.process.agenda.asked import Asking, waits
from tests.process.agenda.driving import letter
from tests.stages.playing import Played, begun, called
from zhiheng.foundation import clock, entropy
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.people.models import Person, RoleGrant
from zhiheng.process.agenda import pending, summary, waiting
from zhiheng.process.register import application, call, cycles
from zhiheng.rules.lifecycle import Role
from zhiheng.simulation import applying, play
from zhiheng.simulation.world import World, moment, workday
from zhiheng.stages.application.models import Entry


def somebody(role: Role) -> Acting:
    """A new person with a role that no unit has."""
    person = Person.objects.create(name=role.value)
    RoleGrant.objects.create(person=person, role=role.value, granted_at=clock.now())
    return Acting(role, person)


@pytest.mark.duty("C1", "L1")
class TestCall(Asking, Played):
    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world = begun(orgs=1, persons=0)
        world.today(workday(date(2024, 3, 2)))
        return world, world.do(cycles.create_cycle, "office", code="2024", year=2024, pack=world.pack).value

    def draft(self) -> None:
        details = {"text": "方案", "opens_on": date(2024, 3, 12), "deadline": moment(date(2024, 4, 22), 18)}
        self.world.do(call.draft_plan, "office", self.cycle, **details)

    def test_the_plan_its_approval_and_the_issue_one_after_the_other(self) -> None:
        group = somebody(Role.COORDINATION)
        assert (self.acts("office"), self.acts(group)) == (["call.draft_plan"], [])
        assert waits(self.cycle) == [("call.draft_plan", (Role.OFFICE,))]
        self.draft()
        assert (self.acts("office"), self.acts(group)) == (["call.approve_plan"], ["call.approve_plan"])
        mine, theirs = self.one("office", "call.approve_plan"), self.one(group, "call.approve_plan")
        assert (mine.title, theirs.title) == ("登记对评选方案的审核意见（来文）", "审核评选方案")
        assert (mine.subject, mine.what, mine.article, mine.duty, mine.until) == (
            self.cycle,
            self.cycle.title,
            "四(一)",
            "C1",
            date(2024, 3, 12),
        )
        assert mine.roles == (Role.OFFICE, Role.COORDINATION)
        self.world.do(call.approve_plan, group, self.cycle)
        assert (self.acts("office"), self.acts(group)) == (["call.issue"], [])
        self.world.today(date(2024, 3, 13))
        assert self.one("office", "call.issue").overdue
        self.world.do(call.issue, "office", self.cycle)
        assert self.acts("office") == ["(cycle.advance)"]
        assert self.one("office", "cycle.advance").blocked == "申报至2024年4月22日18:00截止"

    def test_a_plan_whose_deadline_has_passed_is_drafted_anew(self) -> None:
        self.draft()
        self.world.do(call.approve_plan, "office", self.cycle, **letter("协调小组办公室"))
        self.world.today(date(2024, 4, 23))
        assert self.acts("office") == ["call.draft_plan", "(call.issue)"]
        assert self.one("office", "call.issue").blocked == "方案所定申报截止时间已过，请重新拟订方案并报审"
        assert self.one("office", "call.draft_plan").title == "重新拟订评选方案"

    def test_nobody_else_is_asked(self) -> None:
        for name in ("agency", "inspector", "admin", "sjz"):
            assert waiting(self.world.people.get(name, self.world.people[self.world.cast.agency.code])) == []

    def test_the_calendar_is_asked_for_before_it_runs_out(self) -> None:
        with clock.travel(clock.at(date(2026, 10, 31))):
            assert self.acts("office") == ["call.draft_plan"]
        with clock.travel(clock.at(date(2026, 11, 2))):
            assert self.acts("office") == ["call.draft_plan", "calendar.extend"]
            assert self.one("office", "calendar.extend").title == "录入2027年工作日历"
        with clock.travel(clock.at(date(2027, 2, 2))):
            assert self.one("office", "calendar.extend").subject is None

    def test_a_platform_without_a_cycle_begins_with_one(self) -> None:
        Cycle.objects.all().delete()
        assert self.acts("office") == ["cycle.create"]


@pytest.mark.duty("D1", "D2", "D3")
class TestApplication(Asking, Played):
    owner: Acting

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = called(orgs=2, persons=0)
        with entropy.seeded(61):
            cls.owner = applying.register(world, "经办人", "fictional-owner", "某公司")
        return world, cycle

    def opened(self) -> Entry:
        with entropy.seeded(62):
            who = play.applicants(self.world.cast)[0]
            entry = applying.open_draft(self.world, self.cycle, who, self.owner)
        self.world.do(application.save, self.owner, entry, form={}, revision=0)
        entry.refresh_from_db()
        return entry

    def test_before_it_opens_and_after_it_closes(self) -> None:
        assert self.cycle.opens_on is not None
        assert self.cycle.deadline is not None
        last = self.cycle.deadline.astimezone(clock.SHANGHAI).date()
        with clock.travel(clock.at(self.cycle.opens_on - timedelta(days=1))):
            todo = self.one(self.owner, "application.open")
            assert (todo.blocked, todo.until) == (f"申报自{self.cycle.opens_on.year}年3月{self.cycle.opens_on.day}日开始", last)
        assert self.acts(self.owner) == ["application.open"]
        with clock.travel(self.cycle.deadline):
            assert self.acts(self.owner) == []

    def test_a_draft_says_each_gap_and_why_it_cannot_be_submitted(self) -> None:
        entry = self.opened()
        conditions = [c.code for c in self.world.pack.award(entry.award).conditions if c.evidence]
        missing = ["application.attach"] * len(conditions)
        rest = ["application.internal_publicity", "application.declare", "(application.submit)"]
        assert self.acts(self.owner) == ["application.save", *missing, "application.internal_publicity", "application.declare", rest[-1]]
        attach = [t.details for t in waiting(self.owner) if t.act == "application.attach"]
        assert attach == [{"proves": f"condition:{code}"} for code in conditions]
        fields = "主要业绩（事迹）、成立日期、主要产品（服务）"
        assert self.one(self.owner, "application.save").what == f"{entry.code} {entry.name}：尚缺{fields}"
        steps = "填写申报表、上传证实性材料、登记内部公示、作出承诺和声明"
        assert self.one(self.owner, "application.submit").blocked == f"尚未完成：{steps}"
        assert summary(self.owner) == {
            "application.save": 1, "application.attach": len(conditions), "application.internal_publicity": 1, "application.declare": 1,
        }  # fmt: skip

    def test_a_complete_draft_is_submitted_and_then_waits_for_the_city(self) -> None:
        entry = self.opened()
        self.world.do(
            application.save, self.owner, entry, form=applying.form_of(play.applicants(self.world.cast)[0]), revision=entry.revision
        )
        conditions = self.world.pack.award(entry.award).conditions
        for condition in conditions:
            if condition.evidence:
                applying.attach(self.world, self.owner, entry, "证明", f"condition:{condition.code}")
        proof = applying.attach(self.world, self.owner, entry, "内部公示", "internal")
        today = clock.today()
        details = {"start": today - timedelta(days=10), "end": today, "objections": 0, "proof": proof}
        self.world.do(application.internal_publicity, self.owner, entry, **details)
        assert self.acts(self.owner) == ["application.declare", "(application.submit)"]
        signed = {"conditions": [c.code for c in conditions], "signed_by": "法定代表人", "no_state_secrets": True}
        self.world.do(application.declare, self.owner, entry, **signed)
        blocked = self.one(self.owner, "application.submit").blocked
        assert blocked.startswith(f"内部公示至{today.year}年{today.month}月{today.day}日届满")
        self.world.today(today + timedelta(days=1))
        assert self.acts(self.owner) == ["application.submit"]
        self.world.do(application.submit, self.owner, entry)
        assert self.acts(self.owner) == []
        entry = Entry.objects.get()
        steps = ["recommendation.check", "recommendation.city_opinion"]
        assert [act for act, _ in waits(entry)] == steps
        assert self.next(self.owner, entry) == ([], steps)
        assert self.acts(self.world.cast.organizations[0].recommender) == steps

    def test_a_draft_is_its_owners_alone(self) -> None:
        entry = self.opened()
        for name in ("office", "inspector", entry.recommender.code):
            assert not any(todo.act.startswith("application.") for todo in waiting(self.world.people[name]))
        other = somebody(Role.APPLICANT)
        assert self.acts(other) == ["application.open"]
        assert self.next(other, entry)[0] == []

    def test_too_late_is_too_late(self) -> None:
        entry = self.opened()
        assert self.cycle.deadline is not None
        clock.set_to(self.cycle.deadline + timedelta(days=1))
        todo = self.one(self.owner, "application.submit")
        assert (self.acts(self.owner), todo.overdue) == (["(application.submit)"], True)
        assert todo.blocked.startswith("申报截止时间为2024年")
        Cycle.objects.update(stage="recommendation")
        assert self.acts(self.owner) == []
        assert pending(Entry.objects.get(pk=entry.pk)) == []
