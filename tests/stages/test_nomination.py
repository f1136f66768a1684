"""The nomination: bonus checked by staff, exact finals, candidates within the quota, the report (H1–H3; Q8–Q10, Q22, Q23)."""

import json
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.stages.finalists import Scores, at_nomination, claim, last, visited
from tests.stages.playing import Played
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, NotPermitted
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import reference
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.people.models import Person, RoleGrant
from zhiheng.process.gates import unfinished
from zhiheng.process.register import commendation, nomination, panel, supervision
from zhiheng.rules.lifecycle import Role
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import BonusClaim, Entry
from zhiheng.stages.nomination import selectors
from zhiheng.stages.nomination.models import CandidateList, Final
from zhiheng.stages.panel.models import Draw, Expert, Panel, Seat
from zhiheng.stages.qualification.models import Commission
from zhiheng.stages.review.models import Handover, Result
from zhiheng.stages.survey.models import Poll

ORG, PERSON = "organization", "individual"


class Nominating(Played):
    """A cycle at the nomination; each test brings its own entries."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = at_nomination()
        Commission.objects.create(cycle=cycle, agency=world.people["agency"].unit, terms="评审", commissioned_at=clock.now())
        return world, cycle

    def org(self, material: str = "600", site: str = "600", **more: Any) -> Entry:
        return visited(self.world, self.cycle, ORG, Scores(material, site, **more))

    def person(self, material: str = "70", site: str = "75", survey: str | None = "16", **more: Any) -> Entry:
        return visited(self.world, self.cycle, PERSON, Scores(material, site, survey, **more))

    def check(self, row: BonusClaim, *, verified: bool = True, who: str = "office") -> None:
        self.world.do(nomination.check_bonus, who, row, verified=verified, note="已核对原件")

    def compute(self) -> dict[str, Final]:
        self.world.do(nomination.compute_finals, "office", self.cycle)
        return {row.entry.code: row for row in selectors.finals(self.cycle).values()}

    def settle(self, **details: Any) -> CandidateList:
        found: CandidateList = self.world.do(nomination.settle_candidates, "office", self.cycle, **details).value
        return found


@pytest.mark.duty("H1", "H2")
class TestBonus(Nominating):
    def test_staff_verify_and_the_journal_keeps_what_they_found(self) -> None:
        row = claim(self.org(), "luban", granted_on=date(2023, 5, 1))
        for who, verified in (("office", False), ("agency", True)):
            self.check(row, verified=verified, who=who)
            row.refresh_from_db()
            assert (row.verified, row.note) == (verified, "已核对原件")
            entry = last("nomination.check_bonus")
            assert (entry.subject, entry.role) == (f"entry:{row.entry.code}", who)
            assert json.loads(entry.body)["payload"] == {"kind": "luban", "verified": verified, "note": "已核对原件"}

    def test_experts_cannot_verify(self) -> None:
        row = claim(self.org(), "luban", granted_on=date(2023, 5, 1))
        expert = Person.objects.create(name="专家")
        RoleGrant.objects.create(person=expert, role=Role.EXPERT.value, granted_at=clock.now())
        decision = self.refused(nomination.check_bonus, Acting(Role.EXPERT, expert), row, error=NotPermitted, verified=True, note="x")
        assert decision.text() == "您当前的身份不能办理“核实加分事由”（《细则》四（六））"

    def test_neither_does_an_expert_of_the_entry_who_also_works_for_the_office(self) -> None:
        entry, other, office = self.org(), self.org(), self.world.people["office2"]
        assert office.person is not None
        expert = Expert.objects.create(code="ZJ9999", person=office.person, employer="某院", status="active")
        draw = Draw.objects.create(cycle=self.cycle, round="material", frozen={}, pool_digest="", frozen_at=clock.now())
        group = Panel.objects.create(code="M-1", cycle=self.cycle, round="material", award=ORG, category=ORG, draw=draw)
        group.entries.add(entry)
        Seat.objects.create(panel=group, expert=expert)
        row = claim(entry, "luban", granted_on=date(2023, 5, 1))
        decision = self.refused(nomination.check_bonus, "office2", row, verified=True, note="属实")
        text = "您与该申报有利害关系或参加其评审，不得核实其加分事由，请由其他工作人员办理（《细则》七（七））"
        assert (decision.text(), decision.refusals[0].duty) == (text, "K7")
        self.check(claim(other, "luban", granted_on=date(2023, 5, 1)), who="office2")

    @pytest.mark.duty("K7")
    def test_nor_staff_with_a_standing_conflict(self) -> None:
        entry, office = self.org(), self.world.people["office2"]
        row = claim(entry, "luban", granted_on=date(2023, 5, 1))
        self.world.do(panel.declare_conflict, "office2", entry, person=office.person, kind="kin", grounds="亲属任职")
        assert self.refused(nomination.check_bonus, "office2", row, verified=True, note="属实").refusals[0].duty == "K7"
        self.check(row, who="office")

    def test_only_the_commissioned_agency(self) -> None:
        Commission.objects.all().delete()
        row = claim(self.org(), "luban", granted_on=date(2023, 5, 1))
        decision = self.refused(nomination.check_bonus, "agency", row, error=NotPermitted, verified=True, note="属实")
        assert decision.refusals[0].code == "scope"

    def test_what_is_not_evidenced_is_not_verified(self) -> None:
        entry = self.org()
        bare, gone = claim(entry, "luban", evidenced=False), claim(entry, "dayu")
        assert gone.evidence is not None
        gone.evidence.removed_at = clock.now()
        gone.evidence.save()
        for row in (bare, gone):
            decision = self.refused(nomination.check_bonus, "office", row, verified=True, note="属实")
            assert decision.text() == "该加分事由没有证明材料，不能核实为成立（《细则》四（六））"
            self.check(row, verified=False)

    def test_a_note_is_needed_and_computed_finals_settle_it(self) -> None:
        row = claim(self.org(), "luban", granted_on=date(2023, 5, 1))
        assert self.refused(nomination.check_bonus, "office", row, verified=True, note=" ").text() == "请填写核实依据（《细则》四（六））"
        self.check(row)
        self.compute()
        text = "最终得分已经汇总，核实结论不再变更（《细则》四（六））"
        assert self.refused(nomination.check_bonus, "office", row, verified=False, note="不属实").text() == text

    @pytest.mark.duty("H1")
    def test_once_for_all_grounds_and_only_within_the_years(self) -> None:
        """The reference date is that of the deadline, 2024-04-28 (Q10): five years before it counts, one day more does not."""
        assert reference(self.cycle) == date(2024, 4, 28)
        grounds: list[tuple[list[tuple[str, dict[str, date]]], int]] = [
            ([("luban", {"granted_on": date(2019, 4, 28)})], 10),
            ([("luban", {"granted_on": date(2019, 4, 27)})], 0),
            ([("high_tech", {"valid_until": date(2024, 4, 28)})], 10),
            ([("high_tech", {"valid_until": date(2024, 4, 27)})], 0),
            ([("luban", {"granted_on": date(2023, 1, 1)}), ("dayu", {"granted_on": date(2022, 1, 1)})], 10),
            ([], 0),
        ]
        wanted = {}
        for rows, points in grounds:
            entry = self.org()
            wanted[entry.code] = Fraction(points)
            for kind, dates in rows:
                self.check(claim(entry, kind, **dates))
        refuted = self.org()
        self.check(claim(refuted, "luban", granted_on=date(2023, 1, 1)), verified=False)
        wanted[refuted.code] = Fraction(0)
        assert {code: row.bonus for code, row in self.compute().items()} == wanted

    def test_what_nobody_examined_holds_the_finals(self) -> None:
        entry = self.org()
        self.org()
        claim(entry, "luban", granted_on=date(2023, 5, 1))
        decision = self.refused(nomination.compute_finals, "office", self.cycle)
        assert decision.text() == f"{entry.code} 的加分事由尚未核实（《细则》四（六）1）"
        assert not Final.objects.exists()

    def test_a_ground_that_the_award_does_not_know_is_refused(self) -> None:
        self.check(claim(self.org(), "noble_birth"))
        assert "不是组织奖规定的加分情形" in self.refused(nomination.compute_finals, "office", self.cycle).text()


@pytest.mark.duty("H1", "H2")
class TestFinals(Nominating):
    def test_exact_with_their_parts(self) -> None:
        one = self.org("499.75", "571.25")
        two = self.person("70", "62.86", "20")
        three = self.person("70", "75", "12.5")
        self.check(claim(three, "provincial_commendation", granted_on=date(2020, 5, 1)))
        found = self.compute()
        parts = {code: (f.material, f.site, f.survey, f.bonus, f.total, f.version) for code, f in found.items()}
        assert parts == {
            one.code: (Fraction("499.75"), Fraction("571.25"), None, 0, Fraction("549.8"), 1),
            two.code: (70, Fraction("62.86"), 20, 0, Fraction("85.002"), 1),
            three.code: (70, 75, Fraction("12.5"), 2, Fraction(88), 1),
        }
        listed = json.loads(last("nomination.compute_finals").body)["payload"]["finals"]
        assert listed[0] == {"entry": two.code, "version": 1, "bonus": "0", "total": "42501/500"}
        assert [row["entry"] for row in listed] == [two.code, three.code, one.code]

    def test_computed_again_is_a_new_version_beside_the_old(self) -> None:
        entry = self.org()
        self.compute()
        assert self.compute()[entry.code].version == 2
        assert list(Final.objects.order_by("version").values_list("version", "total")) == [(1, Fraction(600)), (2, Fraction(600))]

    def test_a_missing_part_refuses_everything(self) -> None:
        self.org()
        person = self.person(survey=None)
        decision = self.refused(nomination.compute_finals, "office", self.cycle)
        text = f"{person.code} 尚无公众满意度测评得分，不能计算最终得分，请先完成公众满意度测评（《细则》四（六）2）"
        assert (decision.text(), Final.objects.count()) == (text, 0)
        Poll.objects.update(score=Fraction(0))
        assert self.compute()[person.code].survey == 0

    def test_only_after_the_site_visits_were_handed_over(self) -> None:
        self.org()
        Handover.objects.all().delete()
        decision = self.refused(nomination.compute_finals, "office", self.cycle)
        assert decision.text() == "相关机构尚未提交现场评审汇总（《细则》四（五）4）"

    def test_nobody_to_compute(self) -> None:
        decision = self.refused(nomination.compute_finals, "office", self.cycle)
        assert decision.text() == "没有需要汇总最终得分的申报（《细则》四（六））"
        assert unfinished(self.cycle) == []


@pytest.mark.duty("H3")
class TestCandidates(Nominating):
    def test_the_thresholds_are_exact(self) -> None:
        """550 and 85, bonus counted (Q8): M 540 S 540 +10 = 550 is in, 549.875 is out; 85.002 in, 84.995 out, 85 in."""
        bonus, below, above = self.org("540", "540"), self.org("500", "571.25"), self.org("500", "571.5")
        self.check(claim(bonus, "luban", granted_on=date(2023, 5, 1)))
        in_, out, exact = self.person("70", "62.86", "20"), self.person("70", "62.85", "20"), self.person("70", "70", "15")
        self.compute()
        row = self.settle()
        assert row.chosen == [above.code, bonus.code, in_.code, exact.code]
        assert {r["entry"]: r["total"] for r in row.ranked if r["entry"] not in row.chosen} == {below.code: "4399/8", out.code: "16999/200"}
        assert [(r["entry"], r["place"]) for r in row.ranked if r["award"] == ORG] == [(above.code, 1), (bonus.code, 2), (below.code, 3)]

    def test_ten_places_each_and_the_lowest_left_out(self) -> None:
        orgs = [self.org("600", str(600 + n)) for n in range(12)]
        persons = [self.person("70", f"{70 + n / 2}", "16") for n in range(11)]
        self.compute()
        row = self.settle()
        assert row.chosen == [e.code for e in [*orgs[:1:-1], *persons[:0:-1]]]
        assert Notification.objects.filter(title="授奖候选名单提请审议").count() == 0

    def test_places_stay_empty(self) -> None:
        entry = self.org()
        self.org("500", "500")
        self.compute()
        decision = self.world.do(nomination.settle_candidates, "office", self.cycle).decision
        texts = [r.text for r in decision.reasons if r.code == "candidate.vacancy"]
        assert texts[0] == "组织奖候选名额10个，列入1个，空缺9个，不降低标准递补"
        assert CandidateList.objects.get().chosen == [entry.code]

    def tied_at_tenth(self, **second: Any) -> list[Entry]:
        found = [self.org("600", str(700 + n)) for n in range(9)] + [self.org(section="200"), self.org(**{"section": "200", **second})]
        self.compute()
        return found

    def test_a_tie_at_the_tenth_place_is_left_out_then_decided_on_record(self) -> None:
        *first, a, b = self.tied_at_tenth()
        one = self.settle()
        assert (len(one.chosen), set(one.chosen)) == (9, {e.code for e in first})
        assert json.loads(last("nomination.settle_candidates").body)["payload"]["tied"] == [a.code, b.code]
        again = {"office_order": [b.code]}
        text = "对并列者裁定先后须写明理由（《细则》四（六）3）"
        assert self.refused(nomination.settle_candidates, "office", self.cycle, **again).text() == text
        two = self.settle(**again, reason="成果推广面更广")
        assert (two.version, two.chosen[-1], len(two.chosen)) == (2, b.code, 10)
        assert (two.office_order, two.office_reason) == ([b.code], "成果推广面更广")
        kept = CandidateList.objects.get(version=1)
        assert (kept.chosen, kept.office_order) == (one.chosen, [])
        assert selectors.candidates(self.cycle) == two

    def test_the_office_decides_only_among_those_tied(self) -> None:
        *first, a, _ = self.tied_at_tenth()
        for code in (first[0].code, "2024-Z-9999"):
            details = {"office_order": [a.code, code], "reason": "研究确定"}
            decision = self.refused(nomination.settle_candidates, "office", self.cycle, **details)
            assert decision.text() == f"{code} 不在末位并列者之中，不能裁定先后（《细则》四（六）3）"

    def test_a_tie_breaker_leaves_nothing_to_decide(self) -> None:
        *_, a, b = self.tied_at_tenth(section="201")
        assert self.settle().chosen[-1] == b.code
        details = {"office_order": [a.code], "reason": "研究确定"}
        assert self.refused(nomination.settle_candidates, "office", self.cycle, **details).text().startswith(f"{a.code} 不在末位并列者之中")

    def test_settled_again_only_with_a_reason(self) -> None:
        self.org()
        self.compute()
        self.settle()
        decision = self.refused(nomination.settle_candidates, "office", self.cycle)
        assert decision.text() == "候选名单已经确定，重新确定须写明理由，原名单留存（《细则》四（六）3）"

    def test_not_before_all_finals_are_there(self) -> None:
        self.org()
        self.compute()
        self.org()
        assert self.refused(nomination.settle_candidates, "office", self.cycle).text() == "尚未汇总最终得分（《细则》四（六））"

    def test_who_no_longer_meets_the_conditions_is_left_out_with_the_reason(self) -> None:
        """A ban laid since the deadline, and a listing disclosed since; nobody's place is lost by it (Q10, Q29)."""
        banned, listed, good = self.org("700", "700"), self.org("690", "690"), self.org()
        self.world.do(supervision.find_false, "office", banned, text="业绩数据虚假")
        listed.form = {**listed.form, "abnormal_listed": True}
        listed.save()
        self.compute()
        row = self.settle()
        assert (row.chosen, [r["entry"] for r in row.ranked]) == ([good.code], [good.code])
        assert set(row.left_out) == {banned.code, listed.code}
        assert row.left_out[banned.code].startswith("因业绩数据虚假，自2024年")
        assert "经营异常名录" in row.left_out[listed.code]
        assert json.loads(last("nomination.settle_candidates").body)["payload"]["no_longer_eligible"] == row.left_out

    @pytest.mark.duty("F3", "K7")
    def test_whose_material_score_fell_below_the_threshold_is_left_out(self) -> None:
        """A sheet voided during the site visits: the score computed anew stands beside the old, and the place is not kept (Q18)."""
        fallen, good = self.org("600", "900"), self.org("500", "600")
        first = Result.objects.get(entry=fallen, round="material")
        Result.objects.create(
            entry=fallen, round="material", version=2, marks=first.marks, sections=first.sections, total=Fraction(49975, 100),
            sheets=[], method="mean", passed=False, computed_at=clock.now(),
        )  # fmt: skip
        self.compute()
        row = self.settle()
        assert row.chosen == [good.code]
        assert row.left_out == {fallen.code: f"{fallen.code} 的材料评审得分在评分表作废后重新计算为499.75分，未达到进入现场评审的分数"}

    def test_the_report_moves_the_entries(self) -> None:
        chosen, below, banned = self.org(), self.org("500", "500"), self.org()
        self.world.do(supervision.find_false, "office", banned, text="业绩数据虚假")
        submit = nomination.submit_report
        text = "没有待提请审议的授奖候选名单（《细则》四（六）3）"
        assert self.refused(submit, "office", self.cycle, report="报告").text() == text
        self.compute()
        self.settle()
        assert self.refused(submit, "office", self.cycle, report=" ").text() == "请填写综合评审工作报告（《细则》四（六）3）"
        assert [r.text for r in unfinished(self.cycle)] == ["授奖候选名单尚未提请省质评委审议"]
        self.world.do(submit, "office", self.cycle, report="综合评审工作报告")
        assert dict(self.cycle.entries.values_list("code", "status")) == {
            chosen.code: "nominated",
            below.code: "not_nominated",
            banned.code: "not_nominated",
        }
        row = CandidateList.objects.get()
        assert (row.report, row.submitted_at) == ("综合评审工作报告", clock.now())
        assert Notification.objects.get(title="授奖候选名单提请审议").to == "role:chair"
        assert unfinished(self.cycle) == []
        assert self.refused(submit, "office", self.cycle, report="报告").text() == text
        assert (
            self.refused(nomination.settle_candidates, "office", self.cycle, reason="重定").text() == "尚未汇总最终得分（《细则》四（六））"
        )

    def test_only_the_office_and_only_now(self) -> None:
        self.org()
        for spec, details in (
            (nomination.compute_finals, {}),
            (nomination.settle_candidates, {}),
            (nomination.submit_report, {"report": "报告"}),
        ):
            assert self.refused(spec, "agency", self.cycle, error=NotPermitted, **details).refusals[0].code == "role"
        clock.set_to(clock.now() + timedelta(days=1))
        decision = self.refused(commendation.publish, "office", self.cycle, error=NotPermitted)
        assert decision.text() == "“公示授奖建议名单”须在授奖公示阶段办理，当前为综合提名阶段（《细则》四（八）1）"
