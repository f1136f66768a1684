"""Publicity of the winners, approval, certificates, money, its use, promotion, feedback (J1–J6, K6; Q10, Q23, Q32, Q35)."""

import inspect
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver

from tests.stages.finalists import Scores, at_nomination, awarded, confirmed, last, proposed, visited
from tests.stages.playing import PUBLIC, QUIET, Played, begun
from zhiheng.foundation import clock, entropy
from zhiheng.foundation.acts import Acting, NotPermitted
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.parties.models import Honour
from zhiheng.foundation.publicity.models import Notice
from zhiheng.process.gates import unfinished
from zhiheng.process.register import REGISTER, commendation, publicity, supervision
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage
from zhiheng.simulation import play
from zhiheng.simulation.applying import letter
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import Entry
from zhiheng.stages.commendation import selectors
from zhiheng.stages.commendation.feedback import feedback
from zhiheng.stages.commendation.models import Approval, Certificate, FeedbackRelease, LedgerLine, Promotion, UseReport
from zhiheng.stages.committee.models import Resolution
from zhiheng.stages.nomination.models import Final
from zhiheng.stages.review.models import Report, Result, Sheet

APPROVAL = ("河北省人民政府", "冀政字〔2024〕61号")


def finalists(world: World, cycle: Cycle) -> None:
    """Three organizations and one person, all good enough."""
    for site in ("700", "650", "600"):
        visited(world, cycle, "organization", Scores("600", site))
    visited(world, cycle, "individual", Scores("75", "76", "18"))


class Winning(Played):
    """Four finalists, brought by the subclass to where its tests begin."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = at_nomination(3)
        finalists(world, cycle)
        cls.bring(world, cycle)
        return world, cycle

    @classmethod
    def bring(cls, world: World, cycle: Cycle) -> None:
        """Bring the cycle to the stage under test."""

    def status(self) -> list[str]:
        return list(self.cycle.entries.order_by("code").values_list("status", flat=True))

    @property
    def entries(self) -> list[Entry]:
        return list(self.cycle.entries.order_by("code"))


@pytest.mark.duty("J1", "J2")
class TestPublicity(Winning):
    @classmethod
    def bring(cls, world: World, cycle: Cycle) -> None:
        proposed(world, cycle)

    def publish(self) -> Notice:
        notice: Notice = self.world.do(commendation.publish, "office", self.cycle).value
        return notice

    def object(self, notice: Notice, entry: Entry, *, upheld: bool) -> None:
        details = {"name": "冯立", "contact": "1000000002", "entry": entry.code, "content": "数据不实"}
        row = self.world.do(publicity.lodge_objection, PUBLIC, notice, **details).value
        self.world.do(publicity.investigate, "office", row, findings="调查情况")
        self.world.do(publicity.answer, "office", row, upheld=upheld, text="答复")

    def end(self, notice: Notice) -> None:
        self.world.outlast(notice)
        self.world.do(publicity.close, "office", notice)

    def test_published_for_five_working_days_in_neutral_order_and_once(self) -> None:
        notice = self.publish()
        assert (notice.kind, notice.days, [i["code"] for i in notice.items]) == (
            "proposed_winners",
            5,
            [e.code for e in sorted(self.entries, key=lambda e: e.name)],
        )
        assert not any("total" in item or "place" in item for item in notice.items)
        assert self.refused(commendation.publish, "office", self.cycle).text() == "没有授奖建议名单，或已经公示（《细则》四（八）1）"
        assert [r.duty for r in unfinished(self.cycle)] == ["J1", "L2"]

    def test_nothing_to_publish(self) -> None:
        self.cycle.entries.update(status="not_proposed")
        assert self.refused(commendation.publish, "office", self.cycle).text() == "没有授奖建议名单，或已经公示（《细则》四（八）1）"
        assert unfinished(self.cycle) == []

    def test_confirmed_only_after_the_period(self) -> None:
        assert self.refused(commendation.confirm, "office", self.cycle).text().startswith("授奖建议名单尚未公示")
        notice = self.publish()
        assert self.refused(commendation.confirm, "office", self.cycle).refusals[0].code == "notice"
        self.end(notice)
        self.world.do(commendation.confirm, "office", self.cycle)
        assert self.status() == ["confirmed"] * 4
        assert self.refused(commendation.confirm, "office", self.cycle).text() == "没有待确认的授奖建议名单（《细则》四（八）2）"

    def test_one_found_true_is_cancelled_by_the_committee_before_the_rest_go_on(self) -> None:
        notice, target, letters = self.publish(), self.entries[1], letter("省质评委", "冀质评委〔2024〕3号")
        decision = self.refused(commendation.cancel, "office", target, report="报告", letter=letters)
        assert decision.text() == "没有经查属实的异议，不能取消授奖建议名单资格（《细则》四（八）2）"
        self.object(notice, target, upheld=True)
        self.object(notice, self.entries[2], upheld=False)
        self.end(notice)
        decision = self.refused(commendation.confirm, "office", self.cycle)
        assert decision.text() == f"{target.code} 的异议经查属实，须先提请省质评委取消其资格（《细则》四（八）2）"
        assert self.refused(commendation.cancel, "office", target, report="报告").refusals[0].code == "letter"
        text = "请填写调查报告（《细则》四（八）2）"
        assert self.refused(commendation.cancel, "office", target, report=" ", letter=letters).text() == text
        self.refused(commendation.cancel, "office", self.entries[2], report="报告", letter=letters)
        self.world.do(commendation.cancel, "office", target, report="异议属实", letter=letters)
        row = Resolution.objects.get(kind="cancellation")
        assert (row.entries, row.text, row.letter and row.letter.number) == ([target.code], "异议属实", "冀质评委〔2024〕3号")
        payload = json.loads(last("commendation.cancel").body)["payload"]
        assert (payload["objection"][:2], payload["no_longer_eligible"]) == ("YY", "")
        self.world.do(commendation.confirm, "office", self.cycle)
        assert self.status() == ["confirmed", "cancelled", "confirmed", "confirmed"]

    @pytest.mark.duty("J2")
    def test_nobody_moves_up(self) -> None:
        """A place freed by a cancellation stays empty (Q23): who was left out stays out."""
        out, target = self.entries[3], self.entries[1]
        out.status = "not_nominated"
        out.save()
        notice = self.publish()
        self.object(notice, target, upheld=True)
        self.end(notice)
        self.world.do(commendation.cancel, "chair", target, report="异议属实")
        self.world.do(commendation.confirm, "office", self.cycle)
        assert self.status() == ["confirmed", "cancelled", "confirmed", "not_nominated"]
        assert Resolution.objects.get(kind="cancellation").letter is None

    @pytest.mark.duty("B3", "J2")
    def test_who_no_longer_meets_the_conditions_is_cancelled_too(self) -> None:
        """Lists and bans are tested once more (Q10): the committee can and must cancel, with no objection lodged."""
        notice, target = self.publish(), self.entries[1]
        self.end(notice)
        self.world.do(supervision.find_false, "office", target, text="业绩数据虚假")
        decision = self.refused(commendation.confirm, "office", self.cycle)
        assert decision.text().startswith(f"{target.code} 已不符合条件：因业绩数据虚假")
        self.world.do(commendation.cancel, "chair", target, report="认定提供虚假材料")
        assert "业绩数据虚假" in json.loads(last("commendation.cancel").body)["payload"]["no_longer_eligible"]
        self.world.do(commendation.confirm, "office", self.cycle)
        assert self.status() == ["confirmed", "cancelled", "confirmed", "confirmed"]

    def test_all_cancelled_leaves_nothing_to_confirm_and_the_stage_may_end(self) -> None:
        notice = self.publish()
        for entry in self.entries:
            self.object(notice, entry, upheld=True)
        self.end(notice)
        for entry in self.entries:
            self.world.do(commendation.cancel, "chair", entry, report="异议属实")
        assert unfinished(self.cycle) == []


@pytest.mark.duty("J2", "J3", "K6")
class TestAward(Winning):
    @classmethod
    def bring(cls, world: World, cycle: Cycle) -> None:
        confirmed(world, cycle)

    def approve(self) -> None:
        self.world.do(commendation.approve, "office", self.cycle, letter=letter(*APPROVAL))

    def award(self) -> None:
        self.world.do(commendation.award, "office", self.cycle)

    def test_the_government_approves_by_its_letter(self) -> None:
        assert self.refused(commendation.approve, "office", self.cycle).refusals[0].code == "letter"
        head = letter(*APPROVAL)
        late = replace(head, dated=clock.today() + timedelta(days=1))
        assert "晚于今日" in self.refused(commendation.approve, "office", self.cycle, letter=late).text()
        ended = selectors.notice(self.cycle)
        assert ended is not None
        assert ended.closed_at is not None
        early = replace(head, dated=ended.closed_at.astimezone(clock.SHANGHAI).date() - timedelta(days=1))
        decision = self.refused(commendation.approve, "office", self.cycle, letter=early)
        assert decision.text() == f"批准日期 {early.dated} 早于授奖建议名单公示结束之日，请核对来文（《细则》四（八）2）"
        self.world.do(commendation.approve, "office", self.cycle, letter=head)
        row = Approval.objects.get()
        assert (row.entries, row.approved_on, row.letter and row.letter.number) == (
            [e.code for e in self.entries],
            clock.today(),
            APPROVAL[1],
        )
        payload = json.loads(last("commendation.approve").body)["payload"]
        assert payload["letter"]["number"] == APPROVAL[1]
        assert self.refused(commendation.approve, "office", self.cycle, letter=head).text().startswith("没有待批准的名单，或已经批准")

    def test_no_award_without_approval(self) -> None:
        assert self.refused(commendation.award, "office", self.cycle).text() == "须经省政府批准后方可表彰（《细则》四（八）2）"
        assert [r.text for r in unfinished(self.cycle)] == ["尚有 4 项未表彰"]
        assert not Certificate.objects.exists()

    def test_a_ban_before_the_approval_is_cancelled_first(self) -> None:
        target = self.entries[1]
        self.world.do(supervision.find_false, "office", target, text="业绩数据虚假")
        decision = self.refused(commendation.approve, "office", self.cycle, letter=letter(*APPROVAL))
        assert decision.text().startswith(f"{target.code} 已不符合条件")
        self.world.do(commendation.cancel, "chair", target, report="认定提供虚假材料")
        self.approve()
        self.award()
        assert self.status() == ["awarded", "cancelled", "awarded", "awarded"]

    def test_what_the_government_approved_is_not_cancelled_any_more(self) -> None:
        self.approve()
        self.world.do(supervision.find_false, "office", self.entries[1], text="业绩数据虚假")
        decision = self.refused(commendation.cancel, "chair", self.entries[1], report="报告")
        assert decision.text() == "省政府已经批准，不能再取消授奖建议名单资格（《细则》四（八）2）"

    def test_certificates_honours_money_and_the_public_announcement(self) -> None:
        self.approve()
        self.award()
        person, *orgs = self.entries
        numbers = {e.code: e.certificate.number for e in self.entries}
        assert numbers == {
            person.code: "ZLJ-2024-G01",
            **{e.code: f"ZLJ-2024-Z0{n}" for n, e in enumerate(orgs, 1)},
        }
        assert sorted(LedgerLine.objects.values_list("kind", "amount")) == [("awarded", 20_000), *[("awarded", 500_000)] * 3]
        assert set(Honour.objects.values_list("cycle", "decided_on")) == {("2024", clock.today())}
        assert Honour.objects.count() == 4
        notice = self.cycle.notices.get(kind="commendation")
        assert (notice.days, {i["code"]: i["certificate"] for i in notice.items}) == (0, numbers)
        assert Notification.objects.filter(title="获奖通知").count() == 4
        assert self.status() == ["awarded"] * 4
        assert unfinished(self.cycle) == []
        self.refused(commendation.award, "office", self.cycle)

    def test_numbers_are_told_apart_whatever_the_cycle_is_called(self) -> None:
        """A dash in the code of the cycle once made all numbers of an award the same."""
        Cycle.objects.update(code="2024-2")
        self.cycle.refresh_from_db()
        self.approve()
        self.award()
        numbers = set(Certificate.objects.values_list("number", flat=True))
        assert numbers == {"ZLJ-2024-2-G01", "ZLJ-2024-2-Z01", "ZLJ-2024-2-Z02", "ZLJ-2024-2-Z03"}
        with pytest.raises(IntegrityError), transaction.atomic():
            Certificate.objects.filter(number="ZLJ-2024-2-Z02").update(number="ZLJ-2024-2-Z01")

    def test_anyone_can_check_a_certificate(self) -> None:
        self.approve()
        self.award()
        entry = self.entries[1]
        found = selectors.certificate(" ZLJ-2024-Z01 ")
        assert found is not None
        assert (found.entry, found.revoked_on) == (entry, None)
        assert selectors.certificate("ZLJ-2024-Z99") is None
        self.cycle.stage = Stage.SUPERVISION.value
        self.cycle.save()
        self.world.do(supervision.revoke_deceit, "office", entry, evidence="贿赂查实")
        again = selectors.certificate("ZLJ-2024-Z01")
        assert again is not None
        assert again.revoked_on == clock.today()
        for number, text in (("ZLJ-2024-Z02", "证书真实有效"), ("ZLJ-2024-Z01", "证书无效"), ("ZLJ-2024-Z99", "没有查到编号为")):
            page = self.client.get("/certificates/", {"number": number}).content.decode()
            assert text in page, number


@pytest.mark.duty("J3", "J4", "J6")
class TestMoney(Winning):
    @classmethod
    def bring(cls, world: World, cycle: Cycle) -> None:
        awarded(world, cycle)

    def pay(self, entry: Entry, amount: int, **more: Any) -> None:
        self.world.do(commendation.pay, "office", entry, **{"amount": amount, "on": clock.today(), **more})

    def test_never_more_than_is_owed(self) -> None:
        entry, text = self.entries[1], "应发未发金额为 {} 元，请核对（《细则》五（一））"
        for amount in (500_001, 0, -1):
            assert self.refused(commendation.pay, "office", entry, amount=amount, on=clock.today()).text() == text.format(500_000)
        self.pay(entry, 300_000)
        assert self.refused(commendation.pay, "office", entry, amount=200_001, on=clock.today()).text() == text.format(200_000)
        self.pay(entry, 200_000, note="转账")
        assert self.refused(commendation.pay, "office", entry, amount=1, on=clock.today()).text() == text.format(0)
        assert selectors.balance(entry) == {"awarded": 500_000, "paid": 500_000, "recovered": 0, "to_pay": 0, "to_recover": 0}

    def test_on_a_day_that_has_been_and_after_the_award(self) -> None:
        entry, text = self.entries[1], "请填写表彰之后、已经发放的日期，说明不超过 200 字（《细则》五（一））"
        day = entry.certificate.issued_on
        for details in ({"on": clock.today() + timedelta(days=1)}, {"on": day - timedelta(days=1)}, {"on": day, "note": "字" * 201}):
            assert self.refused(commendation.pay, "office", entry, amount=1, **details).text() == text
        self.pay(entry, 1, on=day)

    def test_the_ledger_takes_no_change(self) -> None:
        """By the database's own triggers, not by the good will of the code (Q35)."""
        entry = self.entries[1]
        self.pay(entry, 1000)
        line = LedgerLine.objects.get(kind="paid")
        wrong: list[Any] = [
            lambda: LedgerLine.objects.filter(pk=line.pk).update(amount=1),
            lambda: LedgerLine.objects.filter(pk=line.pk).delete(),
            line.save,
            lambda: connection.cursor().execute("UPDATE commendation_ledgerline SET amount = 1"),
            lambda: connection.cursor().execute("DELETE FROM commendation_ledgerline"),
        ]
        for change in wrong:
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                change()
        assert LedgerLine.objects.get(pk=line.pk).amount == 1000
        for bad in ({"kind": "fee", "amount": 5}, {"kind": "paid", "amount": 0}):
            with pytest.raises(IntegrityError), transaction.atomic():
                LedgerLine.objects.create(entry=entry, on=clock.today(), **bad)

    def test_the_use_is_reported_by_the_winning_organization(self) -> None:
        person, entry, *_ = self.entries
        owner = self.world.owners[entry.code]
        text = "已发奖金中尚未报告使用的为 {} 元，请核对金额并填写使用情况（《细则》五（二））"
        use = {"purpose": "training", "text": "培训班组长"}
        assert self.refused(commendation.report_use, owner, entry, amount=1, **use).text() == text.format(0)
        self.pay(entry, 300_000)
        self.world.do(commendation.report_use, owner, entry, amount=200_000, **use)
        for wrong in ({"amount": 100_001}, {"amount": 0}, {"amount": 5, "text": " "}):
            assert self.refused(commendation.report_use, owner, entry, **{**use, **wrong}).text() == text.format(100_000)
        assert (
            "奖励经费主要用于：质量改进与创新、"
            in self.refused(commendation.report_use, owner, entry, **{**use, "purpose": "party", "amount": 1}).text()
        )
        for purpose in ("improvement", "research", "standards", "rewards", "promotion"):
            self.world.do(commendation.report_use, owner, entry, **{**use, "purpose": purpose, "amount": 20_000})
        assert (UseReport.objects.count(), sum(UseReport.objects.values_list("amount", flat=True))) == (6, 300_000)
        self.pay(person, 20_000)
        decision = self.refused(commendation.report_use, self.world.owners[person.code], person, amount=1, **use)
        assert decision.text() == "奖励经费使用报告适用于获奖组织（《细则》五（二））"
        assert (
            self.refused(commendation.report_use, self.world.owners[person.code], entry, error=NotPermitted, amount=1, **use)
            .refusals[0]
            .code
            == "scope"
        )

    def test_winners_record_how_they_share_their_methods(self) -> None:
        entry = self.entries[1]
        owner, today = self.world.owners[entry.code], clock.today()
        for wrong in ({"kind": "advert"}, {"text": " "}, {"on": today + timedelta(days=1)}):
            details = {"kind": "visit", "text": "接待观摩", "on": today, **wrong}
            text = "请选择推广形式，填写内容和已经发生的日期（《细则》六（一））"
            assert self.refused(commendation.promote, owner, entry, **details).text() == text
        for kind in ("event", "visit", "material"):
            self.world.do(commendation.promote, owner, entry, kind=kind, text="推广", on=today)
        assert list(Promotion.objects.values_list("kind", flat=True)) == ["event", "visit", "material"]
        other = self.world.owners[self.entries[2].code]
        assert (
            self.refused(commendation.promote, other, entry, error=NotPermitted, kind="visit", text="x", on=today).refusals[0].code
            == "scope"
        )


FEE = re.compile(
    r"(^|[^a-z])(fees?|charges?|prices?|bill(ing)?|invoices?|deposits?|checkout|cashier|tariffs?|pay(ment)?s?)([^a-z]|$)|费|付款|缴|账单|发票|押金"
)
#: Words that name money that flows the other way, or no money at all, in full.
PRIZE = {"commendation.pay", "登记奖金发放", "登记收回和追缴", "奖励经费使用报告", "应追缴", "已追缴"}


def fee_like(*words: str) -> list[str]:
    """The words that speak of taking money from somebody."""
    return [word for word in words if word not in PRIZE and FEE.search(word.lower().replace("_", " "))]


def routes(patterns: list[Any]) -> Iterator[str]:
    """Every address and its name."""
    for pattern in patterns:
        yield str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern.name or ""


@pytest.mark.duty("J5")
def test_nothing_can_charge_an_applicant() -> None:
    """No table, field, choice, act, detail of an act or address speaks of a fee; money moves in four acts' words only."""
    models = [m for m in apps.get_models() if m.__module__.startswith("zhiheng.")]
    words = [str(word) for m in models for word in (m.__name__, m._meta.verbose_name)]
    for field in (f for m in models for f in m._meta.get_fields()):
        words += [field.name, str(getattr(field, "verbose_name", ""))]
        words += [str(part) for choice in getattr(field, "choices", None) or [] for part in choice]
    assert len(words) > 500
    details = {(spec.id, name) for spec in REGISTER.values() for name in inspect.signature(spec.body).parameters}
    acts = [word for spec in REGISTER.values() for word in (spec.id, spec.title)] + [name for _, name in details]
    assert fee_like(*words, *acts, *routes(get_resolver().url_patterns)) == []
    money = {spec for spec, name in details if name in {"amount", "sum", "money", "yuan"}}
    assert money == {"commendation.pay", "commendation.report_use", "supervision.recover"}
    assert REGISTER["commendation.pay"].states == {EntryStatus.AWARDED}
    assert REGISTER["supervision.recover"].states == {EntryStatus.REVOKED}
    assert {m.__name__ for m in models if any(f.name == "amount" for f in m._meta.get_fields())} == {"LedgerLine", "UseReport"}


@pytest.mark.parametrize("word", ["application_fee", "报名费", "评审费用", "payments/", "Invoice", "缴纳押金", "charge_applicant"])
def test_a_fee_would_be_seen(word: str) -> None:
    assert fee_like(word) == [word]


@pytest.mark.duty("F2", "G3")
class TestFeedback(Played):
    """A whole small cycle, with real sheets and reports, up to the award decision (Q32)."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world = begun(orgs=3, persons=1, experts=30, members=3)
        orgs = tuple(replace(o, ability=20 if n == 0 else 75) for n, o in enumerate(world.cast.organizations))
        world.cast = replace(world.cast, organizations=orgs, persons=tuple(replace(p, ability=92) for p in world.cast.persons))
        with entropy.seeded(21):
            cycle = play.cycle(world, 2024, play.applicants(world.cast), play.Plot(**QUIET, voters=100, stop_at=Stage.COMMENDATION))
        return world, cycle

    def award(self) -> None:
        self.world.do(commendation.approve, "office", self.cycle, letter=letter(*APPROVAL))
        self.world.do(commendation.award, "office", self.cycle)

    @property
    def entries(self) -> list[Entry]:
        return list(self.cycle.entries.exclude(status="draft").order_by("code"))

    def read(self, entry: Entry, who: Acting | None = None) -> Any:
        return feedback(who or self.world.owners[entry.code], entry)

    def test_not_before_the_award_decision_then_once(self) -> None:
        assert len(selectors.confirmed(self.cycle)) > 0
        decision = self.refused(commendation.release_feedback, "office", self.cycle)
        assert decision.text() == "表彰决定尚未作出，不能公布评审反馈报告（《细则》四（四）2）"
        self.award()
        assert [self.read(e) for e in self.entries] == [[]] * 4
        self.world.do(commendation.release_feedback, "office", self.cycle)
        assert FeedbackRelease.objects.get(cycle=self.cycle).released_at == clock.now()
        assert self.refused(commendation.release_feedback, "office", self.cycle).text() == "评审反馈报告已经公布（《细则》四（四）2）"
        assert self.refused(commendation.release_feedback, "agency", self.cycle, error=NotPermitted).refusals[0].code == "role"

    def test_each_applicant_is_told_and_nothing_more_is_on_record(self) -> None:
        self.award()
        self.world.do(commendation.release_feedback, "office", self.cycle)
        told = Notification.objects.filter(title="评审反馈报告可供查阅").order_by("text")
        wanted = {f"person:{self.world.owners[e.code].code}" for e in self.entries}
        assert (set(told.values_list("to", flat=True)), told.count()) == (wanted, 4)
        entry = JournalEntry.objects.get(act="commendation.release_feedback")
        assert json.loads(entry.body)["payload"] == {"entries": [e.code for e in self.entries]}

    def test_its_own_scores_and_texts_of_both_rounds(self) -> None:
        self.award()
        self.world.do(commendation.release_feedback, "office", self.cycle)
        for entry in self.entries:
            rounds = ["material"] if entry.status == "below_material" else ["material", "site"]
            found = self.read(entry)
            assert [f.round for f in found] == rounds
            for one in found:
                result, report = (
                    Result.objects.filter(entry=entry, round=one.round).latest("version"),
                    Report.objects.get(entry=entry, round=one.round),
                )
                assert (one.total, one.strengths, one.improvements, one.conclusion) == (
                    result.total,
                    report.strengths,
                    report.improvements,
                    report.conclusion,
                )
                assert {code: Fraction(mark) for code, mark in result.marks.items()} == one.marks
        assert "below_material" in {e.status for e in self.entries}

    def test_no_rank_no_expert_and_nothing_of_others(self) -> None:
        self.award()
        self.world.do(commendation.release_feedback, "office", self.cycle)
        Report.objects.filter(entry=self.entries[1]).update(conclusion="canary-of-another")
        mine, other = self.entries[2], self.entries[1]
        shown = repr(self.read(mine))
        assert "canary-of-another" in repr(self.read(other))
        experts = set(Sheet.objects.filter(entry=mine).values_list("expert__code", "expert__person__name"))
        finals = [str(f.total) for f in Final.objects.filter(entry__cycle=self.cycle)]
        for canary in ("canary-of-another", other.code, other.name, "place", "rank", *[text for pair in experts for text in pair], *finals):
            assert canary not in shown, canary

    def test_nobody_else_reads_it_here(self) -> None:
        self.award()
        self.world.do(commendation.release_feedback, "office", self.cycle)
        mine, other = self.entries[2], self.entries[1]
        for who in (self.world.owners[other.code], self.world.people["office"], self.world.people["inspector"], PUBLIC):
            assert self.read(mine, who) == []
        owner = self.world.owners[mine.code]
        assert self.read(mine, replace(owner, role=Role.EXPERT)) == []
        assert len(self.read(mine)) == 2

    def test_a_cycle_without_winners_has_feedback_too(self) -> None:
        self.cycle.entries.filter(status="confirmed").update(status="cancelled")
        self.world.do(commendation.release_feedback, "office", self.cycle)
        assert len(self.read(self.entries[2])) == 2
