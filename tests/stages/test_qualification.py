"""Qualification review: five sides, departments, accepted list, feedback, everything tested once more (E1–E3; B3–B5, K1, Q7, Q10, Q12)."""

import json
from datetime import date
from typing import Any

import pytest

from tests.stages.playing import PACK, PUBLIC, Played, played
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, NotPermitted
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.parties.models import Ban, Honour
from zhiheng.foundation.people.models import RoleGrant, Unit
from zhiheng.foundation.publicity.models import Notice
from zhiheng.process.register import application, publicity, qualification
from zhiheng.process.services import advance
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage
from zhiheng.simulation import applying
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import Entry
from zhiheng.stages.qualification.models import Commission, Consultation, Qualification

CHECKS = PACK.checks_at(Stage.QUALIFICATION)


def sides(*failed: str, note: str = "不符合的情况") -> list[dict[str, Any]]:
    return [{"code": c.code, "passed": c.code not in failed, "note": note if c.code in failed else ""} for c in CHECKS]


def payload(act: str) -> dict[str, Any]:
    entry = JournalEntry.objects.filter(act=act, kind="act").order_by("pk").last()
    assert entry is not None
    found: dict[str, Any] = json.loads(entry.body)["payload"]
    return found


class Qualifying(Played):
    """Six recommended applications, an agency commissioned; `first`, `second`, `third` of them."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = played(Stage.QUALIFICATION, 4, 2, 0, 0)
        agency = world.people[world.cast.agency.code].unit
        world.do(qualification.commission, "office", cycle, agency=agency, terms="资格审查和评审组织")
        assert cycle.stage == Stage.QUALIFICATION.value
        return world, cycle

    def setUp(self) -> None:
        super().setUp()
        self.agency = self.world.cast.agency.code
        self.entries = list(
            Entry.objects.filter(status=EntryStatus.RECOMMENDED.value).select_related("owner", "recommender", "party").order_by("code")
        )
        assert len(self.entries) == 6
        self.first, self.second, self.third = self.entries[:3]

    def check(self, *entries: Entry, failed: tuple[str, ...] = (), **details: Any) -> None:
        for entry in entries or self.entries:
            self.world.do(qualification.check, self.agency, entry, sides=sides(*failed), **details)

    def consult(self, **concerns: str) -> None:
        letter = applying.letter("省生态环境厅", "冀环函〔2024〕9号")
        against = {code.replace("_", "-"): text for code, text in concerns.items()}
        self.world.do(qualification.consult, "office", self.cycle, department="省生态环境厅", concerns=against, letter=letter)

    def publish(self, **details: Any) -> Notice:
        notice: Notice = self.world.do(qualification.publish, "office", self.cycle, **details).value
        return notice

    def over(self, notice: Notice) -> None:
        """The days pass and the notice is closed."""
        self.world.outlast(notice)
        self.world.do(publicity.close, "office", notice)

    def settle(self, **details: Any) -> dict[str, Any]:
        self.world.do(qualification.settle, "office", self.cycle, **details)
        return payload("qualification.settle")

    def status(self, entry: Entry) -> str:
        return Entry.objects.get(pk=entry.pk).status

    def reasons(self, entry: Entry) -> list[str]:
        found: list[str] = Qualification.objects.get(entry=entry).reasons
        return found


class TestExamination(Qualifying):
    """E1: the commissioned agency, five sides, departments."""

    @pytest.mark.duty("E1")
    def test_five_sides_each_once_and_each_bars(self) -> None:
        assert len(CHECKS) == 5
        whole = f"资格审查须就{'、'.join(c.title for c in CHECKS)}各填写一次结论（《细则》四（三）1）"
        for wrong in (sides()[1:], [*sides(), sides()[0]], [], [*sides()[:4], {"code": "looks", "passed": True}]):
            assert self.refused(qualification.check, self.agency, self.first, sides=wrong).text() == whole
        undecided = [*sides()[:4], {**sides()[4], "passed": None}]
        assert self.refused(qualification.check, self.agency, self.first, sides=undecided).refusals[0].duty == "E1"
        assert self.refused(qualification.check, self.agency, self.first, sides=sides(CHECKS[0].code, note=" ")).refusals[0].code == "note"
        assert not Qualification.objects.exists()
        for check in CHECKS:
            self.check(self.first, failed=(check.code,))
            assert self.reasons(self.first) == [f"资格审查“{check.title}”不符合要求：不符合的情况"]
            assert payload("qualification.check") == {"passed": False, "sides": {c.code: c is not check for c in CHECKS}}
        self.check(self.first)
        assert (Qualification.objects.get().passed, self.reasons(self.first)) == (True, [])

    @pytest.mark.duty("E1", "L1")
    def test_only_the_commissioned_agency_examines(self) -> None:
        stranger = Unit.objects.create(code="agency-2", kind=Role.AGENCY.value, name="另一评审服务机构")
        person = self.world.people["inspector"].person
        RoleGrant.objects.create(person=person, role=Role.AGENCY.value, unit=stranger, granted_at=clock.now())
        other = Acting(Role.AGENCY, person, stranger)
        assert self.refused(qualification.check, other, self.first, error=NotPermitted, sides=sides()).refusals[0].code == "scope"
        for who in ("office", self.first.recommender.code, self.world.owners[self.first.code]):
            assert self.refused(qualification.check, who, self.first, error=NotPermitted, sides=sides()).refusals[0].code == "role"
        office = self.world.people["office"].unit
        again = self.refused(qualification.commission, "office", self.cycle, agency=stranger, terms="再委托")
        assert again.text() == "本周期已委托相关机构（《细则》四（三）1）"
        assert Commission.objects.get().agency.code == self.agency
        Commission.objects.all().delete()
        found = self.refused(qualification.commission, "office", self.cycle, agency=office, terms="自行审查")
        assert found.text() == "所选单位不是可受委托的评审服务机构（《细则》四（三）1）"
        assert self.refused(qualification.commission, "office", self.cycle, agency=stranger, terms=" ").text() == (
            "请填写委托事项（《细则》四（三）1）"
        )
        assert self.refused(qualification.check, self.agency, self.first, error=NotPermitted, sides=sides()).refusals[0].code == "scope"

    @pytest.mark.duty("E1")
    def test_only_what_was_recommended_is_examined(self) -> None:
        for status in (EntryStatus.SUBMITTED, EntryStatus.NOT_RECOMMENDED, EntryStatus.WITHDRAWN, EntryStatus.ACCEPTED):
            Entry.objects.filter(pk=self.first.pk).update(status=status.value)
            assert self.refused(qualification.check, self.agency, self.first, sides=sides()).text() == (
                "该申报不在资格审查范围内（《细则》四（三）1）"
            )

    @pytest.mark.duty("E1", "B3", "B5", "K1")
    def test_conditions_lists_and_bans_are_tested_again(self) -> None:
        found_on = date(2024, 4, 29)  # the day after the deadline
        Ban.objects.create(party=self.first.party, from_on=found_on, until=found_on, duty="K1", article="七(一)", cause="提供虚假材料")
        self.check(self.first)
        assert self.reasons(self.first) == []
        self.world.today(found_on)
        Honour.objects.create(party=self.second.party, award="organization", cycle="2018", decided_on=date(2018, 12, 1))
        Entry.objects.filter(pk=self.third.pk).update(form=self.third.form | {"abnormal_listed": True, "dishonest_listed": True})
        self.check(self.first, self.second, self.third)
        assert self.reasons(self.first) == [
            "因提供虚假材料，自2024年4月29日至2024年4月29日（含当日）不予受理其申报，请于2024年4月30日及以后申报"
        ]
        assert self.reasons(self.second) == ["已获得往届河北省政府质量奖，不再重复申报"]
        assert self.reasons(self.third) == [
            "已被列入经营异常名录，请依法移出名录后再申报",
            "已被列入严重违法失信名单，请依法移出名单后再申报",
        ]
        self.world.today(date(2024, 4, 30))
        self.check(self.first)
        assert self.reasons(self.first) == []

    @pytest.mark.duty("E1", "B4")
    def test_a_category_corrected_brings_its_condition(self) -> None:
        person = next(e for e in self.entries if e.award == "individual")
        Entry.objects.filter(pk=person.pk).update(category="front_line", declared=["c1", "c2", "c3", "c4"])
        person.evidence.filter(proves="condition:c5").delete()
        self.check(person)
        assert self.reasons(person) == []
        self.world.do(application.correct_category, "office", person, category="senior_leader", reason="任总经理")
        self.check(person)
        assert [text.split("”")[1] for text in self.reasons(person)] == ["尚未承诺，请逐项确认", "缺少证实性材料，请上传"]

    @pytest.mark.duty("B5")
    def test_a_past_applicant_gets_a_finding_on_its_improvement(self) -> None:
        before = Cycle.objects.create(code="2022", year=2022, title="2022", pack=self.cycle.pack, pinned_at=clock.at(date(2022, 9, 1)))
        fields = {"party": self.first.party, "owner": self.first.owner, "recommender": self.first.recommender, "form": self.first.form}
        Entry.objects.create(
            code="2022-Z-0001", cycle=before, award="organization", category="organization", name="旧", submitted_at=before.pinned_at,
            status=EntryStatus.NOT_PROPOSED.value, **fields,
        )  # fmt: skip
        found = self.refused(qualification.check, self.agency, self.first, sides=sides(), improvement=" ")
        assert (found.text(), found.refusals[0].duty) == ("曾于2022年申报，请对照上次申报写明提高情况的审查意见（《细则》三（三））", "B5")
        self.check(self.first, improvement="提高不明显")
        record = Qualification.objects.get(entry=self.first)
        assert (record.improvement, record.passed) == ("提高不明显", True)
        assert payload("qualification.check")["improvement"] == "提高不明显"

    @pytest.mark.duty("E1")
    def test_departments_are_heard_with_their_letter_or_in_their_own_name(self) -> None:
        bare = self.refused(qualification.consult, "office", self.cycle, department="省税务局")
        assert bare.refusals[0].code == "letter"
        code = self.world.cast.departments[0].code
        unit = self.world.people[code].unit
        wrong = "请填写出具意见的部门名称；部门自行办理的，只能以本部门名义（《细则》四（三）1）"
        assert self.refused(qualification.consult, code, self.cycle, department="省税务局某处").text() == wrong
        assert self.refused(qualification.consult, code, self.cycle, department="").text() == wrong
        for concerns, said in (
            ({"2024-Z-9999": "未知"}, "2024-Z-9999 不在征求意见的名单中，请核对编号（《细则》四（三）1）"),
            ({self.first.code: " "}, "有不同意见的须写明具体情况（《细则》四（三）1）"),
            ({self.first.code: "长" * 5001}, "“不同意见”超过 5000 字，请精简（《细则》四（三）1）"),
        ):
            assert self.refused(qualification.consult, code, self.cycle, department=unit.name, concerns=concerns).text() == said
        assert not Consultation.objects.exists()
        self.world.do(qualification.consult, code, self.cycle, department=unit.name, concerns={self.first.code: "在查案件"})
        assert payload("qualification.consult") == {"department": unit.name, "against": [self.first.code], "letter": {}}


class TestAcceptedList(Qualifying):
    """E2, E3: what is published, what bars, who is told."""

    @pytest.mark.duty("E1", "E2")
    def test_no_list_before_all_are_examined_and_departments_heard(self) -> None:
        self.check(*self.entries[:5])
        self.consult()
        assert self.refused(qualification.publish, "office", self.cycle).text() == (
            f"尚有 1 项申报未作资格审查：{self.entries[5].code}（《细则》四（三）1）"
        )
        self.check(self.entries[5])
        Consultation.objects.all().delete()
        assert self.refused(qualification.publish, "office", self.cycle).text() == "尚未征求省有关部门意见（《细则》四（三）1）"
        assert self.refused(qualification.settle, "office", self.cycle).text() == "受理名单尚未公示，请先发布公示（《细则》四（三）2）"
        self.consult()
        self.publish()

    @pytest.mark.duty("E2", "L2")
    def test_the_list_stands_five_working_days_and_objections_hold_it(self) -> None:
        self.check()
        self.consult()
        notice = self.publish()
        assert (notice.days, [i["name"] for i in notice.items]) == (5, sorted(e.name for e in self.entries))
        assert payload("qualification.publish")["entries"] == [i["code"] for i in notice.items]
        assert self.refused(qualification.publish, "office", self.cycle).text() == "受理名单正在公示（《细则》四（三）2）"
        assert notice.ends_on is not None
        running = f"受理名单公示尚未结束（截止{chinese_date(notice.ends_on)}），期满且异议办结后方可继续（《细则》四（三）2）"
        assert self.refused(qualification.settle, "office", self.cycle).text() == running
        clock.set_to(clock.at(notice.ends_on, 23, 59))
        details = {"content": "弄虚作假", "entry": self.first.code, "name": "周平", "contact": "100"}
        objection = self.world.do(publicity.lodge_objection, PUBLIC, notice, **details).value
        assert self.refused(publicity.close, "office", notice).refusals[0].code == "publicity.running"
        self.world.outlast(notice)
        assert self.refused(publicity.close, "office", notice).refusals[0].code == "publicity.objections"
        assert self.refused(qualification.settle, "office", self.cycle).text() == running
        self.world.do(publicity.investigate, "office", objection, findings="经查属实")
        self.world.do(publicity.answer, "office", objection, upheld=True, text="属实")
        self.world.do(publicity.close, "office", notice)
        found = self.settle()
        assert found["failing"] == [self.first.code]
        assert self.status(self.first) == EntryStatus.NOT_ACCEPTED.value
        assert self.reasons(self.first) == [f"受理名单公示期间的异议（{objection.number}）经查属实"]
        assert {self.status(e) for e in self.entries[1:]} == {EntryStatus.ACCEPTED.value}

    @pytest.mark.duty("E3")
    def test_every_failing_applicants_recommender_is_told_why(self) -> None:
        owner = self.first.owner
        Entry.objects.filter(pk__in=[self.second.pk, self.third.pk]).update(owner=owner)
        self.check(self.first, failed=(CHECKS[0].code, CHECKS[4].code))
        self.check(self.second, failed=(CHECKS[1].code,))
        self.check(*self.entries[2:])
        self.consult(**{self.third.code.replace("-", "_"): "环境违法在查"})
        notice = self.publish()
        assert {i["code"] for i in notice.items} == {e.code for e in self.entries[3:]}
        self.over(notice)
        found = self.settle()
        assert (found["accepted"], found["failing"]) == ([e.code for e in self.entries[3:]], [e.code for e in self.entries[:3]])
        whys = (
            f"资格审查“{CHECKS[0].title}”不符合要求：不符合的情况；资格审查“{CHECKS[4].title}”不符合要求：不符合的情况",
            f"资格审查“{CHECKS[1].title}”不符合要求：不符合的情况",
            "省生态环境厅：环境违法在查",
        )
        for entry, why in zip(self.entries[:3], whys, strict=True):
            text = f"{entry.code} {entry.name}：{why}"
            told = Notification.objects.filter(text=text).values_list("to", "title")
            assert set(told) == {
                (f"unit:{entry.recommender.code}", f"资格审查结果反馈 {entry.code}"),
                (f"person:{owner.code}", f"申报不予受理 {entry.code}"),
            }
            assert Qualification.objects.get(entry=entry).fed_back_at == clock.now()
        assert Notification.objects.filter(title__startswith="申报已受理").count() == 3
        assert Qualification.objects.filter(fed_back_at=None).count() == 3

    @pytest.mark.duty("E1", "E2")
    def test_a_departments_concern_bars_unless_overruled_with_a_reason(self) -> None:
        self.check()
        concerns = {e.code.replace("-", "_"): f"意见{n}" for n, e in enumerate(self.entries[:3], 1)}
        self.consult(**concerns)
        assert self.refused(qualification.publish, "office", self.cycle, overruled={self.entries[4].code: "理由"}).text() == (
            f"{self.entries[4].code} 没有部门提出不同意见，不需说明（《细则》四（三）1）"
        )
        reason = {self.first.code: "案件已结，无不良影响", self.second.code: "  "}
        notice = self.publish(overruled=reason)
        listed = {i["code"] for i in notice.items}
        assert (self.first.code in listed, self.second.code in listed, self.third.code in listed) == (True, False, False)
        assert payload("qualification.publish")["overruled"] == reason
        assert self.reasons(self.second) == ["省生态环境厅：意见2"]
        self.over(notice)
        assert self.settle()["failing"] == [self.second.code, self.third.code]

    @pytest.mark.duty("E1", "E2")
    def test_a_department_heard_after_the_publication_still_counts(self) -> None:
        self.check()
        self.consult()
        notice = self.publish()
        self.world.pass_workdays(1)
        self.consult(**{e.code.replace("-", "_"): "新发现问题" for e in (self.first, self.second)})
        self.over(notice)
        found = self.settle(overruled={self.second.code: "经核实不影响"})
        assert found["failing"] == [self.first.code]
        assert found["overruled"] == {self.second.code: "经核实不影响"}
        assert self.reasons(self.first) == ["省生态环境厅：新发现问题"]

    @pytest.mark.duty("E2", "K1", "B3")
    def test_lists_and_bans_are_tested_once_more_at_acceptance(self) -> None:
        self.check()
        self.consult()
        notice = self.publish()
        self.over(notice)
        today = clock.today()
        Ban.objects.create(party=self.first.party, from_on=date(2019, 1, 1), until=today, duty="K1", article="七(一)", cause="提供虚假材料")
        Ban.objects.create(
            party=self.second.party, from_on=date(2019, 1, 1), until=date(2024, 4, 27), duty="K1", article="七(一)",
            cause="提供虚假材料",
        )  # fmt: skip
        Entry.objects.filter(pk=self.third.pk).update(form=self.third.form | {"dishonest_listed": True})
        assert self.settle()["failing"] == [self.first.code, self.third.code]
        assert self.reasons(self.first)[0].startswith("因提供虚假材料，自2019年1月1日")
        assert self.reasons(self.third) == ["已被列入严重违法失信名单，请依法移出名单后再申报"]
        assert self.status(self.second) == EntryStatus.ACCEPTED.value

    @pytest.mark.duty("E1", "E2", "E3")
    def test_what_is_found_during_the_publication_and_what_was_never_published(self) -> None:
        self.check(*self.entries[1:])
        self.check(self.first, failed=(CHECKS[2].code,))
        self.consult()
        notice = self.publish()
        self.check(self.second, failed=(CHECKS[4].code,))
        self.check(self.first)
        self.over(notice)
        found = self.refused(qualification.settle, "office", self.cycle)
        assert found.text() == f"{self.first.code} 审查通过但未经公示，请重新公示受理名单（《细则》四（三）2）"
        again = self.publish()
        assert {i["code"] for i in again.items} == {e.code for e in self.entries} - {self.second.code}
        self.over(again)
        assert self.settle()["failing"] == [self.second.code]
        assert self.status(self.first) == EntryStatus.ACCEPTED.value

    @pytest.mark.duty("E2")
    def test_an_objection_upheld_in_the_first_list_is_not_lost_in_the_second(self) -> None:
        self.check(*self.entries[1:])
        self.check(self.first, failed=(CHECKS[2].code,))
        self.consult()
        notice = self.publish()
        details = {"content": "弄虚作假", "entry": self.second.code, "name": "周平", "contact": "100"}
        objection = self.world.do(publicity.lodge_objection, PUBLIC, notice, **details).value
        self.world.do(publicity.investigate, "office", objection, findings="经查属实")
        self.world.do(publicity.answer, "office", objection, upheld=True, text="属实")
        self.over(notice)
        self.check(self.first)
        again = self.publish()
        assert self.second.code not in {i["code"] for i in again.items}
        self.over(again)
        self.check(self.second)
        assert self.settle()["failing"] == [self.second.code]

    @pytest.mark.duty("E2")
    def test_withdrawn_during_the_publication(self) -> None:
        self.check()
        self.consult()
        notice = self.publish()
        self.world.do(application.withdraw, self.world.owners[self.first.code], self.first)
        self.over(notice)
        found = self.settle()
        assert (self.first.code in found["accepted"], self.first.code in found["failing"]) == (False, False)
        assert self.status(self.first) == EntryStatus.WITHDRAWN.value

    @pytest.mark.duty("E2", "L1")
    def test_the_stage_waits_for_the_accepted_list_and_the_office_alone_settles_it(self) -> None:
        self.check()
        self.consult()
        for act in (qualification.publish, qualification.settle, qualification.commission):
            details = {"agency": self.world.people[self.agency].unit, "terms": "委托"} if act is qualification.commission else {}
            for who in (self.agency, self.first.recommender.code, self.world.cast.departments[0].code):
                assert self.refused(act, who, self.cycle, error=NotPermitted, **details).refusals[0].code == "role"
        assert self.refused(advance, "office", self.cycle).text() == "受理名单尚未确定，6 项申报待资格审查或公示（《细则》四（三）2）"
        notice = self.publish()
        assert len(self.refused(advance, "office", self.cycle).refusals) == 2
        self.over(notice)
        self.settle()
        assert self.refused(qualification.publish, "office", self.cycle).text() == "没有待公示的申报（《细则》四（三）2）"
        assert self.world.do(advance, "office", self.cycle).value == Stage.MATERIAL_REVIEW
        found = self.refused(qualification.settle, "office", self.cycle, error=NotPermitted)
        assert found.refusals[0].code == "stage"

    @pytest.mark.duty("B2")
    def test_the_category_is_locked_once_accepted(self) -> None:
        person = next(e for e in self.entries if e.award == "individual")
        self.check()
        self.consult()
        self.over(self.publish())
        self.settle()
        other = "other" if person.category != "other" else "front_line"
        found = self.refused(application.correct_category, "office", person, error=NotPermitted, category=other, reason="更正")
        assert found.text() == "当前状态为“已受理”，不能办理“更正个人奖类别”（《细则》二（二））"
