"""From the scores to the site-visit list: opinion, approval, publicity, settlement, notification, in this order (F4–F6; L2, Q10, Q15)."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.stages.drawing import payload
from tests.stages.playing import PUBLIC, Played, played
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, NotPermitted
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.parties.models import Ban
from zhiheng.foundation.publicity.models import Notice
from zhiheng.process.register import application, publicity, services, shortlist, survey
from zhiheng.rules.lifecycle import Stage
from zhiheng.simulation.applying import letter
from zhiheng.simulation.world import World, fresh
from zhiheng.stages.application.models import Entry
from zhiheng.stages.shortlist.models import Shortlist


class Listed(Played):
    """Four organizations and two persons reached the threshold."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        return played(Stage.SHORTLIST)

    def setUp(self) -> None:
        super().setUp()
        self.entries = list(self.cycle.entries.filter(status="reviewed").order_by("code"))
        self.letter = letter("省表彰奖励主管部门", "冀表函〔2024〕12号")

    def why(self, act: Any, who: str | Acting, subject: Any = None, **details: Any) -> str:
        """The first reason of a refusal."""
        found: str = self.refused(act, who, subject, **details).refusals[0].text
        return found

    def publish(self, against: dict[str, str] | None = None) -> Notice:
        self.world.do(shortlist.authority_opinion, "office", self.cycle, letter=self.letter, against=against)
        self.world.do(shortlist.approve, "chair", self.cycle)
        found: Notice = self.world.do(shortlist.publish, "office", self.cycle).value
        return found

    def ended(self, notice: Notice) -> None:
        self.world.outlast(notice)
        self.world.do(publicity.close, "office", notice)


@pytest.mark.duty("F4")
class TestOpinionAndApproval(Listed):
    def test_nothing_comes_before_its_turn(self) -> None:
        assert len(self.entries) == 6
        assert self.why(shortlist.approve, "chair", self.cycle) == "须先征求省表彰奖励主管部门意见，再呈报主任审批"
        assert self.why(shortlist.publish, "office", self.cycle) == "名单须经省质评委主任审批后方可公示"
        assert self.why(shortlist.settle, "office", self.cycle) == "入围名单尚未公示，请先发布公示"
        assert self.why(shortlist.notify, "office", self.cycle) == "进入现场评审名单尚未确定"
        self.world.do(shortlist.authority_opinion, "office", self.cycle, letter=self.letter)
        assert self.why(shortlist.publish, "office", self.cycle) == "名单须经省质评委主任审批后方可公示"
        told = payload("shortlist.authority_opinion")
        assert told == {
            "proposed": [e.code for e in self.entries],
            "against": [],
            "letter": {
                "issuer": self.letter.issuer,
                "number": self.letter.number,
                "dated": self.letter.dated.isoformat(),
                "scan": self.letter.scan.sha256,
            },
        }
        self.world.do(shortlist.approve, "office", self.cycle, letter=letter("省质评委主任", "签报3号"))
        assert payload("shortlist.approve")["proposed"] == [e.code for e in self.entries]
        assert payload("shortlist.approve")["letter"]["number"] == "签报3号"

    def test_the_word_of_others_needs_their_letter(self) -> None:
        unwritten = "代为记录外部单位意见时，须填写来文单位、文号、成文日期并附扫描件"
        assert self.why(shortlist.authority_opinion, "office", self.cycle) == unwritten
        assert self.why(shortlist.authority_opinion, "office", self.cycle, letter=letter("省厅", " ")) == "请填写文号"
        self.world.do(shortlist.authority_opinion, "office", self.cycle, letter=self.letter)
        assert self.why(shortlist.approve, "office", self.cycle) == unwritten
        assert self.refused(shortlist.approve, "member2", self.cycle, error=NotPermitted).refusals[0].code == "role"
        assert self.refused(shortlist.authority_opinion, "agency", self.cycle, error=NotPermitted).refusals[0].code == "role"
        self.world.do(shortlist.approve, "chair", self.cycle)

    def test_objections_name_entries_of_the_list_with_reasons(self) -> None:
        said = self.why(shortlist.authority_opinion, "office", self.cycle, letter=self.letter, against={"2024-Z-0099": "违规"})
        assert said == "2024-Z-0099 不在建议名单中，请核对编号"
        said = self.why(shortlist.authority_opinion, "office", self.cycle, letter=self.letter, against={self.entries[0].code: " "})
        assert said == "不同意见须写明理由"

    def test_what_was_approved_is_not_changed_afterwards(self) -> None:
        self.world.do(shortlist.authority_opinion, "office", self.cycle, letter=self.letter, against={self.entries[0].code: "另有处分"})
        self.world.do(shortlist.authority_opinion, "office", self.cycle, letter=self.letter)
        assert Shortlist.objects.get().authority_against == {}
        self.world.do(shortlist.approve, "chair", self.cycle)
        again = {"letter": self.letter, "against": {self.entries[0].code: "另有处分"}}
        assert self.why(shortlist.authority_opinion, "office", self.cycle, **again) == "名单已经主任审批，意见不能再改"
        assert self.why(shortlist.approve, "chair", self.cycle) == "名单已经主任审批"

    def test_an_empty_list_is_not_sent_around(self) -> None:
        self.cycle.entries.filter(status="reviewed").update(status="withdrawn")
        said = self.why(shortlist.authority_opinion, "office", self.cycle, letter=self.letter)
        assert said == "没有材料评审达标的申报，无须征求意见"


@pytest.mark.duty("F5", "L2")
class TestPublicity(Listed):
    def test_the_approved_are_published_with_their_merits_in_neutral_order(self) -> None:
        out, gone = self.entries[1], self.entries[2]
        self.world.do(shortlist.authority_opinion, "office", self.cycle, letter=self.letter, against={out.code: "另有处分"})
        self.world.do(shortlist.approve, "chair", self.cycle)
        self.world.do(application.withdraw, self.world.owners[gone.code], gone, reason="另有安排")
        notice: Notice = self.world.do(shortlist.publish, "office", self.cycle).value
        stay = [e for e in self.entries if e not in (out, gone)]
        assert [i["name"] for i in notice.items] == sorted(e.name for e in stay)
        assert {i["code"] for i in notice.items} == {e.code for e in stay}
        assert all(len(i["achievements"]) > 20 for i in notice.items)
        assert payload("shortlist.publish")["entries"] == [i["code"] for i in notice.items]
        assert not {"score", "total", "rank"} & set(notice.items[0])
        assert self.why(shortlist.publish, "office", self.cycle) == "入围名单已经公示"

    def test_the_list_is_settled_only_after_five_working_days(self) -> None:
        self.world.today(date(2024, 9, 27))  # before the National Day: 29 September and 12 October are worked
        notice = self.publish()
        assert (notice.days, notice.ends_on) == (5, date(2024, 10, 10))
        clock.set_to(clock.at(date(2024, 10, 10), 23, 59))
        assert self.refused(publicity.close, "office", notice).refusals[0].code == "publicity.running"
        text = "入围名单公示尚未结束（截止2024年10月10日），期满且异议办结后方可继续"
        assert self.why(shortlist.settle, "office", self.cycle) == text
        clock.set_to(clock.at(date(2024, 10, 11), 0, 0))
        assert self.why(shortlist.settle, "office", self.cycle) == text
        self.world.do(publicity.close, "office", notice)
        self.world.do(shortlist.settle, "office", self.cycle)
        assert Entry.objects.filter(cycle=self.cycle, status="shortlisted").count() == 6

    def test_the_publicity_decides_with_opinion_conditions_and_objections(self) -> None:
        spoken, objected, banned, unfounded, *rest = self.entries
        notice = self.publish({spoken.code: "负责人受到处分"})
        numbers = {}
        for entry, upheld in ((objected, True), (unfounded, False)):
            row = self.world.do(
                publicity.lodge_objection, PUBLIC, notice, name="郑明", contact="1000000001", entry=entry.code, content="材料不实"
            ).value
            self.world.do(publicity.investigate, "office", row, findings="已核查")
            self.world.do(publicity.answer, "office", row, upheld=upheld, text="答复")
            numbers[entry.code] = row.number
        anonymous = self.world.do(publicity.lodge_objection, PUBLIC, notice, entry=rest[0].code, content="听说有问题").value
        assert (anonymous.formal, anonymous.status) == (False, "lead")
        today = clock.today()
        Ban.objects.create(
            party=banned.party, from_on=date(2020, 1, 1), until=today + timedelta(days=400), duty="K1", article="七(一)", cause="虚假材料"
        )
        self.ended(notice)
        self.world.do(shortlist.settle, "office", self.cycle)
        told = payload("shortlist.settle")
        assert told["notice"] == notice.code
        assert told["shortlisted"] == [e.code for e in (unfounded, *rest)]
        assert told["left_out"] == [e.code for e in (spoken, objected, banned)]
        assert told["reasons"][spoken.code] == "省表彰奖励主管部门意见：负责人受到处分"
        assert told["reasons"][objected.code] == f"入围公示期间的异议（{numbers[objected.code]}）经查属实"
        assert "虚假材料" in told["reasons"][banned.code]
        assert set(told["reasons"]) == set(told["left_out"])
        assert {e.status for e in Entry.objects.filter(code__in=told["left_out"])} == {"not_shortlisted"}
        sent = Notification.objects.filter(title="未进入现场评审").values_list("to", "text")
        assert set(sent) == {(f"person:{e.owner.code}", told["reasons"][e.code]) for e in (spoken, objected, banned)}
        assert self.why(shortlist.settle, "office", self.cycle) == "进入现场评审名单已经确定"


@pytest.mark.duty("F6")
class TestNotification(Listed):
    def test_those_who_go_on_are_notified_and_nobody_else(self) -> None:
        out = self.entries[0]
        self.ended(self.publish({out.code: "另有处分"}))
        self.world.do(shortlist.settle, "office", self.cycle)
        before = self.refused(services.advance, "office", fresh(self.cycle)).refusals
        assert "尚未通知进入现场评审的申报组织和个人" in [r.text for r in before]
        assert {r.duty for r in before} == {"F5", "F6"}
        self.world.do(shortlist.notify, "office", self.cycle)
        assert payload("shortlist.notify") == {"notified": [e.code for e in self.entries[1:]]}
        told = Notification.objects.filter(title="进入现场评审通知")
        assert {(n.to, n.text) for n in told} == {
            (f"person:{e.owner.code}", f"{e.code} 已进入现场评审，请做好准备") for e in self.entries[1:]
        }
        cities = Notification.objects.filter(title__startswith="进入现场评审通知 ")
        assert {(n.to, n.title.split()[-1]) for n in cities} == {(f"unit:{e.recommender.code}", e.code) for e in self.entries[1:]}
        assert self.why(shortlist.notify, "office", self.cycle) == "已经通知"

    @pytest.mark.duty("F5")
    def test_the_cycle_waits_for_list_notification_and_survey(self) -> None:
        notice = self.publish()
        self.world.do(survey.open_polls, "office", self.cycle)
        self.ended(notice)
        self.world.do(shortlist.settle, "office", self.cycle)
        self.world.do(shortlist.notify, "office", self.cycle)
        said = self.refused(services.advance, "office", fresh(self.cycle))
        assert [r.text for r in said.refusals] == ["公众满意度测评尚未完成"]
        self.world.do(survey.close, "office", self.cycle)
        self.world.do(services.advance, "office", fresh(self.cycle))
        assert fresh(self.cycle).stage == Stage.SITE_VISIT.value
