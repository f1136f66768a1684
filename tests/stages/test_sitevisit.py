"""The site visits: plan, steps in order, own sheets beside the consensus, five papers, ten working days (G1–G5; Q3, Q16, Q28)."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.stages.drawing import conflict, draw, expert, other_agency, payload
from tests.stages.playing import Played, played
from tests.stages.scored import TEXTS, even
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, NotPermitted
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.packs.models import CalendarYear
from zhiheng.process.register import application, panel, review, services, sitevisit
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.lifecycle import Stage
from zhiheng.simulation.world import World, fresh
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Panel
from zhiheng.stages.review.models import Consensus, Handover, Report, Result, Sheet
from zhiheng.stages.review.scoring import missing_sheets
from zhiheng.stages.sitevisit.models import ExpertEvaluation, Papers, Visit, VisitStep

ORGANIZATION = ["opening", "verification", "group_review", "interviews_by_level", "consensus", "exchange_with_head", "closing"]
INDIVIDUAL = ["opening", "candidate_report", "interviews", "achievements", "consensus", "exchange_with_person", "closing"]


class Visiting(Played):
    """The site panels are drawn: four organizations before one, two persons before the other; nothing is planned."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = played(Stage.SITE_VISIT)
        draw(world, cycle)
        return world, fresh(cycle)

    def setUp(self) -> None:
        super().setUp()
        self.panel = Panel.objects.get(round="site", award="organization")
        self.people = Panel.objects.get(round="site", award="individual")
        self.entries = list(self.panel.entries.order_by("code"))
        self.persons = list(self.people.entries.order_by("code"))
        self.entry = self.entries[0]
        self.leader, self.others = self.seated(self.panel)

    def seated(self, one: Panel) -> tuple[str, list[str]]:
        rows = one.seats.filter(vacated_at=None).order_by("expert__code").values_list("expert__code", "leader")
        (leader,) = (code for code, leads in rows if leads)
        return leader, [code for code, leads in rows if not leads]

    def of(self, entry: Entry) -> Panel:
        return self.panel if entry.award == "organization" else self.people

    def why(self, act: Any, who: str | Acting, subject: Any = None, **details: Any) -> str:
        """The first reason of a refusal."""
        found: str = self.refused(act, who, subject, **details).refusals[0].text
        return found

    def plan(self, entry: Entry, days: int = 0) -> Visit:
        day = clock.today() + timedelta(days=days)
        leader, _ = self.seated(self.of(entry))
        found: Visit = self.world.do(sitevisit.plan, leader, entry, text="工作计划", start=day, end=day).value
        return found

    def walk(self, entry: Entry, upto: int = 7) -> Visit:
        """Plan and do the first steps of a visit."""
        visit = self.plan(entry)
        leader, _ = self.seated(self.of(entry))
        for code in (ORGANIZATION if entry.award == "organization" else INDIVIDUAL)[:upto]:
            self.world.do(sitevisit.step, leader, visit, code=code, note="已完成")
        return visit

    def sheets(self, entry: Entry, *values: str) -> None:
        for number, code in enumerate(missing_sheets(self.of(entry), entry, "site")):
            self.world.do(sitevisit.submit_sheet, code, entry, marks=even(entry, values[number % len(values)]))

    def agree(self, entry: Entry, value: str, **changed: str) -> None:
        leader, _ = self.seated(self.of(entry))
        marks = even(entry, value, **changed)
        self.world.do(sitevisit.record_consensus, leader, self.of(entry), entry=entry, marks=marks, reason="全组合议")

    def report(self, entry: Entry) -> None:
        leader, _ = self.seated(self.of(entry))
        self.world.do(sitevisit.submit_report, leader, self.of(entry), entry=entry, **TEXTS)

    def judged(self, one: Panel, rating: str = "good") -> list[dict[str, str]]:
        leader, others = self.seated(one)
        return [{"expert": code, "rating": rating, "text": "认真负责"} for code in (leader, *others)]

    def whole(self, entry: Entry, value: str = "") -> None:
        """Everything of one visit but the panel's papers."""
        mark = value or ("60" if entry.award == "organization" else "18")
        self.walk(entry)
        self.sheets(entry, mark)
        self.agree(entry, mark)
        self.report(entry)

    def all_visits(self) -> None:
        for entry in (*self.entries, *self.persons):
            self.whole(entry)
        for one in (self.panel, self.people):
            self.world.do(sitevisit.hand_in, self.seated(one)[0], one, opinion="现场评审意见", evaluations=self.judged(one))


@pytest.mark.duty("G2")
class TestPlanAndSteps(Visiting):
    def test_only_the_leader_plans_before_the_visit_begins(self) -> None:
        day = clock.today()
        details: dict[str, Any] = {"text": "工作计划", "start": day, "end": day + timedelta(days=1)}
        for who in (self.others[0], self.seated(self.people)[0]):
            assert self.refused(sitevisit.plan, who, self.entry, error=NotPermitted, **details).refusals[0].code == "scope"
        wrong = "计划日期不正确：开始日期不得早于今日，结束日期不得早于开始日期"
        for start, end in ((day - timedelta(days=1), day), (day + timedelta(days=1), day)):
            assert self.why(sitevisit.plan, self.leader, self.entry, text="工作计划", start=start, end=end) == wrong
        assert self.why(sitevisit.plan, self.leader, self.entry, **details | {"text": " "}) == "请填写现场评审工作计划"
        visit = self.world.do(sitevisit.plan, self.leader, self.entry, **details).value
        assert payload("sitevisit.plan") == {"from": day.isoformat(), "until": (day + timedelta(days=1)).isoformat()}
        told = Notification.objects.get(title="现场评审安排")
        assert told.to == f"person:{self.entry.owner.code}"
        assert told.text == f"{self.entry.code}：{chinese_date(day)}至{chinese_date(day + timedelta(days=1))}"
        self.world.do(sitevisit.plan, self.leader, self.entry, **details | {"text": "调整后的计划"})
        assert Visit.objects.get().plan == "调整后的计划"
        self.world.do(sitevisit.step, self.leader, visit, code="opening", note="已召开")
        assert self.why(sitevisit.plan, self.leader, self.entry, **details) == "现场评审已经开始，计划不能再改"

    def test_a_leader_with_a_conflict_does_not_lead(self) -> None:
        visit, day = self.plan(self.entry), clock.today()
        conflict(self.entry, expert(self.leader))
        details = {"text": "工作计划", "start": day, "end": day}
        assert self.refused(sitevisit.plan, self.leader, self.entry, error=NotPermitted, **details).refusals[0].code == "scope"
        said = self.refused(sitevisit.step, self.leader, visit, error=NotPermitted, code="opening", note="已召开")
        assert said.refusals[0].code == "scope"

    def test_a_withdrawn_entry_is_not_visited(self) -> None:
        self.world.do(application.withdraw, self.world.owners[self.entry.code], self.entry, reason="另有安排")
        day = clock.today()
        assert self.why(sitevisit.plan, self.leader, self.entry, text="工作计划", start=day, end=day) == "该申报不在现场评审中"

    def test_the_steps_of_both_awards_in_their_order(self) -> None:
        titles = {s.code: s.title for s in self.world.pack.steps}
        for entry, order, foreign in ((self.entry, ORGANIZATION, "candidate_report"), (self.persons[0], INDIVIDUAL, "group_review")):
            visit, leader = self.plan(entry), self.seated(self.of(entry))[0]
            for number, code in enumerate(order):
                for early in order[number + 1 :]:
                    assert self.why(sitevisit.step, leader, visit, code=early, note="x") == f"请先完成“{titles[code]}”"
                for wrong in (*order[:number], foreign, "picnic"):
                    assert self.why(sitevisit.step, leader, visit, code=wrong, note="x") == "该步骤不在本次现场评审程序中或已经记录"
                assert self.why(sitevisit.step, leader, visit, code=code, note=" ") == "请填写该步骤的记录"
                visit.refresh_from_db()
                assert visit.ended_on is None
                self.world.do(sitevisit.step, leader, visit, code=code, note="已完成")
                assert payload("sitevisit.step") == {"step": code, "on": clock.today().isoformat()}
            visit.refresh_from_db()
            assert visit.ended_on == clock.today()
            assert list(visit.steps.order_by("pk").values_list("code", flat=True)) == order

    def test_no_step_before_the_planned_day_nor_by_anybody_else(self) -> None:
        visit = self.plan(self.entry, days=3)
        assert self.why(sitevisit.step, self.leader, visit, code="opening", note="已召开") == "尚未到计划的现场评审日期"
        clock.set_to(self.moment + timedelta(days=3))
        for who in (self.others[0], self.seated(self.people)[0]):
            assert self.refused(sitevisit.step, who, visit, error=NotPermitted, code="opening", note="x").refusals[0].code == "scope"
        self.world.do(sitevisit.step, self.leader, visit, code="opening", note="已召开")
        assert VisitStep.objects.get().on == visit.planned_from


@pytest.mark.duty("G3")
class TestScoring(Visiting):
    def test_own_sheets_stand_beside_the_consensus_which_alone_counts(self) -> None:
        good = even(self.entry, "50")
        assert self.why(sitevisit.submit_sheet, self.leader, self.entry, marks=good) == "现场评审尚未开始，不能评分"
        self.walk(self.entry, 1)
        first = Sheet.objects.filter(entry=self.entry, round="material")[0].expert.code
        assert self.refused(sitevisit.submit_sheet, first, self.entry, marks=good).refusals[0].code == "seat"
        self.world.do(sitevisit.submit_sheet, self.leader, self.entry, marks=good)
        assert self.refused(sitevisit.submit_sheet, self.leader, self.entry, marks=good).refusals[0].code == "locked"
        off = self.refused(sitevisit.submit_sheet, self.others[0], self.entry, marks=good | {"4.6": "51"})
        assert [(r.code, r.duty) for r in off.refusals] == [("mark.grid", "F2")]
        details: dict[str, Any] = {"entry": self.entry, "marks": even(self.entry, "65", i4_6="70"), "reason": "全组合议"}
        said = self.why(sitevisit.record_consensus, self.leader, self.panel, **details)
        assert said == f"专家 {'、'.join(self.others)} 尚未提交独立评分，合议须在独立评分之后进行"
        self.sheets(self.entry, "40", "60", "80")
        assert (
            self.refused(sitevisit.record_consensus, self.others[0], self.panel, error=NotPermitted, **details).refusals[0].code == "scope"
        )
        assert self.why(sitevisit.record_consensus, self.leader, self.panel, **details | {"entry": self.persons[0]}) == "该申报不由本组评审"
        assert self.why(sitevisit.record_consensus, self.leader, self.panel, **details | {"reason": ""}) == "请填写合议说明"
        self.agree(self.entry, "65", i4_6="70")
        assert payload("sitevisit.record_consensus")["marks"] == even(self.entry, "65", i4_6="70")
        kept = Sheet.objects.filter(entry=self.entry, round="site", voided_at=None)
        assert sorted(s.total for s in kept) == [400, 400, 500, 600, 800]
        visit = Visit.objects.get(entry=self.entry)
        for code in ORGANIZATION[1:]:
            self.world.do(sitevisit.step, self.leader, visit, code=code, note="已完成")
        self.report(self.entry)
        for entry in (*self.entries[1:], *self.persons):
            self.whole(entry)
        for one in (self.panel, self.people):
            self.world.do(sitevisit.hand_in, self.seated(one)[0], one, opinion="意见", evaluations=self.judged(one))
        self.world.do(sitevisit.score, "agency", self.cycle)
        row = Result.objects.get(entry=self.entry, round="site")
        points = {i.code: i.points for i in self.world.pack.scheme("organization", "organization").items}
        assert (row.total, row.method, row.passed) == (650 + points["4.6"] / 20, "consensus", None)
        assert sorted(row.sheets) == sorted(kept.values_list("digest", flat=True))

    def test_a_report_for_each_applicant_by_the_leader_after_the_sheets(self) -> None:
        self.walk(self.entry, 1)
        said = self.why(sitevisit.submit_report, self.leader, self.panel, entry=self.entry, **TEXTS)
        assert said.endswith("尚未提交独立评分，评审报告须在独立评分之后进行")
        self.sheets(self.entry, "50")
        assert (
            self.refused(sitevisit.submit_report, self.others[0], self.panel, error=NotPermitted, entry=self.entry, **TEXTS)
            .refusals[0]
            .code
            == "scope"
        )
        for name in TEXTS:
            said = self.why(sitevisit.submit_report, self.leader, self.panel, entry=self.entry, **TEXTS | {name: " "})
            assert said == "现场评审报告须写明主要优势、改进机会和评审结论"
        assert self.why(sitevisit.submit_report, self.leader, self.panel, entry=self.persons[0], **TEXTS) == "该申报不由本组评审"
        self.report(self.entry)
        assert Report.objects.get(entry=self.entry, round="site").panel == self.panel
        assert self.why(sitevisit.submit_report, self.leader, self.panel, entry=self.entry, **TEXTS) == "该申报的现场评审报告已提交"

    def test_what_is_missing_is_named_before_anything_is_computed(self) -> None:
        codes = [e.code for e in sorted((*self.entries, *self.persons), key=lambda e: e.code)]
        said = self.refused(sitevisit.score, "agency", self.cycle)
        assert [(r.text, r.duty) for r in said.refusals] == [(f"{c} 尚未编制现场评审工作计划", "G2") for c in codes]
        for entry in (*self.entries[1:], *self.persons):
            self.whole(entry)
        self.walk(self.entry, 6)
        said = self.refused(sitevisit.score, "agency", self.cycle)
        assert [r.code for r in said.refusals if r.text.startswith(self.entry.code)] == ["steps", "sheet", "consensus", "report"]
        assert {r.code for r in said.refusals if not r.text.startswith(self.entry.code)} == {"papers"}
        assert self.refused(sitevisit.score, other_agency(), self.cycle, error=NotPermitted).refusals[0].code == "scope"
        assert Result.objects.filter(round="site").count() == 0

    @pytest.mark.duty("K7")
    def test_a_conflict_found_late_voids_one_sheet_and_the_panel_agrees_anew(self) -> None:
        self.all_visits()
        self.world.do(sitevisit.score, "agency", self.cycle)
        out = expert(self.others[0])
        conflict(self.entry, out, "found")
        said = self.refused(sitevisit.score, "agency", self.cycle)
        assert [(r.code, r.duty) for r in said.refusals] == [("void", "K7")]
        sheet = Sheet.objects.get(entry=self.entry, expert=out, round="site")
        self.world.do(review.void_sheet, "office", sheet, reason="应当回避")
        assert "results" not in payload("review.void_sheet")
        new = self.world.do(panel.replace, "agency", self.panel, out=out, reason="应当回避").value.code
        assert [missing_sheets(self.panel, e, "site") for e in self.entries] == [[new], [], [], []]
        self.world.do(sitevisit.submit_sheet, new, self.entry, marks=even(self.entry, "50"))
        said = self.refused(sitevisit.score, "agency", self.cycle)
        assert [r.text for r in said.refusals] == [f"{self.entry.code} 合议之后评分表有变化，须重新合议"]
        self.agree(self.entry, "50")
        assert self.why(sitevisit.hand_over, "agency", self.cycle, summary="汇总").startswith(
            f"{self.entry.code} 等 1 项汇总之后评分有变化"
        )
        self.world.do(sitevisit.score, "agency", self.cycle)
        rows = Result.objects.filter(entry=self.entry, round="site").order_by("version")
        assert [(r.version, r.total) for r in rows] == [(1, 600), (2, 500)]
        assert Consensus.objects.filter(entry=self.entry, round="site").count() == 2


@pytest.mark.duty("G4")
class TestPapers(Visiting):
    def hand_in(self, **changes: Any) -> dict[str, Any]:
        return {"opinion": "现场评审意见", "evaluations": self.judged(self.panel)} | changes

    def test_all_five_papers_or_none(self) -> None:
        for number, entry in enumerate(self.entries[:3]):
            self.whole(entry, ("60", "70", "60")[number])
        last = self.entries[3]
        self.walk(last, 6)
        assert self.why(sitevisit.hand_in, self.leader, self.panel, **self.hand_in()) == f"{last.code} 现场评审尚未结束"
        self.world.do(sitevisit.step, self.leader, last.visit, code="closing", note="已召开")
        lacks = f"{last.code} 尚无合议评分或现场评审报告"
        assert self.why(sitevisit.hand_in, self.leader, self.panel, **self.hand_in()) == lacks
        self.sheets(last, "55")
        self.report(last)
        assert self.why(sitevisit.hand_in, self.leader, self.panel, **self.hand_in()) == lacks
        self.agree(last, "55")
        Report.objects.filter(entry=last, round="site").delete()
        assert self.why(sitevisit.hand_in, self.leader, self.panel, **self.hand_in()) == lacks
        self.report(last)
        needs, good = "请填写现场评审意见，并对本组每名专家作出评价", self.judged(self.panel)
        for changes in (
            {"opinion": " "},
            {"evaluations": []},
            {"evaluations": good[:-1]},
            {"evaluations": [*good, good[0]]},
            {"evaluations": [*good[:-1], good[0]]},
            {"evaluations": [*good[:-1], {"expert": self.seated(self.people)[0], "rating": "good"}]},
            {"evaluations": [*good[:-1], {"rating": "good"}]},
        ):
            assert self.why(sitevisit.hand_in, self.leader, self.panel, **self.hand_in(**changes)) == needs
        for wrong in ("best", ""):
            said = self.why(
                sitevisit.hand_in, self.leader, self.panel, **self.hand_in(evaluations=[*good[:-1], good[-1] | {"rating": wrong}])
            )
            assert said == "专家评价应为优秀、称职、不称职之一"
        assert self.refused(sitevisit.hand_in, self.others[0], self.panel, error=NotPermitted, **self.hand_in()).refusals[0].code == "scope"
        assert Papers.objects.count() == 0
        self.world.do(sitevisit.hand_in, self.leader, self.panel, **self.hand_in())
        papers = Papers.objects.get()
        a, b, c, d = (e.code for e in self.entries)
        assert [(r["entry"], Fraction(r["total"])) for r in papers.ranking] == [(b, 700), (a, 600), (c, 600), (d, 550)]
        assert payload("sitevisit.hand_in")["ranking"] == papers.ranking
        assert [r["entry"] for r in papers.record] == [e.code for e in self.entries for _ in range(5)]
        assert {r["expert"] for r in papers.record} == {self.leader, *self.others}
        digests = set(Sheet.objects.filter(panel=self.panel).values_list("digest", flat=True))
        assert {r["digest"] for r in papers.record} == digests
        assert ExpertEvaluation.objects.filter(papers=papers, rating="good").count() == 5
        assert papers.opinion == "现场评审意见"
        assert self.why(sitevisit.hand_in, self.leader, self.panel, **self.hand_in()) == "本组材料已经提交"


@pytest.mark.duty("G5")
class TestHandOver(Visiting):
    """The last closing meeting is on Friday 27 September 2024; ten working days end on 16 October: 1 to 7 are days off, 29 September and 12 October are worked."""

    def setUp(self) -> None:
        super().setUp()
        self.world.today(date(2024, 9, 26))
        for entry in (*self.entries, *self.persons[:-1]):
            self.whole(entry)
        self.world.today(date(2024, 9, 27))
        self.whole(self.persons[-1])
        for one in (self.panel, self.people):
            self.world.do(sitevisit.hand_in, self.seated(one)[0], one, opinion="意见", evaluations=self.judged(one))

    def over(self) -> Handover:
        self.world.do(sitevisit.hand_over, "agency", self.cycle, summary="汇总情况")
        return Handover.objects.get(round="site")

    def test_the_tenth_day_is_in_time(self) -> None:
        self.world.do(sitevisit.score, "agency", self.cycle)
        clock.set_to(clock.at(date(2024, 10, 16), 23, 59))
        row = self.over()
        assert (row.due_on, row.overdue) == (date(2024, 10, 16), False)
        told = payload("sitevisit.hand_over")
        assert (told["last_visit"], told["due"], told["overdue"]) == ("2024-09-27", "2024-10-16", False)
        assert told["visited"] == sorted(e.code for e in (*self.entries, *self.persons))
        assert {e.status for e in Entry.objects.filter(code__in=told["visited"])} == {"visited"}

    def test_the_eleventh_is_flagged_and_taken_in(self) -> None:
        self.world.do(sitevisit.score, "agency", self.cycle)
        clock.set_to(clock.at(date(2024, 10, 17), 0, 0))
        row = self.over()
        assert (row.due_on, row.overdue) == (date(2024, 10, 16), True)
        assert payload("sitevisit.hand_over")["overdue"] is True

    def test_scored_with_a_summary_once_by_the_commissioned(self) -> None:
        waits = "尚有现场评审未结束或未汇总得分，不能提交汇总"
        assert self.why(sitevisit.hand_over, "agency", self.cycle, summary="汇总") == waits
        self.world.do(sitevisit.score, "agency", self.cycle)
        assert self.why(sitevisit.hand_over, "agency", self.cycle, summary=" ") == "请填写现场评审汇总情况"
        stranger = other_agency()
        assert self.refused(sitevisit.hand_over, stranger, self.cycle, error=NotPermitted, summary="汇总").refusals[0].code == "scope"
        said = self.refused(services.advance, "office", fresh(self.cycle))
        assert [(r.text, r.duty) for r in said.refusals] == [("相关机构尚未提交现场评审汇总", "G5")]
        assert self.over().summary == "汇总情况"
        assert Notification.objects.filter(to="role:office", title="收到现场评审汇总").count() == 1
        assert self.why(sitevisit.hand_over, "agency", self.cycle, summary="汇总") == "现场评审汇总已经提交"
        self.world.do(services.advance, "office", fresh(self.cycle))
        assert fresh(self.cycle).stage == Stage.NOMINATION.value

    def test_a_term_beyond_the_known_calendar_is_refused_not_guessed(self) -> None:
        self.world.do(sitevisit.score, "agency", self.cycle)
        CalendarYear.objects.filter(year__gte=2025).delete()
        Visit.objects.update(ended_on=date(2024, 12, 25))
        clock.set_to(clock.at(date(2024, 12, 26)))
        assert self.refused(sitevisit.hand_over, "agency", self.cycle, summary="汇总").refusals[0].code == "calendar.unknown"
        assert not Handover.objects.filter(round="site").exists()
