"""The agenda from the shortlist to the revoked award (F4–F6, H1–H3, I1, I2, J1–J4, K2, K3, K5)."""

from datetime import timedelta
from typing import Any

import pytest

from tests.process.agenda.asked import Asking, waits
from tests.process.agenda.driving import letter
from tests.process.agenda.test_call_and_application import somebody
from tests.stages.finalists import Scores, at_nomination, awarded, claim, confirmed, nominated, proposed, seated, visited
from tests.stages.playing import PUBLIC, Played
from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.agenda import next_of, pending, waiting
from zhiheng.process.register import commendation, committee, nomination, publicity, shortlist, supervision, survey
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import Entry
from zhiheng.stages.committee.models import Meeting
from zhiheng.stages.panel.models import Conflict
from zhiheng.stages.survey.models import Poll

WAITING = "(cycle.advance)"


class Finalists(Asking, Played):
    """Two organizations after their visits, five members who are not appointed yet."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = at_nomination(5)
        for site in ("640", "600"):
            visited(world, cycle, "organization", Scores("600", site))
        return world, cycle

    @property
    def entries(self) -> list[Entry]:
        return list(Entry.objects.select_related("cycle").order_by("code"))

    def do(self, act: Any, who: Any, subject: Any = None, **details: Any) -> Any:
        clock.set_to(clock.now() + timedelta(seconds=1))
        return self.world.do(act, who, subject, **details).value


@pytest.mark.duty("F4", "F5", "F6")
class TestShortlist(Finalists):
    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = super().play()
        visited(world, cycle, "individual", Scores("70", "75", None))
        Poll.objects.all().delete()
        Entry.objects.update(status="reviewed")
        Cycle.objects.update(stage="shortlist")
        cycle.refresh_from_db()
        return world, cycle

    def test_step_by_step(self) -> None:
        authority = somebody(Role.COMMENDATION_AUTHORITY)
        first = ["shortlist.authority_opinion"]
        assert (self.acts("office"), self.acts(authority), self.acts("chair")) == ([*first, WAITING], first, [])
        self.do(shortlist.authority_opinion, authority, self.cycle)
        then = ["shortlist.approve"]
        assert (self.acts("office"), self.acts(authority), self.acts("chair")) == ([*then, WAITING], [], then)
        self.do(shortlist.approve, "chair", self.cycle)
        assert (self.acts("office"), self.acts("chair")) == (["shortlist.publish", WAITING], [])
        notice = self.do(shortlist.publish, "office", self.cycle)
        assert sorted(self.acts("office")) == ["(cycle.advance)", "(publicity.close)", "survey.open"]
        one = self.one("office", "survey.open")
        assert (one.what, one.until) == ("1 名申报个人", notice.ends_on)
        self.do(survey.open_polls, "office", self.cycle)
        assert sorted(self.acts("office")) == ["(cycle.advance)", "(publicity.close)", "(survey.close)"]
        assert self.one("office", "survey.close").blocked.startswith("测评期至")
        self.world.outlast(notice)
        assert sorted(self.acts("office")) == ["(cycle.advance)", "publicity.close", "survey.close"]
        self.do(publicity.close, "office", notice)
        self.do(survey.close, "office", self.cycle)
        assert sorted(self.acts("office")) == ["(cycle.advance)", "shortlist.settle", "survey.decide_few"]
        self.do(shortlist.settle, "office", self.cycle)
        assert sorted(self.acts("office")) == ["(cycle.advance)", "shortlist.notify", "survey.decide_few"]
        poll = self.one("office", "survey.decide_few").subject
        self.do(survey.decide_few, "office", poll, points="15", reason="研究确定")
        self.do(shortlist.notify, "office", self.cycle)
        assert self.acts("office") == ["cycle.advance"]

    def test_a_survey_forgotten_is_overdue_and_runs_on_its_own(self) -> None:
        self.do(shortlist.authority_opinion, "office", self.cycle, **letter("主管部门"))
        self.do(shortlist.approve, "chair", self.cycle)
        self.world.outlast(self.do(shortlist.publish, "office", self.cycle))
        one = self.one("office", "survey.open")
        assert (one.blocked, one.overdue) == ("", True)
        polls = self.do(survey.open_polls, "office", self.cycle)
        last = clock.local(polls[0].closes_at).date() - timedelta(days=1)
        one = self.one("office", "survey.close")
        assert (one.until, one.blocked) == (last, f"测评期至{chinese_date(last)}24时届满")


@pytest.mark.duty("H1", "H2", "H3")
class TestNomination(Finalists):
    def test_step_by_step(self) -> None:
        row = claim(self.entries[0], "luban")
        appoint = ["committee.appoint"]
        assert self.acts("office") == ["nomination.check_bonus", *appoint, "(nomination.compute_finals)", WAITING]
        assert self.one("office", "nomination.compute_finals").blocked == "尚有 1 项加分事由未核实"
        assert self.one("office", "nomination.check_bonus").subject == row
        self.do(nomination.check_bonus, "office", row, verified=False, note="不成立")
        assert self.acts("office") == ["nomination.compute_finals", *appoint, WAITING]
        self.do(nomination.compute_finals, "office", self.cycle)
        assert self.acts("office") == ["nomination.settle_candidates", *appoint, WAITING]
        self.do(nomination.settle_candidates, "office", self.cycle)
        assert self.acts("office") == ["nomination.submit_report", *appoint, WAITING]
        self.do(nomination.submit_report, "office", self.cycle, report="报告")
        assert self.acts("office") == [*appoint, "cycle.advance"]

    def test_who_has_an_interest_leaves_the_claim_to_others(self) -> None:
        row = claim(self.entries[0], "luban")
        person = self.world.people["office"].person
        Conflict.objects.create(entry=row.entry, person=person, kind="declared", grounds="", status="standing", found_at=clock.now())
        assert "nomination.check_bonus" not in self.acts("office")
        assert "nomination.check_bonus" in self.acts("office2")


@pytest.mark.duty("I1", "I2")
class TestCommittee(Finalists):
    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = super().play()
        nominated(world, cycle)
        return world, cycle

    def convened(self) -> Meeting:
        seated(self.world, self.cycle)
        meeting: Meeting = self.do(committee.convene, "chair", self.cycle)
        return meeting

    def test_members_meeting_quorum_ballots_resolution(self) -> None:
        assert self.acts("office") == ["committee.appoint", WAITING]
        assert self.one("office", "committee.appoint").what.endswith("已登记 0 名，尚未确定主任，尚有 5 名未登记")
        assert self.acts("chair") == ["(committee.convene)"]
        meeting = self.convened()
        assert self.acts("office") == [WAITING]
        assert self.acts("member2") == ["committee.sign_in"]
        opening = self.one("chair", "committee.open_ballot")
        assert opening.blocked == "委员总数5人，出席0人，未达到法定人数4人，不得表决，请待出席人数达到后再开始（《细则》四（七）1）"
        for name in ("chair", "member2", "member3", "member4"):
            self.do(committee.sign_in, name, meeting)
        assert self.acts("member2") == []
        assert self.acts("member5") == ["committee.sign_in"]
        first, second = self.entries
        opening = self.one("chair", "committee.open_ballot")
        assert (opening.details, opening.blocked) == ({"entry": first}, "")
        motion = self.do(committee.open_ballot, "chair", meeting, entry=first)
        assert self.acts("member2") == ["committee.cast"]
        assert self.acts("member5") == ["committee.sign_in"]  # who comes late has no vote on this one
        assert self.acts("chair") == ["committee.cast", "committee.close_ballot"]
        assert self.one("chair", "committee.close_ballot").what.endswith("（尚有 4 名委员未投票）")
        self.do(committee.cast, "member2", motion, choice="no")
        assert self.acts("member2") == []
        for name in ("chair", "member3", "member4"):
            self.do(committee.cast, name, motion, choice="yes")
        assert self.one("chair", "committee.close_ballot").what.endswith("（委员均已投票）")
        self.do(committee.close_ballot, "chair", motion)
        assert self.one("chair", "committee.open_ballot").details == {"entry": second}
        motion = self.do(committee.open_ballot, "chair", meeting, entry=second)
        self.do(committee.close_ballot, "chair", motion)
        assert self.acts("chair") == ["committee.resolve"]
        self.do(committee.resolve, "chair", meeting, minutes="纪要")
        assert (self.acts("chair"), self.acts("office")) == ([], ["cycle.advance"])

    def test_who_is_recused_is_not_asked_to_vote(self) -> None:
        meeting = self.convened()
        for number in range(1, 6):
            self.do(committee.sign_in, f"member{number}", meeting)
        entry = self.entries[0]
        Conflict.objects.create(
            entry=entry, person=self.world.people["member3"].person, kind="kin", grounds="", status="standing", found_at=clock.now()
        )
        motion = self.do(committee.open_ballot, "chair", meeting, entry=entry)
        assert self.acts("member3") == []
        Conflict.objects.create(  # found since the ballot was opened
            entry=entry, person=self.world.people["member4"].person, kind="kin", grounds="", status="standing", found_at=clock.now()
        )
        assert self.acts("member4") == []
        assert self.acts("member2") == ["committee.cast"]
        assert motion.recused == [3]

    def test_nobody_reads_who_voted_or_how(self) -> None:
        """What others are told is the same before and after a vote, and after a no as after a yes (T13)."""
        meeting = self.convened()
        for number in range(1, 6):
            self.do(committee.sign_in, f"member{number}", meeting)
        entry = self.entries[0]
        motion = self.do(committee.open_ballot, "chair", meeting, entry=entry)
        readers = [self.world.people[name] for name in ("member2", "member3", "inspector", "sjz")] + [self.world.owners[entry.code]]

        def read() -> list[str]:
            found = [repr([(t.act, t.title, t.what, t.blocked, t.count) for t in pending(entry)])]
            found += [repr([(t.act, t.what, t.blocked) for t in next_of(r, entry) if not t.mine]) for r in readers[:2]]
            return [*found, repr([(t.act, t.what, t.blocked) for t in next_of(readers[4], entry)])]

        before = read()
        self.do(committee.cast, "member4", motion, choice="no")
        self.do(committee.cast, "member5", motion, choice="yes")
        assert read() == before

    def test_a_meeting_without_quorum_is_adjourned_the_day_after(self) -> None:
        meeting = self.convened()
        assert "committee.adjourn" not in self.acts("chair")
        self.world.pass_workdays(1)
        assert "committee.adjourn" in self.acts("chair")
        self.do(committee.adjourn, "chair", meeting, reason="人数不足")
        assert self.acts("chair") == ["committee.convene"]


@pytest.mark.duty("J1", "J2")
class TestPublicity(Finalists):
    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = super().play()
        proposed(world, cycle)
        cycle.refresh_from_db()
        return world, cycle

    def test_an_objection_found_true_is_cancelled_before_the_rest_is_confirmed(self) -> None:
        assert self.acts("office") == ["commendation.publish", WAITING]
        notice = self.do(commendation.publish, "office", self.cycle)
        entry = self.entries[0]
        details = {"name": "冯立", "contact": "1", "entry": entry.code, "content": "造假"}
        row = self.do(publicity.lodge_objection, PUBLIC, notice, **details)
        self.do(publicity.investigate, "office", row, findings="属实")
        self.do(publicity.answer, "office", row, upheld=True, text="属实")
        assert (self.acts("chair"), "commendation.cancel" in self.acts("office")) == (["commendation.cancel"], True)
        one = self.one("office", "commendation.cancel")
        assert (one.title, one.subject) == ("提请并登记取消授奖建议名单资格（来文）", entry)
        self.world.outlast(notice)
        self.do(publicity.close, "office", notice)
        assert self.one("office", "commendation.confirm").blocked == "1 项须先提请省质评委取消其资格"
        owner = self.world.owners[entry.code]
        assert [(t.act, t.blocked) for t in next_of(owner, entry)] == [("commendation.confirm", "待前序程序完成后办理")]
        self.do(commendation.cancel, "chair", entry, report="取消")
        assert self.acts("office") == ["commendation.confirm", WAITING]
        self.do(commendation.confirm, "office", self.cycle)
        assert self.acts("office") == ["cycle.advance"]

    def test_a_ban_laid_meanwhile(self) -> None:
        self.do(commendation.publish, "office", self.cycle)
        self.do(supervision.find_false, "office", self.entries[1], text="虚假材料")
        assert self.one("office", "commendation.cancel").what.endswith("（申报主体已被限制申报）")


@pytest.mark.duty("J2", "J3")
class TestCommendation(Finalists):
    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = super().play()
        confirmed(world, cycle)
        cycle.refresh_from_db()
        return world, cycle

    def test_approval_award_money_feedback(self) -> None:
        government = somebody(Role.GOVERNMENT)
        assert (self.acts("office"), self.acts(government)) == (["commendation.approve", WAITING], ["commendation.approve"])
        assert self.one("office", "commendation.approve").title == "登记省政府批准（来文）"
        self.do(commendation.approve, government, self.cycle)
        assert (self.acts("office"), self.acts(government)) == (["commendation.award", WAITING], [])
        self.do(commendation.award, "office", self.cycle)
        assert self.acts("office") == ["commendation.release_feedback", "commendation.pay", "commendation.pay", "cycle.advance"]
        entry = self.entries[0]
        self.do(commendation.pay, "office", entry, amount=300_000, on=clock.today())
        assert [t.what for t in waiting(self.world.people["office"]) if t.act == "commendation.pay"] == [
            f"{self.entries[0].code} {self.entries[0].name}：应发未发 200000 元",
            f"{self.entries[1].code} {self.entries[1].name}：应发未发 500000 元",
        ]
        self.do(commendation.release_feedback, "office", self.cycle)
        assert "commendation.release_feedback" not in self.acts("office")


@pytest.mark.duty("J4", "J6", "K3", "K5")
class TestSupervision(Finalists):
    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = super().play()
        awarded(world, cycle)
        cycle.refresh_from_db()
        return world, cycle

    def test_use_revisit_misuse(self) -> None:
        entry = self.entries[0]
        owner = self.world.owners[entry.code]
        assert self.acts(owner) == []
        self.do(commendation.pay, "office", entry, amount=500_000, on=clock.today())
        assert self.one(owner, "commendation.report_use").what == f"{entry.code} {entry.name}：尚有 500000 元未报告使用情况"
        self.do(commendation.report_use, owner, entry, purpose="improvement", amount=200_000, text="攻关")
        assert self.one(owner, "commendation.report_use").what.endswith("尚有 300000 元未报告使用情况")
        assert self.acts("sjz") == ["supervision.revisit"] * 2
        self.do(supervision.revisit, "sjz", entry, on=clock.today(), departments="发改委", text="正常")
        assert self.acts("sjz") == ["supervision.revisit"]
        self.do(supervision.report_misuse, PUBLIC, entry, content="产品宣传")
        row = self.one("office", "supervision.handle_misuse")
        assert row.what == f"{row.subject.number}（{entry.code} {entry.name}）"
        self.do(supervision.handle_misuse, "office", row.subject, outcome="已责令整改")
        assert "supervision.handle_misuse" not in self.acts("office")

    def test_an_award_taken_back(self) -> None:
        entry = self.entries[0]
        self.do(commendation.pay, "office", entry, amount=500_000, on=clock.today())
        self.world.pass_workdays(30)
        details = {"text": "重大事故", "event_on": clock.today() - timedelta(days=3), **letter("省应急管理厅")}
        row = self.do(supervision.verify_event, "office", entry, **details)
        assert (self.acts("chair"), self.one("office", "supervision.agree_revocation").subject) == (["supervision.agree_revocation"], row)
        self.do(supervision.agree_revocation, "chair", row)
        assert self.acts("chair") == []
        assert self.one("office", "supervision.revoke_event").blocked == ""
        self.do(supervision.revoke_event, "office", row)
        assert self.one("office", "supervision.recover").what.endswith("：奖金 500000 元待追缴，证书、奖牌或奖杯待收回")
        self.do(supervision.recover, "office", entry, amount=500_000)
        assert self.one("office", "supervision.recover").what.endswith("：证书、奖牌或奖杯待收回")
        self.do(supervision.recover, "office", entry, certificate=True)
        assert "supervision.recover" not in self.acts("office")

    def test_no_cycle_runs_so_the_office_may_open_one(self) -> None:
        assert "cycle.create" in self.acts("office")
        assert self.cycle.stage == Stage.SUPERVISION
        assert waits(self.entries[0]) == []
