"""The recommender: four sides, departments, publicity, opinion, consent, recommendation (D4, D5, L2; Q11)."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from tests.stages import drafts
from tests.stages.playing import PACK, PUBLIC, Played, called
from zhiheng.foundation import clock
from zhiheng.foundation.acts import REGISTER, Acting, NotPermitted
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.files.letters import Letterhead
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.parties.models import Party
from zhiheng.foundation.people.models import RoleGrant
from zhiheng.foundation.publicity.models import Notice, Objection
from zhiheng.process.register import application, publicity, recommendation
from zhiheng.process.services import advance
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage
from zhiheng.simulation import applying, play
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import Entry
from zhiheng.stages.recommendation.models import CityOpinion, Recommendation

DEADLINE = clock.at(date(2024, 4, 28), 18)


def sides(*failed: str, note: str = "情况说明") -> list[dict[str, Any]]:
    """The examination of every side; those named did not pass."""
    codes = [c.code for c in PACK.checks_at(Stage.RECOMMENDATION)]
    return [{"code": code, "passed": code not in failed, "note": note if code in failed else ""} for code in codes]


def payload(act: str) -> dict[str, Any]:
    entry = JournalEntry.objects.filter(act=act, kind="act").order_by("pk").last()
    assert entry is not None
    found: dict[str, Any] = json.loads(entry.body)["payload"]
    return found


class Recommending(Played):
    """Six submitted applications; `entry` is one of them, `unit` its recommender, `other` one of another city."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = called(4, 2)
        applying.apply(world, cycle, play.applicants(world.cast))
        world.today(date(2024, 3, 12))
        return world, cycle

    def setUp(self) -> None:
        super().setUp()
        self.entry = Entry.objects.select_related("recommender", "owner").order_by("code")[0]
        self.unit = self.entry.recommender.code
        self.other = next(r.code for r in PACK.recommenders if r.code != self.unit)
        Party.objects.update(group_code="")

    def fresh(self) -> Entry:
        return Entry.objects.get(pk=self.entry.pk)

    def letter(self, issuer: str = "市生态环境局") -> Letterhead:
        return applying.letter(issuer, "环函〔2024〕1号")

    def check(self, entry: Entry | None = None, **details: Any) -> None:
        entry = entry or self.entry
        details = {"sides": sides(), "warnings_answer": "已核实，各自独立申报", **details}
        self.world.do(recommendation.check, entry.recommender.code, entry, **details)

    def opinion(self, entry: Entry | None = None, **details: Any) -> None:
        entry, details = entry or self.entry, {"department": "市生态环境局", "positive": True, "letter": self.letter(), **details}
        self.world.do(recommendation.city_opinion, entry.recommender.code, entry, **details)

    def publish(self) -> Notice:
        self.check()
        self.opinion()
        notice: Notice = self.world.do(recommendation.publish, self.unit, self.cycle, entries=[self.entry]).value
        return notice

    def published(self) -> Notice:
        """Published, the days passed, closed."""
        notice = self.publish()
        self.world.outlast(notice)
        self.world.do(publicity.close, self.unit, notice)
        return notice

    def sign(self, **details: Any) -> None:
        self.world.do(recommendation.sign, self.unit, self.entry, **({"opinion": "同意推荐", "signed_by": "李局长"} | details))

    def consent(self) -> None:
        self.world.do(recommendation.consent, self.unit, self.entry, letter=self.letter("市质量强市战略议事协调机构"))

    def text(self, act: Any, who: str | Acting | None = None, subject: Any = None, **details: Any) -> str:
        return str(self.refused(act, who or self.unit, subject or self.entry, **details).text())


class TestTheWhole(Recommending):
    """The lawful way, and every step left out."""

    @pytest.mark.duty("D4", "L2", "D5")
    def test_from_the_check_to_the_recommendation(self) -> None:
        self.check()
        assert payload("recommendation.check") == {"sides": dict.fromkeys((c.code for c in PACK.checks_at(Stage.RECOMMENDATION)), True)}
        self.opinion()
        notice = self.publish()
        assert (notice.kind, notice.days, notice.ends_on, notice.unit.code) == ("city_publicity", 5, date(2024, 3, 19), self.unit)
        assert [item["code"] for item in notice.items] == [self.entry.code]
        kept = payload("recommendation.publish")
        assert (kept["entries"], kept["days"], kept["ends_on"], kept["digest"]) == ([self.entry.code], 5, "2024-03-19", notice.digest)
        self.world.outlast(notice)
        self.world.do(publicity.close, self.unit, notice)
        self.sign()
        assert payload("recommendation.sign") == {"notice": notice.code}
        self.consent()
        assert payload("recommendation.consent")["letter"]["issuer"] == "市质量强市战略议事协调机构"
        self.world.do(recommendation.recommend, self.unit, self.entry)
        assert self.fresh().status == EntryStatus.RECOMMENDED.value
        record = Recommendation.objects.get()
        assert (record.opinion, record.signed_by, record.concluded_at) == ("同意推荐", "李局长", clock.now())
        titles = set(Notification.objects.filter(text=self.entry.code).values_list("to", "title"))
        assert titles >= {("role:office", "收到推荐"), (f"person:{self.entry.owner.code}", "申报已获推荐")}

    @pytest.mark.duty("D4")
    def test_no_step_without_the_one_before(self) -> None:
        code, pub = self.entry.code, {"subject": self.cycle, "entries": [self.entry]}
        signed = {"opinion": "同意", "signed_by": "李局长"}
        no_consent = "须经市质量强市战略议事协调机构同意后方可推荐（《细则》四（二））"
        no_signature = "须先签署审核意见，再提请市质量强市战略议事协调机构同意（《细则》四（二））"
        assert self.text(recommendation.publish, **pub) == f"{code} 尚未审核（《细则》四（二））"
        assert self.text(recommendation.sign, **signed) == f"{code} 尚未公示，请先发布公示（《细则》四（二））"
        assert self.text(recommendation.consent, letter=self.letter()) == no_signature
        assert self.text(recommendation.recommend) == no_consent
        self.check()
        assert self.text(recommendation.publish, **pub) == f"{code} 尚未征求同级有关部门意见（《细则》四（二））"
        self.opinion()
        notice = self.world.do(recommendation.publish, self.unit, self.cycle, entries=[self.entry]).value
        running = f"{code} 公示尚未结束（截止2024年3月19日），期满且异议办结后方可继续（《细则》四（二））"
        assert self.text(recommendation.sign, **signed) == running
        self.world.outlast(notice)
        assert self.text(recommendation.sign, **signed) == running
        self.world.do(publicity.close, self.unit, notice)
        assert self.text(recommendation.consent, letter=self.letter()) == no_signature
        self.sign()
        assert self.text(recommendation.recommend) == no_consent
        self.consent()
        self.world.do(recommendation.recommend, self.unit, self.entry)
        found = self.refused(recommendation.recommend, self.unit, self.entry, error=NotPermitted)
        assert found.text() == "当前状态为“已推荐”，不能办理“推荐”（《细则》四（二））"

    @pytest.mark.duty("D4", "L2")
    def test_the_publicity_lasts_five_working_days_to_midnight(self) -> None:
        notice = self.publish()
        clock.set_to(clock.at(date(2024, 3, 19), 23, 59))
        assert self.refused(publicity.close, self.unit, notice).refusals[0].code == "publicity.running"
        clock.set_to(clock.at(date(2024, 3, 20), 0))
        self.world.do(publicity.close, self.unit, notice)
        self.sign()

    @pytest.mark.duty("D4", "L2")
    def test_objections_hold_the_opinion(self) -> None:
        notice = self.publish()
        lodged = {"content": "指标与实际不符", "entry": self.entry.code}
        formal = self.world.do(publicity.lodge_objection, PUBLIC, notice, **lodged, name="周平", contact="100").value
        self.world.do(publicity.lodge_objection, PUBLIC, notice, **lodged)
        self.world.outlast(notice)
        assert self.refused(publicity.close, self.unit, notice).refusals[0].code == "publicity.objections"
        assert self.refused(publicity.answer, self.unit, formal, upheld=True, text="属实").text().startswith("请先登记调查情况")
        self.world.do(publicity.investigate, self.unit, formal, findings="经查不符")
        self.world.do(publicity.answer, self.unit, formal, upheld=True, text="属实")
        self.world.do(publicity.close, self.unit, notice)
        said = self.text(recommendation.sign, opinion="同意推荐", signed_by="李局长")
        assert said == f"公示期间的异议（{formal.number}）经查属实，不能签署推荐意见，请办理不予推荐（《细则》四（二））"
        assert self.text(recommendation.return_entry, reason="补正") == (
            f"公示期间对该申报有未办结或经查属实的异议（{formal.number}），不能退回，请先办结（《细则》四（二））"
        )
        Objection.objects.filter(pk=formal.pk).update(status="dismissed")
        self.sign()

    @pytest.mark.duty("D4")
    def test_not_recommended_and_told_why(self) -> None:
        assert self.text(recommendation.decline, reason=" ") == "请写明不予推荐的理由，将告知申报人（《细则》四（二））"
        self.check(sides=sides("truth"))
        self.world.do(recommendation.decline, self.unit, self.entry, reason="主要指标不实")
        assert self.fresh().status == EntryStatus.NOT_RECOMMENDED.value
        assert payload("recommendation.decline") == {"reason": "主要指标不实"}
        told = Notification.objects.get(to=f"person:{self.entry.owner.code}", title="申报未予推荐")
        assert told.text == f"{self.entry.code}：主要指标不实"
        assert Recommendation.objects.get().reason == "主要指标不实"

    @pytest.mark.duty("D4", "L1")
    def test_the_stage_waits_for_every_recommender(self) -> None:
        clock.set_to(DEADLINE)
        self.world.do(advance, "office", self.cycle)
        assert self.refused(advance, "office", self.cycle).text() == "尚有 6 项申报未完成审核推荐（《细则》四（二））"
        for entry in Entry.objects.filter(status=EntryStatus.SUBMITTED.value).select_related("recommender"):
            self.world.do(recommendation.decline, entry.recommender.code, entry, reason="不符合")
        assert self.world.do(advance, "office", self.cycle).value == Stage.QUALIFICATION


class TestTheCheck(Recommending):
    """Four sides, departments, findings of Q11, return for correction."""

    @pytest.mark.duty("D4")
    def test_every_side_once_with_a_conclusion_and_a_reason(self) -> None:
        codes = [c.code for c in PACK.checks_at(Stage.RECOMMENDATION)]
        titles = "、".join(c.title for c in PACK.checks_at(Stage.RECOMMENDATION))
        assert len(codes) == 4
        whole = f"审核须就{titles}各填写一次结论（《细则》四（二））"
        for code in codes:
            assert self.text(recommendation.check, sides=[s for s in sides() if s["code"] != code]) == whole
        assert self.text(recommendation.check, sides=[*sides(), sides()[0]]) == whole
        assert self.text(recommendation.check, sides=[*sides()[:3], {"code": "beauty", "passed": True}]) == whole
        assert self.text(recommendation.check, sides=[]) == whole
        for wrong in (None, "true", 1):
            assert self.text(recommendation.check, sides=[*sides()[:3], {"code": codes[3], "passed": wrong}]) == (
                "审核的结论须为“符合”或“不符合”（《细则》四（二））"
            )
        assert self.text(recommendation.check, sides=sides(codes[1], note=" ")) == (
            "审核不符合的方面须写明情况，将告知申报人和推荐单位（《细则》四（二））"
        )
        assert (
            self.text(recommendation.check, sides=sides(codes[1], note="长" * 2001)) == "“审查情况”超过 2000 字，请精简（《细则》四（二））"
        )
        assert not Recommendation.objects.exists()
        self.check(sides=[{**side, "verified": "extra"} for side in sides()])
        assert Recommendation.objects.get().sides == sides()

    @pytest.mark.duty("D4")
    def test_one_failed_side_of_four_holds_the_publication(self) -> None:
        self.opinion()
        for check in PACK.checks_at(Stage.RECOMMENDATION):
            self.check(sides=sides(check.code))
            found = self.refused(recommendation.publish, self.unit, self.cycle, entries=[self.entry])
            assert [(r.code, r.duty, r.text) for r in found.refusals] == [
                ("failed", "D4", f"{self.entry.code} 审核“{check.title}”不符合要求：情况说明")
            ]
        self.check()
        self.world.do(recommendation.publish, self.unit, self.cycle, entries=[self.entry])

    @pytest.mark.duty("D4")
    def test_what_is_found_after_the_publication_holds_the_opinion_and_the_recommendation(self) -> None:
        self.published()
        self.check(sides=sides(PACK.checks_at(Stage.RECOMMENDATION)[1].code))
        assert self.refused(recommendation.sign, self.unit, self.entry, opinion="同意", signed_by="李").refusals[0].code == "failed"
        self.check()
        self.sign()
        self.consent()
        self.check(sides=sides(PACK.checks_at(Stage.RECOMMENDATION)[1].code))
        assert self.refused(recommendation.recommend, self.unit, self.entry).refusals[0].code == "failed"

    @pytest.mark.duty("D4")
    def test_a_departments_adverse_opinion_holds_until_that_department_agrees(self) -> None:
        assert self.text(recommendation.city_opinion, department="税务局", positive=False, letter=self.letter()) == (
            "有不同意见的须写明具体情况（《细则》四（二））"
        )
        assert (
            self.text(recommendation.city_opinion, department=" ", positive=True, letter=self.letter())
            == "请填写部门名称（《细则》四（二））"
        )
        assert (
            self.refused(recommendation.city_opinion, self.unit, self.entry, department="税务局", positive=True).refusals[0].code
            == "letter"
        )
        self.opinion(department="税务局", positive=False, text="欠税")
        self.published()
        said = "同级部门有不同意见（税务局：欠税），经该部门复核无异议前不能推荐（《细则》四（二））"
        signed = {"opinion": "同意推荐", "signed_by": "李局长"}
        assert self.text(recommendation.sign, **signed) == said
        self.opinion(department="生态环境局")
        assert self.text(recommendation.sign, **signed) == said
        self.opinion(department="税务局", text="已缴清")
        self.sign()
        self.consent()
        self.opinion(department="应急局", positive=False, text="发生事故")
        assert self.text(recommendation.recommend) == said.replace("税务局：欠税", "应急局：发生事故")
        assert payload("recommendation.city_opinion")["positive"] is False

    @pytest.mark.duty("D4", "L1")
    def test_departments_and_the_coordination_body_may_speak_for_themselves(self) -> None:
        department = self.own(Role.CITY_DEPARTMENT, self.unit)
        body = self.own(Role.CITY_COORDINATION, self.unit)
        self.check()
        self.world.do(recommendation.city_opinion, department, self.entry, department="市税务局", positive=True)
        assert CityOpinion.objects.get().letter is None
        self.published()
        self.sign()
        assert self.refused(recommendation.consent, self.unit, self.entry).refusals[0].code == "letter"
        for acting in (self.own(Role.CITY_COORDINATION, self.other), self.own(Role.CITY_DEPARTMENT, self.other)):
            act, details = (
                (recommendation.consent, {})
                if acting.role == Role.CITY_COORDINATION
                else (recommendation.city_opinion, {"department": "税务局", "positive": True})
            )
            assert self.refused(act, acting, self.entry, error=NotPermitted, **details).refusals[0].code == "scope"
        self.world.do(recommendation.consent, body, self.entry)
        self.world.do(recommendation.recommend, self.unit, self.entry)

    def own(self, role: Role, unit: str) -> Acting:
        """Somebody who acts for an outside party of the city."""
        staff = self.world.people[unit]
        person = self.world.people["inspector"].person
        RoleGrant.objects.create(person=person, role=role.value, unit=staff.unit, granted_at=clock.now())
        return Acting(role, person, staff.unit)

    @pytest.mark.duty("D4", "B5")
    def test_findings_of_sister_firms_must_be_answered(self) -> None:
        sister = Entry.objects.exclude(pk=self.entry.pk).filter(award="organization").order_by("code")[0]
        Party.objects.filter(pk__in=[self.entry.party_id, sister.party_id]).update(group_code="G")
        said = f"请先核实并说明：与{sister.name}（{sister.code}）属于同一集团"
        found = self.refused(recommendation.check, self.unit, self.entry, sides=sides(), warnings_answer=" ").refusals[0].text
        assert found.startswith(said)
        self.check(warnings_answer="两家独立经营，均符合条件")
        assert self.fresh().warnings_answer == "两家独立经营，均符合条件"
        Entry.objects.filter(pk=self.entry.pk).update(warnings_answer="")
        self.published()
        Entry.objects.filter(pk=self.entry.pk).update(warnings_answer="")
        late = self.refused(recommendation.sign, self.unit, self.entry, opinion="同意", signed_by="李")
        assert late.refusals[0].code == "to_answer"

    @pytest.mark.duty("D4")
    def test_what_was_returned_is_examined_and_published_anew(self) -> None:
        notice = self.published()
        self.sign()
        self.consent()
        owner = self.world.owners[self.entry.code]
        assert self.text(recommendation.return_entry, reason="") == "请写明需要补正的内容（《细则》四（二））"
        self.world.do(recommendation.return_entry, self.unit, self.entry, reason="补充能耗数据")
        assert self.fresh().status == EntryStatus.DRAFT.value
        told = Notification.objects.get(title="申报已退回补正")
        assert (told.to, told.text) == (f"person:{self.entry.owner.code}", f"{self.entry.code}：补充能耗数据")
        drafts.rewrite(self.world, self.entry, achievements="改写后的业绩")
        self.world.minute()
        self.world.do(application.submit, owner, self.entry)
        assert self.refused(recommendation.recommend, self.unit, self.entry).refusals[0].duty == "D4"
        pub = {"subject": self.cycle, "entries": [self.entry]}
        assert self.text(recommendation.publish, **pub) == f"{self.entry.code} 尚未审核（《细则》四（二））"
        self.check()
        assert self.text(recommendation.publish, **pub) == f"{self.entry.code} 尚未征求同级有关部门意见（《细则》四（二））"
        self.opinion()
        again = self.world.do(recommendation.publish, self.unit, self.cycle, entries=[self.entry]).value
        assert again.code != notice.code
        assert again.items[0]["achievements"] == "改写后的业绩"

    @pytest.mark.duty("D4")
    def test_no_return_once_applying_has_closed(self) -> None:
        clock.set_to(DEADLINE - timedelta(seconds=1))
        second = Entry.objects.exclude(pk=self.entry.pk).order_by("code")[0]
        self.world.do(recommendation.return_entry, second.recommender.code, second, reason="补正")
        clock.set_to(DEADLINE)
        assert self.text(recommendation.return_entry, reason="补正") == (
            "申报已经截止，退回后不能再提交，请就现有材料作出审核结论（《细则》四（二））"
        )
        self.world.do(advance, "office", self.cycle)
        found = self.refused(recommendation.return_entry, self.unit, self.entry, error=NotPermitted, reason="补正")
        assert found.refusals[0].code == "stage"

    @pytest.mark.duty("D4")
    def test_a_new_opinion_asks_for_a_new_consent(self) -> None:
        self.published()
        for details in ({"opinion": " "}, {"signed_by": ""}):
            assert self.text(recommendation.sign, **({"opinion": "同意", "signed_by": "李"} | details)) == (
                "请填写审核意见并由负责人签署（《细则》四（二））"
            )
        long = {"opinion": "长" * 5001, "signed_by": "李" * 61}
        assert [r.code for r in self.refused(recommendation.sign, self.unit, self.entry, **long).refusals] == ["too_long", "too_long"]
        self.sign()
        self.consent()
        self.sign(opinion="重新审核后同意")
        assert self.refused(recommendation.recommend, self.unit, self.entry).refusals[0].duty == "D4"
        self.consent()
        self.world.do(recommendation.recommend, self.unit, self.entry)


class TestOthers(Recommending):
    """Another city's entry, other roles, stale lists (L1, T1, X7)."""

    @pytest.mark.duty("L1", "D4")
    def test_every_act_of_a_recommender_on_another_citys_entry(self) -> None:
        table: dict[str, dict[str, Any]] = {
            "recommendation.check": {"sides": sides()},
            "recommendation.return": {"reason": "补正"},
            "recommendation.city_opinion": {"department": "税务局", "positive": True, "letter": self.letter()},
            "recommendation.sign": {"opinion": "同意", "signed_by": "李"},
            "recommendation.consent": {"letter": self.letter()},
            "recommendation.recommend": {},
            "recommendation.decline": {"reason": "不符合"},
        }
        acts = {name for name, spec in REGISTER.items() if Role.RECOMMENDER in spec.roles and name.startswith("recommendation.")}
        assert acts - {"recommendation.publish"} == set(table)
        for name, details in table.items():
            found = self.refused(REGISTER[name], self.other, self.entry, error=NotPermitted, **details)
            assert [r.code for r in found.refusals] == ["scope"], name
            for who in ("office", self.world.cast.agency.code, self.world.owners[self.entry.code]):
                assert self.refused(REGISTER[name], who, self.entry, error=NotPermitted, **details).refusals[0].code == "role", name
        posing = Acting(Role.RECOMMENDER, self.world.people[self.other].person, self.entry.recommender)
        found = self.refused(recommendation.check, posing, self.entry, error=NotPermitted, sides=sides())
        assert found.refusals[0].code == "role"
        assert not Recommendation.objects.exists()
        assert self.fresh().status == EntryStatus.SUBMITTED.value

    @pytest.mark.duty("L1", "D4")
    def test_a_list_with_another_citys_entry_or_one_of_another_cycle(self) -> None:
        self.check()
        self.opinion()
        stranger = f"{self.entry.code} 不是本单位待推荐的申报（《细则》四（二））"
        assert self.text(recommendation.publish, self.other, self.cycle, entries=[self.entry]) == stranger
        cycle = Cycle.objects.create(code="2023", year=2023, title="2023", pack=self.cycle.pack, stage=Stage.RECOMMENDATION.value)
        assert self.text(recommendation.publish, self.unit, cycle, entries=[self.entry]) == stranger
        assert self.text(recommendation.publish, self.unit, self.cycle, entries=[]) == "请选择拟公示的申报（《细则》四（二））"
        assert not Notice.objects.filter(kind="city_publicity").exists()

    @pytest.mark.duty("D4")
    def test_an_entry_withdrawn_in_another_window_is_not_published(self) -> None:
        self.check()
        self.opinion()
        held = self.fresh()
        self.world.do(application.withdraw, self.world.owners[self.entry.code], self.entry)
        assert held.status == EntryStatus.SUBMITTED.value
        assert self.text(recommendation.publish, self.unit, self.cycle, entries=[held]) == (
            f"{self.entry.code} 不是本单位待推荐的申报（《细则》四（二））"
        )

    @pytest.mark.duty("D4")
    def test_an_entry_is_published_once_and_once_in_a_list(self) -> None:
        self.check()
        self.opinion()
        notice = self.world.do(recommendation.publish, self.unit, self.cycle, entries=[self.entry, self.fresh()]).value
        assert [item["code"] for item in notice.items] == [self.entry.code]
        assert self.text(recommendation.publish, self.unit, self.cycle, entries=[self.entry]) == (
            f"{self.entry.code} 已经公示，请勿重复发布（《细则》四（二））"
        )

    @pytest.mark.duty("D4")
    def test_a_list_of_three_is_in_a_neutral_order_and_each_fault_is_named(self) -> None:
        three = list(Entry.objects.order_by("-code")[:3])
        Entry.objects.filter(pk__in=[e.pk for e in three]).update(recommender=self.entry.recommender)
        three = list(Entry.objects.filter(pk__in=[e.pk for e in three]).select_related("recommender").order_by("-code"))
        self.check(three[0])
        self.opinion(three[0])
        self.check(three[1])
        found = self.refused(recommendation.publish, self.unit, self.cycle, entries=three)
        assert sorted(r.text for r in found.refusals) == sorted([f"{three[1].code} 尚未征求同级有关部门意见", f"{three[2].code} 尚未审核"])
        self.opinion(three[1])
        self.check(three[2])
        self.opinion(three[2])
        notice = self.world.do(recommendation.publish, self.unit, self.cycle, entries=three).value
        assert [item["name"] for item in notice.items] == sorted(e.name for e in three)
        assert Recommendation.objects.filter(notice=notice).count() == 3
