"""The agenda of the panels: draw, sheets, agreement, recusal, visits, hand-over (F1–F3, G1–G5, K7, T2)."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from tests.process.agenda.asked import Asking, told, waits
from tests.process.agenda.driving import DETAILS, Driver
from tests.stages.playing import Played, played
from zhiheng.foundation import clock, entropy
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.agenda import next_of, waiting
from zhiheng.process.register import REGISTER, panel
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.simulation import reviewing
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Draw, Lottery, Panel, Seat
from zhiheng.stages.review.models import Sheet
from zhiheng.stages.sitevisit.models import Visit

WAITING = "(cycle.advance)"


class Judged(Asking, Played):
    """Organizations on one panel. The driver fills in what an act wants."""

    stage = Stage.MATERIAL_REVIEW

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        return played(cls.stage, orgs=2, persons=0, experts=24, members=0, share=0)

    @property
    def agency(self) -> str:
        return self.world.cast.agency.code

    @property
    def panel(self) -> Panel:
        return Panel.objects.select_related("cycle").get()

    @property
    def entries(self) -> list[Entry]:
        return list(Entry.objects.filter(panels=self.panel).select_related("cycle").order_by("code"))

    @property
    def experts(self) -> list[str]:
        """The experts who sit, the leader first."""
        seats = Seat.objects.filter(vacated_at=None).order_by("-leader", "expert__code")
        return list(seats.values_list("expert__code", flat=True))

    def do(self, who: str, act: str, number: int = 0, **details: Any) -> None:
        """Do one of the things of an act that wait for somebody."""
        one = [todo for todo in waiting(self.world.people[who]) if todo.act == act][number]
        with entropy.seeded(next(self.chance)):
            driver = Driver(self.world, {})
            driver.seeds = self.seeds
            filled = {**one.details, **DETAILS[act](driver, who, self.world.people[who], one), **details}
            self.world.do(REGISTER[act], who, one.subject, **filled)

    def setUp(self) -> None:
        super().setUp()
        self.seeds: dict[str, str] = {}
        self.chance = count(81)


@pytest.mark.duty("F1", "K7")
class TestDraw(Judged):
    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = super().play()
        Seat.objects.all().delete()
        Panel.entries.through._default_manager.all().delete()
        Panel.objects.all().delete()
        Lottery.objects.all().delete()
        Draw.objects.all().delete()
        return world, cycle

    def test_freeze_two_commitments_draw(self) -> None:
        both = ["panel.freeze"]
        assert (self.acts("office"), self.acts(self.agency)) == (["panel.freeze", WAITING], both)
        self.do(self.agency, "panel.freeze")
        assert (self.acts("office"), self.acts("inspector")) == (["panel.publish_lottery", WAITING], [])
        self.do(self.agency, "panel.publish_lottery")
        seed = ["panel.commit_seed", "(panel.draw)"]
        assert (self.acts("office"), self.acts(self.agency), self.acts("inspector")) == ([*seed, WAITING], seed, seed[:1])
        assert self.one(self.agency, "panel.draw").blocked == "须有两方以上提交种子承诺，现有 0 方"
        self.do("inspector", "panel.commit_seed")
        assert self.acts("inspector") == []
        assert self.one(self.agency, "panel.draw").blocked == "须有两方以上提交种子承诺，现有 1 方"
        self.do("office", "panel.commit_seed")
        reveal = ["panel.reveal_seed", "(panel.draw)"]
        assert (self.acts("office"), self.acts("inspector")) == ([*reveal, WAITING], reveal[:1])
        assert self.acts(self.agency) == ["panel.commit_seed", "(panel.draw)"]
        self.do("inspector", "panel.reveal_seed")
        assert self.acts(self.agency) == ["(panel.draw)"]
        assert self.one(self.agency, "panel.draw").blocked == "须由全部承诺方揭示种子，缺一不可"
        self.do("office", "panel.reveal_seed")
        assert (self.acts("office"), self.acts(self.agency)) == (["panel.draw", WAITING], ["panel.draw"])
        self.do(self.agency, "panel.draw")
        assert self.acts("office") == [WAITING]
        seat = Seat.objects.select_related("expert", "panel")[0]
        sheets = ["review.submit_sheet"] * seat.panel.entries.count()
        assert sorted(self.acts(seat.expert.code)) == ["panel.answer", *sheets]
        self.do(seat.expert.code, "panel.answer", answer="accepted")
        assert self.acts(seat.expert.code) == sheets

    def test_what_happened_since_the_freeze_calls_for_another(self) -> None:
        self.do(self.agency, "panel.freeze")
        self.do(self.agency, "panel.publish_lottery")
        for act in ("panel.commit_seed", "panel.reveal_seed"):
            for who in ("inspector", "office"):
                self.do(who, act)
        person = self.world.people["ZJ0001"].person
        entry = Entry.objects.filter(status="accepted").earliest("code")
        self.world.do(panel.declare_conflict, "ZJ0001", entry, person=person, kind="declared", grounds="曾任职")
        again = self.one(self.agency, "panel.freeze")
        assert again.what.endswith("冻结后有新的回避事项成立")
        assert self.one(self.agency, "panel.draw").blocked == "冻结后有新的回避事项成立，须重新冻结"
        assert self.acts("inspector") == ["panel.consent_again"]
        self.world.do(panel.consent_again, "inspector", self.cycle, reason="情况属实")
        self.world.do(panel.freeze, self.agency, self.cycle, cause="新的回避")
        assert self.acts(self.agency) == ["panel.publish_lottery"]


@pytest.mark.duty("F2", "F3", "K7")
class TestMaterialReview(Judged):
    def sheets(self, *experts: str) -> None:
        for expert in experts:
            for _ in self.entries:
                self.do(expert, "review.submit_sheet")

    def test_sheets_report_score_hand_over(self) -> None:
        first, *others = self.experts
        assert self.acts(first) == ["review.submit_sheet"] * 2
        assert [t.subject for t in waiting(self.world.people[first])] == self.entries
        assert self.acts(self.agency) == ["(review.score)"]
        assert self.one(self.agency, "review.score").blocked == "6 份评分表、2 份评审报告未完成"
        self.sheets(first)
        assert self.acts(first) == []
        self.sheets(*others)
        owed = ["review.submit_report"] * 2
        for expert in self.experts:
            assert self.acts(expert) == owed
        assert self.acts(self.agency) == ["(review.score)"]
        for _ in self.entries:
            self.do(first, "review.submit_report")
        assert self.acts(self.agency) == ["review.score"]
        self.do(self.agency, "review.score")
        assert self.acts(self.agency) == ["review.hand_over"]
        self.do(self.agency, "review.hand_over")
        assert (self.acts(self.agency), self.acts("office")) == ([], ["cycle.advance"])

    def test_sheets_that_lie_apart_must_be_agreed_on_first(self) -> None:
        self.sheets(*self.experts)
        entry, expert = self.entries[0], self.experts[0]
        sheet = Sheet.objects.filter(entry=entry).earliest("expert__code")
        wide = {**sheet.marks, next(iter(sheet.marks)): "0"}
        Sheet.objects.filter(pk=sheet.pk).update(marks=wide, digest="f" * 64)
        assert self.acts(expert) == ["review.record_consensus", "review.submit_report"]
        one = self.one(expert, "review.record_consensus")
        assert (one.subject, one.details, one.what) == (self.panel, {"entry": entry}, f"{entry.code} {entry.name}")
        assert "review.record_consensus" in self.acts(self.agency)
        self.do(expert, "review.record_consensus")
        assert self.acts(expert) == ["review.submit_report"] * 2
        owner = self.world.owners[entry.code]
        told_to_owner = [(t.act, t.what, t.count) for t in next_of(owner, entry)]
        assert told_to_owner == [("review.submit_report", f"{entry.code} {entry.name}", 1)]

    def test_a_conflict_found_late(self) -> None:
        """The sheet is voided, the expert replaced, the successor owes the sheet; the barred expert is asked for nothing there."""
        first, *_ = self.experts
        self.sheets(first)
        entry = self.entries[0]
        person = self.world.people[first].person
        self.world.do(panel.declare_conflict, self.agency, entry, person=person, kind="kin", grounds="配偶任职")
        assert self.acts("office") == ["panel.rule_on_conflict", WAITING]
        self.do("office", "panel.rule_on_conflict")
        assert self.acts("office") == ["panel.replace", "review.void_sheet", WAITING]
        assert self.one("office", "review.void_sheet").what == f"{entry.code} {entry.name}：专家 {first} 应当回避（材料评审）"
        assert self.one("office", "panel.replace").what == f"组织奖第1组：专家 {first} 应当回避"
        assert self.acts(self.agency) == ["panel.replace", "(review.score)"]
        self.do("office", "review.void_sheet")
        assert self.acts(first) == []
        self.do(self.agency, "panel.replace")
        assert self.acts("office") == [WAITING]
        (successor,) = set(self.experts) - {*_, first}
        assert [t.subject for t in waiting(self.world.people[successor]) if t.act != "panel.answer"] == [entry]
        assert self.acts(first) == []

    def test_an_expert_who_left_the_library_is_replaced(self) -> None:
        first = self.experts[0]
        self.world.do(panel.suspend_expert, "office", Seat.objects.get(expert__code=first).expert, remove=False, reason="超龄")
        assert self.acts(first) == []
        assert self.one(self.agency, "panel.replace").what == f"组织奖第1组：专家 {first} 已不在库"

    def test_who_sits_elsewhere_is_asked_for_nothing(self) -> None:
        idle = next(code for code in self.world.people if code.startswith("ZJ") and code not in self.experts)
        assert self.acts(idle) == []
        entry = self.entries[0]
        steps = [("review.submit_sheet", (Role.EXPERT,))]
        assert waits(entry) == steps
        assert self.next(idle, entry) == ([], ["review.submit_sheet"])
        assert self.next(self.experts[0], entry) == (["review.submit_sheet"], [])
        (staff,) = next_of(self.world.people["office"], entry)
        assert (staff.act, staff.count, staff.mine) == ("review.submit_sheet", 3, False)
        (shown,) = next_of(self.world.owners[entry.code], entry)
        assert (shown.act, shown.count) == ("review.submit_sheet", 1)

    def test_what_a_panel_waits_for(self) -> None:
        self.sheets(*self.experts)
        expert = self.world.people[self.experts[0]]
        assert told(next_of(expert, self.panel)) == ["review.submit_report"] * 2


@pytest.mark.duty("G1", "G2", "G3", "G4", "G5")
class TestSiteVisit(Judged):
    stage = Stage.SITE_VISIT

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = played(Stage.SITE_VISIT, orgs=3, persons=0, experts=24, members=1)
        with entropy.seeded(82):
            reviewing.draw(world, cycle)
        return world, cycle

    @property
    def panel(self) -> Panel:
        return Panel.objects.select_related("cycle").get(round="site")

    @property
    def experts(self) -> list[str]:
        seats = Seat.objects.filter(vacated_at=None, panel__round="site").order_by("-leader", "expert__code")
        return list(seats.values_list("expert__code", flat=True))

    @property
    def many(self) -> int:
        return len(self.entries)

    def test_plan_steps_sheets_agreement_report_papers_hand_over(self) -> None:
        leader, *others = self.experts
        assert sorted(self.acts(leader)) == ["(sitevisit.submit_sheet)"] * self.many + ["sitevisit.plan"] * self.many
        assert self.acts(others[0]) == ["(sitevisit.submit_sheet)"] * self.many
        for _ in self.entries:
            self.do(leader, "sitevisit.plan")
        visit = Visit.objects.order_by("entry__code")[0]
        step = next(t for t in waiting(self.world.people[leader]) if t.act == "sitevisit.step")
        assert step.blocked == f"现场评审计划于{chinese_date(visit.planned_from)}开始"
        assert (step.subject, step.until, step.details) == (visit, visit.planned_until, {"code": "opening"})
        self.world.today(visit.planned_from)
        assert sorted(self.acts(leader)) == ["(sitevisit.submit_sheet)"] * self.many + ["sitevisit.step"] * self.many
        while "sitevisit.step" in self.acts(leader):
            self.do(leader, "sitevisit.step")
        assert "sitevisit.hand_in" not in self.acts(leader)
        for expert in self.experts:
            for _ in self.entries:
                self.do(expert, "sitevisit.submit_sheet")
        assert self.acts(others[0]) == []
        assert self.acts(leader) == ["sitevisit.record_consensus"] * self.many
        for _ in self.entries:
            self.do(leader, "sitevisit.record_consensus")
            self.do(leader, "sitevisit.submit_report")
        assert self.acts(leader) == ["sitevisit.hand_in"]
        last = clock.today()
        one = self.one(self.agency, "sitevisit.score")
        assert one.blocked == "1 个专家组的材料未完成"
        self.do(leader, "sitevisit.hand_in")
        assert self.acts(leader) == []
        self.world.pass_workdays(10)
        one = self.one(self.agency, "sitevisit.score")
        assert (one.until, one.overdue) == (clock.today(), False)
        self.world.pass_workdays(1)
        assert self.one(self.agency, "sitevisit.score").overdue
        assert last < clock.today()
        self.do(self.agency, "sitevisit.score")
        assert self.acts(self.agency) == ["sitevisit.hand_over"]
        assert self.one(self.agency, "sitevisit.hand_over").overdue
        self.do(self.agency, "sitevisit.hand_over")
        assert self.acts(self.agency) == []

    def test_a_panel_without_a_leader_gets_one(self) -> None:
        Seat.objects.filter(panel=self.panel).update(leader=False)
        assert self.acts(self.agency)[0] == "panel.name_leader"
        assert "sitevisit.plan" not in self.acts(self.experts[0])

    def test_the_leader_alone_plans(self) -> None:
        leader, member, *_ = self.experts
        for entry in self.entries:
            assert self.next(member, entry) == (["(sitevisit.submit_sheet)"], ["sitevisit.plan"])
            assert self.next(leader, entry) == (["sitevisit.plan", "(sitevisit.submit_sheet)"], [])

    def test_a_visit_that_is_late_is_overdue(self) -> None:
        leader = self.experts[0]
        self.do(leader, "sitevisit.plan")
        clock.set_to(clock.now() + timedelta(days=30))
        late = [t for t in waiting(self.world.people[leader]) if t.overdue]
        assert {t.act for t in late} == {"sitevisit.step", "sitevisit.submit_sheet"}
        assert waiting(self.world.people[leader])[0].overdue
