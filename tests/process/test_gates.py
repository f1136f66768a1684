"""The gates: a cycle goes on only when nothing of its stage is unfinished, and never past its end (L1, L2)."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.stages.finalists import at_nomination, last
from tests.stages.playing import Played, begun
from zhiheng.foundation import clock, entropy
from zhiheng.foundation.acts import NotPermitted
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.publicity import services as notices
from zhiheng.process.gates import unfinished
from zhiheng.process.register import committee, cycles, nomination, publicity, services
from zhiheng.rules.lifecycle import STAGE_TITLES, Stage
from zhiheng.simulation import applying, deciding, play, reviewing, visiting
from zhiheng.simulation.world import World, fresh
from zhiheng.stages.committee.models import Meeting
from zhiheng.stages.review.models import Handover
from zhiheng.stages.shortlist.models import Shortlist
from zhiheng.stages.survey.models import Poll

advance = services.advance


def strong(world: World, organizations: int, persons: int) -> None:
    """Everybody in the play is this able."""
    world.cast = replace(
        world.cast,
        organizations=tuple(replace(o, ability=organizations) for o in world.cast.organizations),
        persons=tuple(replace(p, ability=persons) for p in world.cast.persons),
    )


class Walking(Played):
    """A platform with its people and a cycle whose call has been issued."""

    ability = (78, 93)

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world = begun(orgs=2, persons=1, experts=30, members=3)
        strong(world, *cls.ability)
        with entropy.seeded(31):
            cycle = applying.issue_call(world, 2024)
        return world, cycle

    def waits(self, *texts: str) -> None:
        """The cycle stays where it is, and this is what the refusal says."""
        stage = fresh(self.cycle).stage
        decision = self.refused(advance, "office", self.cycle)
        assert [r.text for r in decision.refusals] == list(texts)
        assert {r.code for r in decision.refusals} == {"gate"}
        assert fresh(self.cycle).stage == stage

    def goes_on(self, to: Stage) -> None:
        """Nothing is waited for, and the cycle goes on, on record."""
        was = fresh(self.cycle).stage
        assert unfinished(self.cycle) == []
        self.world.do(advance, "office", self.cycle)
        assert fresh(self.cycle).stage == to.value
        assert json.loads(last("cycle.advance").body)["payload"] == {"from": was, "to": to.value}

    def pass_deadline(self) -> None:
        assert self.cycle.deadline is not None
        clock.set_to(self.cycle.deadline)


@pytest.mark.duty("L1")
class TestEveryGate(Walking):
    def test_each_stage_waits_for_its_own_work(self) -> None:
        with entropy.seeded(32):
            self._first_half()
            self._second_half()
        assert {e["to"] for e in self._moves()} == {s.value for s in self.world.pack.line[2:]}
        told = Notification.objects.filter(title="评审周期进入下一阶段", to="role:office").order_by("pk").values_list("text", flat=True)
        assert list(told) == [f"{self.cycle.title}进入{STAGE_TITLES[stage]}阶段" for stage in self.world.pack.line[2:]]

    def _moves(self) -> list[dict[str, str]]:
        return [json.loads(e.body)["payload"] for e in JournalEntry.objects.filter(act="cycle.advance", kind="act")]

    def _first_half(self) -> None:
        world, cycle = self.world, self.cycle
        assert cycle.stage == "application"
        self.waits("申报尚未截止")
        applying.apply(world, cycle, play.applicants(world.cast))
        clock.set_to(cycle.deadline - timedelta(seconds=1) if cycle.deadline else None)
        self.waits("申报尚未截止")
        self.pass_deadline()
        self.goes_on(Stage.RECOMMENDATION)
        self.waits("尚有 3 项申报未完成审核推荐")
        applying.recommend(world, cycle, objection=False)
        self.goes_on(Stage.QUALIFICATION)
        self.waits("受理名单尚未确定，3 项申报待资格审查或公示")
        applying.qualify(world, cycle, failing=False)
        self.goes_on(Stage.MATERIAL_REVIEW)
        self.waits("相关机构尚未提交材料评审结果")
        reviewing.draw(world, fresh(cycle))
        reviewing.score_materials(world, cycle, late_recusal=False)
        self.goes_on(Stage.SHORTLIST)
        self.waits("进入现场评审名单尚未确定（3 项）")
        reviewing.publish_shortlist(world, cycle, objection=False, voters=120)
        Shortlist.objects.update(notified_at=None)
        self.waits("尚未通知进入现场评审的申报组织和个人")
        Shortlist.objects.update(notified_at=clock.now())
        closed = Poll.objects.get().closed_at
        Poll.objects.update(closed_at=None)
        self.waits("公众满意度测评尚未完成")
        Poll.objects.update(closed_at=closed)
        self.goes_on(Stage.SITE_VISIT)
        self.waits("相关机构尚未提交现场评审汇总")
        visiting.visit(world, fresh(cycle))
        self.goes_on(Stage.NOMINATION)

    def _second_half(self) -> None:
        world, cycle = self.world, self.cycle
        self.waits("授奖候选名单尚未提请省质评委审议")
        score = Poll.objects.get().score
        Poll.objects.update(score=None)
        self.waits("1 项公众满意度测评样本不足，须作出处理决定", "授奖候选名单尚未提请省质评委审议")
        Poll.objects.update(score=score)
        deciding.nominate(world, cycle)
        self.goes_on(Stage.COMMITTEE)
        self.waits("省质评委尚未形成授奖建议名单")
        deciding.resolve(world, cycle, failed_quorum=False)
        assert cycle.entries.filter(status="proposed").exists(), "the play left nobody: the gates below prove nothing"
        self.goes_on(Stage.PUBLICITY)
        left = cycle.entries.filter(status="proposed").count()
        self.waits(f"授奖建议名单公示结果尚未确认（{left} 项）")
        deciding.confirm(world, cycle, objection=False)
        self.goes_on(Stage.COMMENDATION)
        self.waits(f"尚有 {left} 项未表彰")
        deciding.commend(world, cycle)
        self.goes_on(Stage.SUPERVISION)
        decision = self.refused(advance, "office", self.cycle)
        assert decision.text() == "本周期已处于最后阶段（《细则》四）"

    def test_the_call_must_have_been_issued(self) -> None:
        row = self.world.do(cycles.create_cycle, "office", code="2026", year=2026, pack=self.world.pack).value
        assert [r.text for r in self.refused(advance, "office", row).refusals] == ["申报通知尚未印发"]

    def test_only_the_office_lets_a_cycle_go_on(self) -> None:
        self.pass_deadline()
        for who in ("agency", "chair", "inspector", "admin", "sjz"):
            assert self.refused(advance, who, self.cycle, error=NotPermitted).refusals[0].code == "role"


@pytest.mark.duty("L1")
class TestNobody(Walking):
    """A cycle is closed in order though nobody comes, or nobody passes."""

    ability = (15, 15)

    def test_nobody_applies(self) -> None:
        self.pass_deadline()
        for stage in self.world.pack.line[2:]:
            self.goes_on(stage)
        assert fresh(self.cycle).stage == "supervision"

    def test_nobody_passes_the_material_review(self) -> None:
        with entropy.seeded(33):
            applying.apply(self.world, self.cycle, play.applicants(self.world.cast))
            applying.recommend(self.world, self.cycle, objection=False)
            self.pass_deadline()
            self.goes_on(Stage.RECOMMENDATION)
            self.goes_on(Stage.QUALIFICATION)
            applying.qualify(self.world, self.cycle, failing=False)
            self.goes_on(Stage.MATERIAL_REVIEW)
            reviewing.draw(self.world, fresh(self.cycle))
            reviewing.score_materials(self.world, self.cycle, late_recusal=False)
        assert set(self.cycle.entries.values_list("status", flat=True)) == {"below_material"}
        line = self.world.pack.line
        for stage in line[line.index(Stage.SHORTLIST) :]:
            self.goes_on(stage)
        assert fresh(self.cycle).stage == "supervision"
        for spec in (nomination.compute_finals, committee.convene):
            self.refused(spec, "office" if spec is nomination.compute_finals else "chair", self.cycle, error=NotPermitted)


@pytest.mark.duty("L1", "L2")
class TestOpenNotice(Walking):
    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        return at_nomination(3)

    def test_a_notice_whose_clock_runs_holds_every_stage(self) -> None:
        """Nothing else is unfinished; only the notice holds, until it is closed."""
        office = self.world.people["office"].unit
        assert office is not None
        notice = notices.post(self.cycle, office, "proposed_winners").value
        assert notice is not None
        assert notice.ends_on is not None
        text = f"《{notice.title}》公示未结束（{notice.ends_on.year}年{notice.ends_on.month}月{notice.ends_on.day}日止）"
        for stage in Stage:
            if stage not in (Stage.CALL, Stage.SUPERVISION):
                Cycle.objects.update(stage=stage.value)
                self.waits(text)
        self.refused(publicity.close, "office", notice)
        self.world.outlast(notice)
        self.waits(text)
        self.world.do(publicity.close, "office", notice)
        Cycle.objects.update(stage=Stage.NOMINATION.value)
        self.goes_on(Stage.COMMITTEE)

    def test_an_announcement_without_a_clock_holds_nothing(self) -> None:
        office = self.world.people["office"].unit
        assert office is not None
        notices.post(self.cycle, office, "commendation", timed=False)
        self.goes_on(Stage.COMMITTEE)

    def test_an_open_meeting_holds_the_committee(self) -> None:
        Cycle.objects.update(stage=Stage.COMMITTEE.value)
        row = Meeting.objects.create(code="HY2024-1", cycle=self.cycle, members=3, held_on=clock.today())
        self.waits("省质评委会议尚未结束")
        row.status = "failed"
        row.save()
        self.goes_on(Stage.PUBLICITY)

    def test_a_handover_of_the_other_round_opens_nothing(self) -> None:
        """The gates of the two rounds are told apart."""
        assert Handover.objects.get().round == "site"
        assert unfinished(self.cycle) == []
