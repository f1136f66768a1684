"""How experts keep their record, and what the office and the agency do with it (F1, G4, K7; Q18, Q36)."""

import json
from datetime import date
from typing import Any

import pytest

from tests.stages.drawing import payload
from tests.stages.playing import Played, played
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, NotPermitted
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.people.models import Person, RoleGrant
from zhiheng.process.register import library, panel
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel import facts
from zhiheng.stages.panel.models import Appraisal, BankAccount, Conflict, Expert, Panel, Revision
from zhiheng.stages.panel.selectors import unfit

NUMBER = "6217000099998888777"


class Serving(Played):
    """The material panels are drawn, half of the sheets are in."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        return played(Stage.MATERIAL_REVIEW, orgs=3, persons=0, experts=24, members=1)

    def setUp(self) -> None:
        super().setUp()
        self.expert = Expert.objects.select_related("person").get(code="ZJ0004")

    def text(self, act: Any, who: str | Acting, subject: Any = None, **details: Any) -> str:
        found: str = self.refused(act, who, subject, **details).refusals[0].text
        return found

    def pending(self) -> Revision:
        return Revision.objects.get(expert=self.expert, status="pending")


#: Where nobody of the play lives.
CITY = "测试市"


@pytest.mark.duty("F1", "K7")
class TestRevision(Serving):
    def ask(self, **given: Any) -> None:
        self.world.do(library.update_profile, "ZJ0004", self.expert, **given)
        self.expert.refresh_from_db()

    def test_what_the_draw_rests_on_waits_and_the_rest_counts_at_once(self) -> None:
        before = self.expert.employer
        self.ask(employer="河北新某研究院", title="特聘研究员", languages=["英语", " 英语", ""], contact="13900000000", grounds="调动")
        assert (self.expert.employer, self.expert.title, self.expert.languages) == (before, "特聘研究员", ["英语"])
        assert Person.objects.get(pk=self.expert.person_id).contact == "13900000000"
        row = self.pending()
        assert (row.before, row.after, row.grounds) == ({"employer": before}, {"employer": "河北新某研究院"}, "调动")
        assert payload("panel.update_profile") == {"expert": "ZJ0004", "changed": ["contact", "languages", "title"], "asked": ["employer"]}
        assert Notification.objects.filter(to="role:office", title="专家信息变更待审核").count() == 1

    def test_a_new_tie_bars_before_the_office_has_read_it_and_nothing_else_counts(self) -> None:
        group = Expert.objects.exclude(credit_code__in=["", self.expert.credit_code])[0].credit_code
        self.ask(employer="河北新某研究院", group_code=group, consulted=[{"employer": "某客户", "until": None}], leader=True)
        found = facts.expert(self.expert)
        assert {"河北新某研究院", group, "某客户"} <= {name for name, until in found.employers if until is None}
        assert found.leader is False or self.expert.leader
        pooled = next(one for one in facts.pool(self.cycle) if one.code == "ZJ0004")
        assert pooled.employers == found.employers

    def test_the_office_adopts_or_not_with_a_reason(self) -> None:
        self.ask(city=CITY)
        row = self.pending()
        assert self.refused(library.rule_on_revision, "agency", row, error=NotPermitted, adopt=True).refusals[0].code == "role"
        assert self.text(library.rule_on_revision, "office", row, adopt=False) == "请填写不予采用的理由"
        self.world.do(library.rule_on_revision, "office", row, adopt=False, reason="未见调动文件")
        self.expert.refresh_from_db()
        assert self.expert.city != CITY
        assert self.text(library.rule_on_revision, "office", row, adopt=True) == "该变更已经审核或撤回"
        self.ask(city=CITY)
        self.world.do(library.rule_on_revision, "office", self.pending(), adopt=True)
        self.expert.refresh_from_db()
        assert self.expert.city == CITY
        assert payload("panel.rule_on_revision") == {"expert": "ZJ0004", "adopt": True, "fields": ["city"], "reason": ""}

    def test_a_later_request_takes_the_place_of_an_earlier(self) -> None:
        one, other = [city for city in (CITY, "邢台市", "衡水市") if city != self.expert.city][:2]
        self.ask(city=one)
        first = self.pending()
        assert self.text(library.update_profile, "ZJ0004", self.expert, city=one) == "没有改动的内容"
        self.ask(city=other)
        first.refresh_from_db()
        assert (first.status, self.pending().after) == ("withdrawn", {"city": other})
        self.ask(city=self.expert.city)  # as it is on record: nothing is asked any more
        assert not Revision.objects.filter(expert=self.expert, status="pending").exists()

    def test_nobody_rules_on_their_own(self) -> None:
        self.ask(city=CITY)
        office = self.world.people["office"]
        RoleGrant.objects.create(person=self.expert.person, role="office", unit=office.unit, granted_at=clock.now())
        own = Acting(Role.OFFICE, self.expert.person, office.unit)
        assert self.text(library.rule_on_revision, own, self.pending(), adopt=True) == "不得审核本人的信息变更，请由其他工作人员办理"
        assert self.text(library.amend_expert, own, self.expert, reason="更正", title="教授").startswith("不得办理本人的")
        self.world.do(panel.suspend_expert, "office", self.expert, remove=False, reason="核查")
        assert self.text(library.reinstate_expert, own, self.expert, reason="无事").startswith("不得办理本人的")

    def test_an_expert_changes_only_their_own_and_never_the_term(self) -> None:
        said = self.refused(library.update_profile, "ZJ0005", self.expert, error=NotPermitted, title="教授")
        assert said.refusals[0].code == "scope"
        assert self.text(library.update_profile, "ZJ0004", self.expert, term_until=date(2099, 1, 1)) == "聘期由省质评办确定"

    def test_bad_input(self) -> None:
        cases: list[tuple[dict[str, Any], str]] = [
            ({"employer": ""}, "请填写专家的工作单位、熟悉行业和可评类别"),
            ({"credit_code": "9113"}, "工作单位信用代码有误，应为18位统一社会信用代码，请核对"),
            ({"industries": ["98"]}, "“98”不是《国民经济行业分类》的大类代码"),
            ({"industries": ["26"], "main_industries": ["27"]}, "主攻行业须在熟悉行业之内"),
            ({"qualifications": [{"kind": "wizard"}]}, "评审资格须写明类别，发证日期不晚于有效期，日期按“2024-05-01”的格式填写"),
            ({"training": [{"course": " "}]}, "培训经历须写明培训名称，日期按“2024-05-01”的格式填写"),
            ({"title": "长" * 61}, "职称请控制在 60 字以内"),
            ({"kind": "other"}, "请选择专家类型"),
        ]
        for given, said in cases:
            assert self.text(library.update_profile, "ZJ0004", self.expert, **given) == said


@pytest.mark.duty("F1")
class TestUpkeep(Serving):
    def test_a_confirmation_holds_for_twelve_months(self) -> None:
        Expert.objects.filter(pk=self.expert.pk).update(confirmed_on=None, approved_on=date(2020, 1, 1))
        self.expert.refresh_from_db()
        params = self.world.pack.parameters
        assert "至今未确认" in unfit(self.expert, clock.today(), params)
        assert self.refused(library.confirm_profile, "ZJ0005", self.expert, error=NotPermitted).refusals[0].code == "scope"
        self.world.do(library.confirm_profile, "ZJ0004", self.expert)
        self.expert.refresh_from_db()
        assert (self.expert.confirmed_on, unfit(self.expert, clock.today(), params)) == (clock.today(), "")

    def test_absences_replace_those_before(self) -> None:
        self.world.do(library.set_absences, "ZJ0004", self.expert, periods=[(date(2030, 1, 5), date(2030, 1, 9), "出国")])
        self.world.do(library.set_absences, "office", self.expert, periods=[(date(2030, 3, 1), date(2030, 3, 2), "住院")])
        assert [(a.from_on, a.note) for a in self.expert.absences.all()] == [(date(2030, 3, 1), "住院")]
        assert payload("panel.set_absences") == {"expert": "ZJ0004", "periods": [["2030-03-01", "2030-03-02"]]}
        wrong = [(date(2030, 1, 9), date(2030, 1, 5), "")]
        assert self.text(library.set_absences, "ZJ0004", self.expert, periods=wrong) == "结束日期不应早于开始日期"
        assert self.refused(library.set_absences, "ZJ0005", self.expert, error=NotPermitted, periods=[]).refusals[0].code == "scope"

    def test_the_office_corrects_at_once_with_a_reason(self) -> None:
        assert self.text(library.amend_expert, "office", self.expert, reason=" ", title="教授") == "请填写更正的理由"
        assert self.text(library.amend_expert, "office", self.expert, reason="核对", title=self.expert.title) == "没有改动的内容"
        self.world.do(library.amend_expert, "office", self.expert, reason="核对档案", title="教授", term_until=date(2031, 12, 31))
        self.expert.refresh_from_db()
        assert (self.expert.title, self.expert.term_until) == ("教授", date(2031, 12, 31))
        assert payload("panel.amend_expert") == {"expert": "ZJ0004", "changed": ["term_until", "title"], "reason": "核对档案"}

    def test_the_journal_of_an_export_says_what_was_taken(self) -> None:
        self.world.do(library.export_experts, "agency", None, count=3, narrowed={"city": "唐山市"})
        row = JournalEntry.objects.latest("pk")
        assert (row.kind, json.loads(row.body)["payload"]) == ("look", {"experts": 3, "narrowed": {"city": "唐山市"}})


@pytest.mark.duty("F1", "K7")
class TestBank(Serving):
    def keep(self) -> BankAccount:
        self.world.do(library.set_bank, "ZJ0004", self.expert, bank="某银行某支行", holder="某某", number=" 6217 0000 9999 8888 777 ")
        return BankAccount.objects.get(expert=self.expert)

    def test_it_lies_encrypted_and_the_journal_knows_nothing_of_it(self) -> None:
        row = self.keep()
        assert row.mask == "**** 8777"
        assert NUMBER not in row.sealed
        assert payload("panel.set_bank") == {"expert": "ZJ0004"}
        assert not [e for e in JournalEntry.objects.all() if NUMBER in e.body or "某银行" in e.body]

    def test_only_the_office_opens_it_and_each_look_is_on_record(self) -> None:
        assert self.text(library.look_bank, "office", Expert.objects.filter(bank_account=None).first()) == "该专家尚未登记收款账户"
        self.keep()
        for who in ("agency", "inspector", "ZJ0004"):
            assert self.refused(library.look_bank, who, self.expert, error=NotPermitted).refusals[0].code == "role"
        found = self.world.do(library.look_bank, "office", self.expert)
        assert found.value == {"bank": "某银行某支行", "holder": "某某", "number": NUMBER}
        row = JournalEntry.objects.latest("pk")
        assert (row.kind, json.loads(row.body)["payload"]) == ("look", {"expert": "ZJ0004"})

    def test_it_is_ones_own_and_a_number(self) -> None:
        fields = {"bank": "某银行", "holder": "某某", "number": NUMBER}
        assert self.refused(library.set_bank, "ZJ0005", self.expert, error=NotPermitted, **fields).refusals[0].code == "scope"
        for number in ("1234567", "6217abcd0000", "1" * 31):
            assert self.text(library.set_bank, "ZJ0004", self.expert, **fields | {"number": number}) == "账号应为8至30位数字，请核对"
        assert self.text(library.set_bank, "ZJ0004", self.expert, **fields | {"holder": " "}) == "请填写开户银行和户名"


@pytest.mark.duty("F1", "G4")
class TestAppraisal(Serving):
    def test_after_a_sheet_and_beside_the_earlier(self) -> None:
        one = Panel.objects.filter(sheets__isnull=False).distinct()[0]
        expert = Expert.objects.filter(sheets__panel=one).distinct()[0]
        self.world.do(library.appraise, "agency", one, expert=expert, rating="good")
        self.world.do(library.appraise, "office", one, expert=expert, rating="poor", text="评语空泛")
        assert list(Appraisal.objects.order_by("version").values_list("rating", flat=True)) == ["good", "poor"]
        expected = {"panel": one.code, "round": "material", "expert": expert.code, "version": 2, "rating": "poor"}
        assert payload("panel.appraise") == expected
        assert self.text(library.appraise, "agency", one, expert=expert, rating="poor") == "评价为“不称职”的，请写明情况"
        assert self.text(library.appraise, "agency", one, expert=expert, rating="best") == "请选择评价等次"
        stranger = Expert.objects.exclude(seats__panel=one)[0]
        assert self.text(library.appraise, "agency", one, expert=stranger, rating="good") == "该专家不在本评审专家组"
        assert self.refused(library.appraise, expert.code, one, error=NotPermitted, expert=expert, rating="good").refusals[0].code == "role"

    def test_not_before_a_sheet(self) -> None:
        one = Panel.objects.all()[0]
        one.sheets.all().delete()
        seat = one.seats.filter(vacated_at=None)[0]
        assert self.text(library.appraise, "agency", one, expert=seat.expert, rating="good") == "该专家尚未提交评分表，评审后再作评价"


@pytest.mark.duty("K7")
class TestAnApplicantsRequest(Serving):
    """In its own words, with proof, and without learning who is an expert (T2)."""

    def setUp(self) -> None:
        super().setUp()
        self.entry: Entry = Entry.objects.filter(cycle=self.cycle, panels__isnull=False).order_by("code")[0]
        self.owner = self.world.owners[self.entry.code]

    def ask(self, named: str) -> Any:
        details = {"kind": "declared", "grounds": "曾有诉讼", "unproved": "法院已公开审理"}
        return self.world.do(panel.declare_conflict, self.owner, self.entry, named=named, **details)

    def test_known_and_unknown_are_answered_alike(self) -> None:
        known, unknown = self.ask(self.expert.person.name), self.ask("查无此人（某公司）")
        assert known.decision.text() == unknown.decision.text() == "回避申请已登记，待省质评办审定"
        rows = {row.named: row.person for row in Conflict.objects.filter(kind="requested")}
        assert rows == {self.expert.person.name: self.expert.person, "查无此人（某公司）": None}

    def test_what_the_expert_said_before_is_not_told(self) -> None:
        self.world.do(panel.declare_conflict, "ZJ0004", self.entry, person=self.expert.person, kind="kin", grounds="配偶任职")
        assert self.ask(self.expert.person.name).decision.ok
        said = self.text(
            panel.declare_conflict, self.owner, self.entry, kind="kin", grounds="同上", named=self.expert.person.name, unproved="有"
        )
        assert said == "您已就该人员提出回避申请，请等待审定"  # its own words, told back

    def test_proof_or_a_reason_and_a_name(self) -> None:
        details = {"kind": "declared", "grounds": "曾有诉讼"}
        said = self.text(panel.declare_conflict, self.owner, self.entry, named="某人", **details)
        assert said == "请上传证明材料；确无材料的，请说明情况"
        assert self.text(panel.declare_conflict, self.owner, self.entry, unproved="无", **details) == "请写明请求回避的人员姓名"

    def test_the_office_says_who_it_is(self) -> None:
        row = self.ask("查无此人").value
        assert self.text(panel.rule_on_conflict, "office", row, stands=True, reason="属实") == "请先核对申报方所指的人员"
        own = self.world.people["office"].person
        said = self.text(panel.rule_on_conflict, "office", row, stands=True, reason="属实", person=own)
        assert said == "不得审定本人的回避事项，请由其他工作人员办理"
        self.world.do(panel.rule_on_conflict, "office", row, stands=True, reason="属实", person=self.expert.person)
        row.refresh_from_db()
        assert (row.person, row.status) == (self.expert.person, "standing")

    def test_two_of_one_name_are_told_apart_by_employer(self) -> None:
        other = Expert.objects.get(code="ZJ0005")
        Person.objects.filter(pk=other.person_id).update(name=self.expert.person.name)
        assert self.ask(self.expert.person.name).value.person is None
        if other.employer != self.expert.employer:
            assert self.ask(f"{self.expert.person.name}（{self.expert.employer}）").value.person == self.expert.person

    def test_the_words_are_in_no_journal(self) -> None:
        self.ask("查无此人（某公司）")
        assert payload("panel.declare_conflict") == {"person": "", "kind": "requested", "status": "pending"}
        assert not [e for e in JournalEntry.objects.all() if "查无此人" in e.body]
