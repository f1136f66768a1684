"""After the award: bans, revocations to the exact day, money back, changes, follow-up visits, misuse, abuse (J6, K1–K7; Q29, Q30, Q35)."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.stages.finalists import Scores, at_nomination, awarded, last, visited
from tests.stages.playing import PUBLIC, Played
from zhiheng.foundation import clock
from zhiheng.foundation.acts import NotPermitted
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.parties.models import Ban, Honour
from zhiheng.foundation.people.models import Person
from zhiheng.process.register import commendation, panel, supervision
from zhiheng.rules.clocks import add_years, chinese_date
from zhiheng.rules.lifecycle import EntryStatus
from zhiheng.rules.sanctions import barred
from zhiheng.simulation.applying import letter
from zhiheng.simulation.world import World
from zhiheng.stages.application import facts as application_facts
from zhiheng.stages.application.models import Entry
from zhiheng.stages.commendation import selectors as commendations
from zhiheng.stages.commendation.models import LedgerLine
from zhiheng.stages.supervision import selectors
from zhiheng.stages.supervision.models import AbuseRecord, ChangeReport, Finding, MisuseReport, Revisit, Revocation

REVOKED_TEXT = "该事项不适用、已经办结，或其奖励已被取消（《细则》七（三））"


class Supervising(Played):
    """Two winning organizations of Shijiazhuang, one of Tangshan, one winning person; prizes paid but the person's."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = at_nomination(3)
        for city, site in (("sjz", "700"), ("ts", "650"), ("sjz", "600")):
            visited(world, cycle, "organization", Scores("600", site), city)
        visited(world, cycle, "organization", Scores("500", "500"))
        visited(world, cycle, "individual", Scores("75", "76", "18"))
        awarded(world, cycle)
        for entry in cycle.entries.filter(status="awarded", award="organization"):
            world.do(commendation.pay, "office", entry, amount=500_000, on=clock.today())
        return world, cycle

    def entry(self, number: int = 1, award: str = "Z") -> Entry:
        return Entry.objects.get(code=f"2024-{award}-{number:04d}")

    @property
    def won(self) -> date:
        found = selectors.awarded_on(self.entry())
        assert found is not None
        return found

    def event(self, entry: Entry, on: date) -> Revocation:
        head = letter("河北省应急管理厅", "冀应急函〔2027〕2号")
        row: Revocation = self.world.do(supervision.verify_event, "office", entry, text="重大生产安全事故", event_on=on, letter=head).value
        return row

    def agreed(self, entry: Entry, on: date) -> Revocation:
        row = self.event(entry, on)
        self.world.do(supervision.agree_revocation, "chair", row)
        row.refresh_from_db()
        return row


@pytest.mark.duty("K1")
class TestFalseMaterials(Supervising):
    def test_no_application_for_five_years_from_the_finding(self) -> None:
        entry = self.entry(4)
        self.world.do(supervision.find_false, "office", entry, text="业绩数据虚假")
        today = clock.today()
        last_day = add_years(today, 5)
        ban = Ban.objects.get()
        assert (ban.party, ban.from_on, ban.until, ban.duty, ban.article) == (entry.party, today, last_day, "K1", "七(一)")
        known = application_facts.applicant(entry).bans
        assert (barred(known, last_day).ok, barred(known, last_day + timedelta(days=1)).ok) == (False, True)
        assert json.loads(last("supervision.find_false").body)["payload"] == {"from": today.isoformat(), "until": last_day.isoformat()}
        told = Notification.objects.get(title="不予受理申报的决定")
        assert (told.to, told.text) == (f"person:{entry.owner.code}", f"{entry.code}：至{chinese_date(last_day)}")
        assert Finding.objects.get().found_on == today

    def test_a_cause_is_stated_and_a_draft_is_no_application(self) -> None:
        entry = self.entry(4)
        decision = self.refused(supervision.find_false, "office", entry, text=" ")
        assert decision.text() == "请写明隐瞒情况或提供虚假材料的事实，再作出不予受理的认定（《细则》七（一））"
        entry.status = EntryStatus.DRAFT.value
        entry.save()
        assert self.refused(supervision.find_false, "office", entry, error=NotPermitted, text="虚假").refusals[0].code == "state"
        assert not Ban.objects.exists()


@pytest.mark.duty("K2")
class TestDeceit(Supervising):
    def test_revoked_recovered_made_public_and_barred_for_ten_years(self) -> None:
        entry, today = self.entry(), clock.today()
        self.world.do(supervision.revoke_deceit, "office", entry, evidence="行贿评审专家，判决书〔2025〕12号")
        entry.refresh_from_db()
        assert (entry.status, entry.certificate.revoked_on, entry.certificate.recovered_on) == ("revoked", today, None)
        assert Honour.objects.get(party=entry.party).revoked_on == today
        ban = Ban.objects.get()
        assert (ban.from_on, ban.until, ban.duty, ban.article) == (today, add_years(today, 10), "K2", "七(二)")
        known = application_facts.applicant(entry)
        assert (barred(known.bans, ban.until).ok, barred(known.bans, ban.until + timedelta(days=1)).ok) == (False, True)
        assert known.past_award, "a revoked award still bars as a past award (B5)"
        notice = self.cycle.notices.get(kind="revocation_notice")
        assert (notice.days, [i["code"] for i in notice.items]) == (0, [entry.code])
        assert "＿" not in notice.title + notice.body
        for words in (entry.certificate.number, "七（二）的规定，决定取消其奖励", "追缴奖金人民币50万元", "不予受理其申报"):
            assert words in notice.body
        assert commendations.balance(entry) == {
            "awarded": 500_000, "paid": 500_000, "recovered": 0, "to_pay": 0, "to_recover": 500_000,
        }  # fmt: skip
        payload = json.loads(last("supervision.revoke_deceit").body)["payload"]
        said = {"ground": "deceit", "decided_on": today.isoformat(), "ban_until": add_years(today, 10).isoformat()}
        assert payload == {**payload, **said, "notice": notice.code, "digest": notice.digest, "entries": [entry.code]}

    def test_evidence_is_needed(self) -> None:
        self.refused(supervision.revoke_deceit, "office", self.entry(), evidence=" ")
        assert (Revocation.objects.count(), Ban.objects.count(), self.entry().status) == (0, 0, "awarded")

    def test_only_of_winners_and_once(self) -> None:
        loser = self.refused(supervision.revoke_deceit, "office", self.entry(4), error=NotPermitted, evidence="x")
        assert loser.refusals[0].code == "state"
        self.world.do(supervision.revoke_deceit, "office", self.entry(), evidence="贿赂查实")
        again = self.refused(supervision.revoke_deceit, "office", self.entry(), error=NotPermitted, evidence="再次")
        assert again.refusals[0].code == "state"
        assert (Ban.objects.count(), LedgerLine.objects.filter(kind="recall").count()) == (1, 1)

    @pytest.mark.duty("K2", "K3")
    def test_revoked_once_though_an_event_was_pending(self) -> None:
        entry = self.entry()
        pending, ready = self.event(entry, self.won), self.agreed(entry, self.won)
        self.world.do(supervision.revoke_deceit, "office", entry, evidence="贿赂查实")
        text = "没有经部门核实、待同意的取消奖励事项（《细则》七（三））"
        assert self.refused(supervision.agree_revocation, "chair", pending).text() == text
        assert self.refused(supervision.revoke_event, "office", ready).text() == REVOKED_TEXT
        assert list(LedgerLine.objects.filter(kind="recall").values_list("amount", flat=True)) == [500_000]
        assert self.cycle.notices.filter(kind="revocation_notice").count() == 1
        assert Revocation.objects.get(decided_on__isnull=False).ground == "deceit"
        with pytest.raises(IntegrityError), transaction.atomic():
            Revocation.objects.filter(pk=ready.pk).update(decided_on=clock.today())

    def test_what_was_not_paid_is_not_recovered_nor_paid_any_more(self) -> None:
        entry = self.entry(1, "G")
        self.world.do(supervision.revoke_deceit, "office", entry, evidence="贿赂查实")
        entry.refresh_from_db()
        assert commendations.balance(entry) == {"awarded": 20_000, "paid": 0, "recovered": 0, "to_pay": 0, "to_recover": 0}
        refused = self.refused(commendation.pay, "office", entry, error=NotPermitted, amount=1, on=clock.today())
        assert refused.refusals[0].code == "state"

    @pytest.mark.duty("K2", "K3")
    def test_the_ledger_shows_what_is_outstanding(self) -> None:
        entry = self.entry()
        assert self.refused(supervision.recover, "office", entry, error=NotPermitted, amount=1).refusals[0].code == "state"
        self.world.do(supervision.revoke_deceit, "office", entry, evidence="贿赂查实")
        text = "应追缴未追缴金额为 {} 元，请核对（《细则》七（二））"
        for amount in (500_001, 0, -1):
            assert self.refused(supervision.recover, "office", entry, amount=amount).text() == text.format(500_000)
        self.world.do(supervision.recover, "office", entry, amount=200_000)
        entry.refresh_from_db()
        assert commendations.balance(entry)["to_recover"] == 300_000
        assert self.refused(supervision.recover, "office", entry, amount=300_001).text() == text.format(300_000)
        self.world.do(supervision.recover, "office", entry, amount=300_000, certificate=True)
        entry.refresh_from_db()
        assert (commendations.balance(entry)["to_recover"], entry.certificate.recovered_on) == (0, clock.today())
        again = self.refused(supervision.recover, "office", entry, certificate=True)
        assert again.text() == "证书、奖牌或奖杯此前已收回（《细则》七（二））"


@pytest.mark.duty("K3")
class TestEvent(Supervising):
    def later(self, days: int = 0) -> date:
        """The third anniversary of the decision, and a clock well after it: an event may be found late (Q30)."""
        anniversary = add_years(self.won, 3)
        self.world.today(anniversary + timedelta(days=200))
        return anniversary + timedelta(days=days)

    def test_the_last_day_of_the_three_years_counts(self) -> None:
        row = self.agreed(self.entry(), self.later())
        self.world.do(supervision.revoke_event, "office", row)
        entry = self.entry()
        assert (entry.status, commendations.balance(entry)["to_recover"]) == ("revoked", 500_000)
        assert not Ban.objects.exists(), "the regulation bars for deceit, not for an event"
        assert self.cycle.notices.filter(kind="revocation_notice").count() == 1
        assert self.refused(supervision.revoke_event, "office", row).text() == REVOKED_TEXT

    def test_the_day_after_does_not(self) -> None:
        row = self.agreed(self.entry(), self.later(1))
        decision = self.refused(supervision.revoke_event, "office", row)
        assert [r.code for r in decision.refusals] == ["event_after_window"]
        assert self.entry().status == "awarded"

    def test_the_day_of_the_decision_counts_and_the_day_before_does_not(self) -> None:
        before = self.agreed(self.entry(1), self.won - timedelta(days=1))
        assert [r.code for r in self.refused(supervision.revoke_event, "office", before).refusals] == ["event_before_award"]
        self.world.do(supervision.revoke_event, "office", self.agreed(self.entry(2), self.won))
        assert (self.entry(1).status, self.entry(2).status) == ("awarded", "revoked")

    def test_verified_and_agreed_both(self) -> None:
        row = self.event(self.entry(), self.won)
        assert [r.code for r in self.refused(supervision.revoke_event, "office", row).refusals] == ["not_agreed"]
        bare = Revocation.objects.create(entry=self.entry(2), ground="event", text="传闻", event_on=self.won)
        assert (
            self.refused(supervision.agree_revocation, "chair", bare).text() == "没有经部门核实、待同意的取消奖励事项（《细则》七（三））"
        )
        bare.agreed_at = clock.now()
        bare.save()
        assert [r.code for r in self.refused(supervision.revoke_event, "office", bare).refusals] == ["not_verified"]

    def test_by_the_departments_letter_or_its_own_word(self) -> None:
        entry, details = self.entry(), {"text": "重大事故", "event_on": self.won}
        assert self.refused(supervision.verify_event, "office", entry, **details).refusals[0].code == "letter"
        text = "请写明核实情况和已经发生的日期（《细则》七（三））"
        for wrong in ({"text": " "}, {"event_on": clock.today() + timedelta(days=1)}):
            assert self.refused(supervision.verify_event, "yjt", entry, **{**details, **wrong}).text() == text
        row = self.world.do(supervision.verify_event, "yjt", entry, **details).value
        assert (row.verified_at, row.verification) == (clock.now(), None)
        assert self.refused(supervision.agree_revocation, "office", row).refusals[0].code == "letter"
        head = letter("省质评委", "冀质评委〔2025〕1号")
        self.world.do(supervision.agree_revocation, "office", row, letter=head)
        assert self.refused(supervision.agree_revocation, "office", row, letter=head).text().startswith("没有经部门核实、待同意")
        row.refresh_from_db()
        assert row.agreement.number == "冀质评委〔2025〕1号"
        self.refused(supervision.agree_revocation, "member2", row, error=NotPermitted)

    def test_two_events_revoke_once(self) -> None:
        one, two = self.agreed(self.entry(), self.won), self.agreed(self.entry(), self.won)
        self.world.do(supervision.revoke_event, "office", one)
        assert self.refused(supervision.revoke_event, "office", two).text() == REVOKED_TEXT
        assert LedgerLine.objects.filter(kind="recall").count() == 1
        over = self.refused(supervision.verify_event, "yjt", self.entry(), error=NotPermitted, text="再次", event_on=self.won)
        assert over.refusals[0].code == "state"


class TestAfterwards(Supervising):
    @pytest.mark.duty("K4")
    def test_a_winning_organization_tells_its_city_of_major_changes(self) -> None:
        entry = self.entry()
        owner = self.world.owners[entry.code]
        for kind in ("structure", "quality_model", "other"):
            self.world.do(supervision.report_change, owner, entry, kind=kind, text="新设质量中心")
        assert ChangeReport.objects.count() == 3
        assert Notification.objects.filter(title="获奖组织重大变更").values_list("to", flat=True)[0] == "unit:sjz"
        text = "请选择变更类别并写明情况（《细则》七（四））"
        for wrong in ({"kind": "weather", "text": "x"}, {"kind": "other", "text": " "}):
            assert self.refused(supervision.report_change, owner, entry, **wrong).text() == text
        details = {"kind": "other", "text": "变更"}
        other = self.world.owners[self.entry(2).code]
        assert self.refused(supervision.report_change, other, entry, error=NotPermitted, **details).refusals[0].code == "scope"
        person = self.entry(1, "G")
        assert (
            self.refused(supervision.report_change, self.world.owners[person.code], person, **details)
            .text()
            .startswith("重大变更告知适用于获奖组织")
        )

    @pytest.mark.duty("K5")
    def test_a_city_revisits_its_own_winners_only(self) -> None:
        mine, theirs, today = self.entry(1), self.entry(2), clock.today()
        details: dict[str, Any] = {"on": today, "departments": "市发展改革委", "text": "运行良好"}
        self.world.do(supervision.revisit, "sjz", mine, **details, advice="继续推广")
        row = Revisit.objects.get()
        assert (row.entry, row.unit.code, row.on, row.departments, row.advice) == (mine, "sjz", today, "市发展改革委", "继续推广")
        assert self.refused(supervision.revisit, "sjz", theirs, error=NotPermitted, **details).refusals[0].code == "scope"
        text = "请填写获奖后已经进行的回访日期、会同部门（200 字以内）和回访情况（《细则》七（五））"
        for wrong in (
            {"on": today + timedelta(days=1)},
            {"on": mine.certificate.issued_on - timedelta(days=1)},
            {"departments": " "},
            {"departments": "部" * 201},
            {"text": " "},
        ):
            assert self.refused(supervision.revisit, "sjz", mine, **{**details, **wrong}).text() == text
        assert self.refused(supervision.revisit, "sjz", self.entry(4), error=NotPermitted, **details).refusals[0].code == "state"

    @pytest.mark.duty("J6", "K6")
    def test_misuse_is_received_from_anyone_and_handled_once(self) -> None:
        entry = self.entry()
        row = self.world.do(supervision.report_misuse, PUBLIC, entry, content="canary 包装上印有奖项", reporter="王某").value
        journalled = last("supervision.report_misuse").body
        assert "canary" not in journalled
        assert "王某" not in journalled
        assert json.loads(journalled)["payload"]["number"] == row.number
        assert selectors.unhandled(entry) == [row]
        text = "该反映已办结，或未填写处理结果（《细则》六（二））"
        assert self.refused(supervision.handle_misuse, "office", row, outcome=" ").text() == text
        self.world.do(supervision.handle_misuse, "office", row, outcome="责令整改")
        assert self.refused(supervision.handle_misuse, "office", row, outcome="再次").text() == text
        assert selectors.unhandled(entry) == []
        for wrong in ({"content": " "}, {"content": "字" * 5001}, {"content": "有", "reporter": "名" * 61}):
            assert self.refused(supervision.report_misuse, PUBLIC, entry, **wrong).refusals[0].duty == "J6"
        assert self.refused(supervision.handle_misuse, "sjz", row, error=NotPermitted, outcome="x").refusals[0].code == "role"

    @pytest.mark.duty("J6")
    def test_the_answer_tells_nothing_of_where_another_entry_stands(self) -> None:
        """The public learns no status by reporting on an entry that did not win."""
        decision = self.refused(supervision.report_misuse, PUBLIC, self.entry(4), content="冒用")
        assert decision.text() == "请选择获奖组织或获奖个人（《细则》六（二））"
        assert MisuseReport.objects.count() == 0

    @pytest.mark.duty("K7")
    def test_abuse_of_office_is_recorded_by_others(self) -> None:
        office, inspector = self.world.people["office"].person, self.world.people["inspector"].person
        details = {"text": "canary 收受礼金", "handling": "移送纪检监察机关"}
        assert office is not None
        self.world.do(supervision.record_abuse, "inspector", self.cycle, person=office, **details)
        row = AbuseRecord.objects.get()
        assert (row.person, row.handling) == (office, "移送纪检监察机关")
        body = last("supervision.record_abuse").body
        assert "canary" not in body
        assert json.loads(body)["payload"]["person"] == office.code
        for who, person in (("office", office), ("inspector", inspector)):
            assert (
                self.refused(supervision.record_abuse, who, self.cycle, person=person, **details).text()
                == "不得登记本人事项（《细则》七（七））"
            )
        for wrong in ({"text": " "}, {"handling": " "}):
            decision = self.refused(supervision.record_abuse, "inspector", self.cycle, person=office, **{**details, **wrong})
            assert decision.text() == "请写明情况和处理意见（《细则》七（七））"
        self.refused(supervision.record_abuse, "sjz", self.cycle, error=NotPermitted, person=office, **details)

    @pytest.mark.duty("K7")
    def test_nobody_rules_on_their_own_conflict(self) -> None:
        entry, person = self.entry(), self.world.people["office"].person
        assert isinstance(person, Person)
        row = self.world.do(panel.declare_conflict, "office2", entry, person=person, kind="found", grounds="亲属任职").value
        assert row.status == "pending"
        decision = self.refused(panel.rule_on_conflict, "office", row, stands=False, reason="无关")
        assert decision.text() == "不得审定本人的回避事项，请由其他工作人员办理（《细则》七（七））"
        self.world.do(panel.rule_on_conflict, "office2", row, stands=True, reason="属实")
        refused = JournalEntry.objects.filter(act="panel.rule_on_conflict", kind="refusal")
        assert refused.count() == 1
