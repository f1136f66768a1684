"""Applying: who may, under which conditions, with which declarations (B1–B5, D1–D3, D5, K1, K2; Q7, Q10–Q13, Q29, Q31)."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.stages import drafts
from tests.stages.drafts import attach, rewrite, sign, submit
from tests.stages.playing import PACK, Played, called
from zhiheng.foundation import clock
from zhiheng.foundation.acts import NotPermitted, Receipt
from zhiheng.foundation.canonical import digest_of
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.files.models import StoredFile
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.parties.models import Ban, Honour, Party
from zhiheng.process.register import application
from zhiheng.rules.decision import Reason
from zhiheng.rules.eligibility import eligible
from zhiheng.rules.lifecycle import WITHDRAWABLE, EntryStatus, Stage
from zhiheng.simulation import applying
from zhiheng.simulation.world import World
from zhiheng.stages.application import facts
from zhiheng.stages.application.models import BonusClaim, Entry, Evidence

DEADLINE = clock.at(date(2024, 4, 28), 18)
TODAY = date(2024, 3, 11)


def payload(act: str) -> dict[str, Any]:
    """What the journal keeps of the last doing of an act."""
    entry = JournalEntry.objects.filter(act=act, kind="act").order_by("pk").last()
    assert entry is not None
    found: dict[str, Any] = json.loads(entry.body)["payload"]
    return found


def ban(party: Party, start: date, until: date, article: str = "七(一)", cause: str = "提供虚假材料") -> Ban:
    return Ban.objects.create(party=party, from_on=start, until=until, duty="K1", article=article, cause=cause)


def told(to: str) -> list[tuple[str, str]]:
    return list(Notification.objects.filter(to=to).order_by("pk").values_list("title", "text"))


class Applying(Played):
    """A cycle open for applications; an organization's, a senior leader's and a worker's drafts lack nothing but submission."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = called(4, 2)
        firms, (first, second) = world.cast.organizations, world.cast.persons
        drafts.draft(world, cycle, firms[0])
        drafts.draft(world, cycle, drafts.as_category(first, "senior_leader", firms[1]))
        drafts.draft(world, cycle, drafts.as_category(second, "front_line", firms[1]))
        assert (cycle.deadline, clock.today()) == (DEADLINE, TODAY)
        return world, cycle

    def setUp(self) -> None:
        super().setUp()
        self.firm, self.leader, self.worker = (Entry.objects.get(code=c) for c in ("2024-Z-0001", "2024-G-0001", "2024-G-0002"))

    def submit(self, entry: Entry) -> Receipt:
        return submit(self.world, entry)

    def refusals(self, entry: Entry) -> list[tuple[str, str, str]]:
        """Code, duty and article of every reason for which submission is refused."""
        found = self.refused(application.submit, drafts.owner(self.world, entry), entry).refusals
        assert Entry.objects.get(pk=entry.pk).status == EntryStatus.DRAFT.value
        return [(r.code, r.duty, r.article) for r in found]


class TestSubmitting(Applying):
    """What must be there when an application is submitted."""

    @pytest.mark.duty("B1", "B2", "B3", "B4", "D1", "D2", "D3")
    def test_a_complete_application_is_submitted_with_a_receipt(self) -> None:
        for entry in (self.firm, self.leader, self.worker):
            receipt = self.submit(entry)
            entry.refresh_from_db()
            assert (entry.status, entry.submitted_at) == (EntryStatus.SUBMITTED.value, clock.now())
            kept = JournalEntry.objects.get(chain=receipt.chain, seq=receipt.seq)
            assert (kept.hash, kept.act, kept.subject) == (receipt.hash, "application.submit", f"entry:{entry.code}")
            assert payload("application.submit") == {
                "warnings": [], "form": digest_of([entry.owner.salt, entry.form]), "submitted_at": clock.now().isoformat(),
            }  # fmt: skip
            assert ("收到申报", f"{entry.code} 已提交，请审核") in told(f"unit:{entry.recommender.code}")

    @pytest.mark.duty("B3")
    def test_each_condition_of_an_organization_must_be_declared(self) -> None:
        for code in drafts.CONDITIONS:
            sign(self.world, self.firm, conditions=[c for c in drafts.CONDITIONS if c != code])
            assert self.refusals(self.firm) == [("undeclared", "B3", f"三(一){code[1]}")]
        sign(self.world, self.firm, conditions=["c2", "c4"])
        assert [article for _, _, article in self.refusals(self.firm)] == ["三(一)1", "三(一)3", "三(一)5"]

    @pytest.mark.duty("B4")
    def test_each_condition_of_a_person_must_be_declared_where_it_applies(self) -> None:
        for code in drafts.CONDITIONS:
            sign(self.world, self.leader, conditions=[c for c in drafts.CONDITIONS if c != code])
            assert self.refusals(self.leader) == [("undeclared", "B4", f"三(二){code[1]}")]
        sign(self.world, self.worker, conditions=["c1", "c2", "c3", "c4"])
        assert self.submit(self.worker).decision.ok

    @pytest.mark.duty("B3", "B4")
    def test_each_condition_that_asks_for_evidence_needs_it(self) -> None:
        for entry, duty, group in ((self.firm, "B3", "三(一)"), (self.leader, "B4", "三(二)")):
            wanted = [c.code for c in PACK.award(entry.award).conditions if c.evidence]
            assert wanted == {"B3": ["c2", "c3", "c4", "c5"], "B4": ["c2", "c3", "c5"]}[duty]
            for code in wanted:
                part = entry.evidence.get(proves=f"condition:{code}", removed_at=None)
                self.world.do(application.detach, drafts.owner(self.world, entry), part)
                sign(self.world, entry)
                assert self.refusals(entry) == [("unevidenced", duty, f"{group}{code[1]}")]
                attach(self.world, entry, f"condition:{code}")
            sign(self.world, entry)
            assert self.submit(entry).decision.ok
        assert not self.worker.evidence.filter(proves="condition:c5").exists()

    @pytest.mark.duty("D1")
    def test_required_fields_and_the_signed_responsibility(self) -> None:
        rewrite(self.world, self.firm, achievements="", established_on=None, main_business="")
        assert self.refusals(self.firm) == [
            ("no_establishment", "B3", "三(一)2"), ("field_missing", "D1", "四(二)"), ("field_missing", "D1", "四(二)"),
            ("field_missing", "D1", "四(二)"),
        ]  # fmt: skip
        sign(self.world, self.leader, signed_by="  ")
        assert self.refusals(self.leader) == [("unsigned", "D1", "四(二)")]

    @pytest.mark.duty("D1")
    def test_a_signature_answers_for_what_was_signed(self) -> None:
        form = self.firm.form
        self.world.do(application.save, drafts.owner(self.world, self.firm), self.firm, form=form, revision=self.firm.revision)
        assert Entry.objects.get(pk=self.firm.pk).signed_by == "王法人"
        changes = [
            lambda e: self.world.do(
                application.save, drafts.owner(self.world, e), e, form={**form, "achievements": "改后的业绩"}, revision=e.revision
            ),
            lambda e: attach(self.world, e, "clause:4.1"),
            lambda e: self.world.do(application.detach, drafts.owner(self.world, e), e.evidence.get(proves="clause:4.1")),
        ]
        for change in changes:
            change(Entry.objects.get(pk=self.firm.pk))
            assert self.refusals(self.firm) == [("unsigned", "D1", "四(二)")]
            sign(self.world, self.firm)
        assert self.submit(self.firm).decision.ok

    @pytest.mark.duty("D2")
    def test_the_declaration_on_state_secrets_blocks(self) -> None:
        sign(self.world, self.firm, no_state_secrets=False)
        found = self.refused(application.submit, drafts.owner(self.world, self.firm), self.firm)
        assert found.text() == "请确认申报材料不涉及国家安全、国家秘密；涉及的内容须删除后再提交（《细则》四（二））"
        assert found.refusals[0].duty == "D2"

    @pytest.mark.duty("D2")
    def test_trade_secrets_are_marked_item_by_item_until_submission(self) -> None:
        one, two = self.firm.evidence.order_by("pk")[:2]
        owner = drafts.owner(self.world, self.firm)
        self.world.do(application.mark_secret, owner, one, secret=True)
        assert payload("application.mark_secret") == {"evidence": one.pk, "secret": True}
        assert list(self.firm.evidence.filter(secret=True)) == [one]
        self.world.do(application.mark_secret, owner, one, secret=False)
        third = attach(self.world, self.firm, "clause:4.1", secret=True)
        assert list(self.firm.evidence.filter(secret=True)) == [third]
        sign(self.world, self.firm)
        self.submit(self.firm)
        assert self.refused(application.mark_secret, owner, two, secret=True).text() == (
            "申报已提交，标注不能再改；如需补充标注请联系推荐单位退回（《细则》四（二））"
        )
        assert self.refused(application.detach, owner, two).text() == "申报已提交或材料已撤下，不能再撤下（《细则》四（二））"


class TestInternalPublicity(Applying):
    """Publicity inside the applicant's own unit (D3, Q13)."""

    def record(self, start: date, end: date, objections: int = 0, proof: Evidence | None = None) -> None:
        proof = proof or self.firm.evidence.get(proves="internal", removed_at=None)
        details = {"start": start, "end": end, "objections": objections, "proof": proof}
        self.world.do(application.internal_publicity, drafts.owner(self.world, self.firm), self.firm, **details)

    @pytest.mark.duty("D3")
    def test_none_at_all(self) -> None:
        Entry.objects.filter(pk=self.firm.pk).update(internal_from=None, internal_until=None)
        assert self.refusals(self.firm) == [("no_publicity", "D3", "四(二)")]

    @pytest.mark.duty("D3")
    def test_still_running_on_its_last_day_and_over_on_the_next(self) -> None:
        self.record(date(2024, 2, 26), TODAY)
        assert self.refusals(self.firm) == [("publicity_running", "D3", "四(二)")]
        clock.set_to(clock.at(TODAY, 23, 59))
        assert self.refusals(self.firm) == [("publicity_running", "D3", "四(二)")]
        clock.set_to(clock.at(TODAY + timedelta(days=1), 0))
        assert self.submit(self.firm).decision.ok

    @pytest.mark.duty("D3")
    def test_with_objections(self) -> None:
        self.record(date(2024, 2, 26), date(2024, 3, 4), objections=3)
        found = self.refused(application.submit, drafts.owner(self.world, self.firm), self.firm)
        assert found.text() == "内部公示尚有3项异议未办结，请核查处理完毕后再提交（《细则》四（二））"
        self.record(date(2024, 2, 26), date(2024, 3, 4), objections=1)
        assert self.refusals(self.firm) == [("publicity_objections", "D3", "四(二)")]

    @pytest.mark.duty("D3")
    def test_without_proof_or_with_a_proof_taken_away(self) -> None:
        owner = drafts.owner(self.world, self.firm)
        proof = self.firm.evidence.get(proves="internal")
        self.world.do(application.detach, owner, proof)
        sign(self.world, self.firm)
        assert self.refusals(self.firm) == [("publicity_proof", "D3", "四(二)")]
        details = {"start": date(2024, 2, 26), "end": date(2024, 3, 4), "objections": 0}
        taken = self.refused(application.internal_publicity, owner, self.firm, **details, proof=proof)
        assert taken.text() == "证明材料不属于本申报，请重新选择（《细则》四（二））"
        self.world.do(application.internal_publicity, owner, self.firm, **details, proof=None)
        assert payload("application.internal_publicity") == {"from": "2024-02-26", "until": "2024-03-04", "objections": 0, "proof": False}
        assert self.refusals(self.firm) == [("publicity_proof", "D3", "四(二)")]

    @pytest.mark.duty("D3")
    def test_a_short_one_is_a_warning_that_is_on_record(self) -> None:
        self.record(date(2024, 2, 26), date(2024, 3, 1))
        receipt = self.submit(self.firm)
        said = "内部公示不足5个工作日（应至2024年3月4日），请推荐单位核实"
        assert [w.text for w in receipt.decision.warnings] == [said]
        assert payload("application.submit")["warnings"] == [said]


class TestEligibility(Applying):
    """What the facts of the applicant say (B1–B5), on the date of the deadline (Q10)."""

    @pytest.mark.duty("B3")
    def test_five_clean_years_to_the_day(self) -> None:
        for kind in ("quality", "safety", "environment"):
            rewrite(self.world, self.firm, incidents=[{"kind": kind, "major": True, "on": "2019-04-28"}])
            assert self.refusals(self.firm) == [("incident", "B3", "三(一)5")]
        three = [{"kind": "safety", "major": True, "on": f"202{n}-01-01"} for n in range(3)]
        rewrite(self.world, self.firm, incidents=three)
        assert self.refusals(self.firm) == [("incident", "B3", "三(一)5")] * 3
        rewrite(
            self.world, self.firm,
            incidents=[{"kind": "safety", "major": True, "on": "2019-04-27"}, {"kind": "safety", "major": False, "on": "2024-01-01"}],
        )  # fmt: skip
        assert self.submit(self.firm).decision.ok

    @pytest.mark.duty("B3")
    def test_lists_and_violations(self) -> None:
        rewrite(self.world, self.firm, abnormal_listed=True)
        assert self.refusals(self.firm) == [("abnormal_listed", "B3", "三(一)5")]
        rewrite(self.world, self.firm, abnormal_listed=False, dishonest_listed=True)
        assert self.refusals(self.firm) == [("dishonest_listed", "B3", "三(一)5")]
        rewrite(self.world, self.firm, dishonest_listed=False, violations=["一", "二", "三"])
        assert self.refusals(self.firm) == [("violation", "B3", "三(一)5")] * 3
        rewrite(self.world, self.firm, violations=[], established_on="2024-04-29")
        assert self.refusals(self.firm) == [("not_established", "B3", "三(一)2")]

    @pytest.mark.duty("B1", "B2")
    def test_outside_the_province(self) -> None:
        Party.objects.filter(pk__in=[self.firm.party_id, self.leader.party_id]).update(city="北京市")
        assert self.refusals(self.firm) == [("not_in_region", "B1", "二(一)")]
        assert self.refusals(self.leader) == [("not_in_region", "B2", "二(二)")]

    @pytest.mark.duty("B4")
    def test_years_in_quality_work_to_the_day(self) -> None:
        rewrite(self.world, self.worker, work_since="2019-04-29", local_work_since="2021-04-28")
        assert self.refusals(self.worker) == [("work_years", "B4", "三(二)2")]
        rewrite(self.world, self.worker, work_since="2019-04-28", local_work_since="2021-04-29")
        assert self.refusals(self.worker) == [("local_work_years", "B4", "三(二)2")]
        rewrite(self.world, self.worker, local_work_since="2021-04-28")
        assert self.submit(self.worker).decision.ok

    @pytest.mark.duty("B4")
    def test_a_person_answers_for_their_own_violations(self) -> None:
        rewrite(self.world, self.worker, violations=["违反劳动纪律受处分"])
        assert self.refusals(self.worker) == [("violation", "B4", "三(二)4")]
        rewrite(self.world, self.worker, violations=[], dishonest_listed=True)
        found = self.refused(application.submit, drafts.owner(self.world, self.worker), self.worker)
        assert (
            found.text()
            == "存在违法、违规、违纪行为：本人被列入严重违法失信名单；如情况不实，请提交有关部门出具的证明（《细则》三（二）4）"
        )

    @pytest.mark.duty("B4")
    def test_only_a_senior_leader_answers_for_the_organization(self) -> None:
        said: dict[str, Any] = {"abnormal_listed": True, "incidents": [{"kind": "safety", "major": True, "on": "2023-01-01"}]}
        rewrite(self.world, self.leader, **said)
        assert self.refusals(self.leader) == [("incident", "B4", "三(二)5"), ("abnormal_listed", "B4", "三(二)5")]
        rewrite(self.world, self.worker, **said)
        assert self.submit(self.worker).decision.ok

    def employer(self, **changes: Any) -> Entry:
        """The employer of both persons applies too, and says of itself what they left out."""
        entry = drafts.draft(self.world, self.cycle, self.world.cast.organizations[1])
        rewrite(self.world, entry, **changes)
        Entry.objects.filter(pk=entry.pk).update(submitted_at=clock.now(), status=EntryStatus.SUBMITTED.value)
        return Entry.objects.get(pk=entry.pk)

    @pytest.mark.duty("B4")
    def test_what_the_organization_says_of_itself_counts_for_its_senior_leader(self) -> None:
        incidents = [{"kind": "environment", "major": True, "on": "2022-05-01"}]
        self.employer(abnormal_listed=True, dishonest_listed=True, violations=["受到行政处罚"], incidents=incidents)
        assert self.refusals(self.leader) == [
            ("incident", "B4", "三(二)5"), ("abnormal_listed", "B4", "三(二)5"), ("dishonest_listed", "B4", "三(二)5"),
            ("violation", "B4", "三(二)4"),
        ]  # fmt: skip
        assert self.submit(self.worker).decision.ok

    @pytest.mark.duty("B4")
    def test_of_another_cycle_only_the_dated_accidents_count(self) -> None:
        entry = self.employer(abnormal_listed=True, incidents=[{"kind": "quality", "major": True, "on": "2021-05-01"}])
        earlier = Cycle.objects.create(code="2022", year=2022, title="2022", pack=self.cycle.pack, pinned_at=clock.at(date(2022, 9, 1)))
        Entry.objects.filter(pk=entry.pk).update(cycle=earlier)
        assert self.refusals(self.leader) == [("incident", "B4", "三(二)5")]

    @pytest.mark.duty("B4", "K1")
    def test_a_ban_on_the_organization_counts_for_its_senior_leader_while_it_runs(self) -> None:
        employer = self.leader.party.employer
        assert employer is not None
        row = ban(employer, date(2019, 3, 11), TODAY)
        assert self.refusals(self.leader) == [("violation", "B4", "三(二)4")]
        assert self.refused(application.submit, drafts.owner(self.world, self.leader), self.leader).refusals[0].text == (
            "存在违法、违规、违纪行为：所属组织因提供虚假材料，至2024年3月11日不予受理其申报；如情况不实，请提交有关部门出具的证明"
        )
        Ban.objects.filter(pk=row.pk).update(until=TODAY - timedelta(days=1))
        assert self.submit(self.leader).decision.ok
        Ban.objects.filter(pk=row.pk).update(until=TODAY)
        assert self.submit(self.worker).decision.ok

    @pytest.mark.duty("B5")
    def test_a_past_winner_never_applies_again(self) -> None:
        honour = Honour.objects.create(party=self.firm.party, award="organization", cycle="2020", decided_on=date(2020, 12, 1))
        assert self.refusals(self.firm) == [("past_winner", "B5", "三(三)")]
        Honour.objects.filter(pk=honour.pk).update(revoked_on=date(2022, 1, 1))
        assert self.refusals(self.firm) == [("past_winner", "B5", "三(三)")]

    @pytest.mark.duty("B5")
    def test_a_past_applicant_shows_its_improvement(self) -> None:
        before = Cycle.objects.create(code="2022", year=2022, title="2022", pack=self.cycle.pack, pinned_at=clock.at(date(2022, 9, 1)))
        fields = {"party": self.firm.party, "owner": self.firm.owner, "recommender": self.firm.recommender, "form": self.firm.form}
        old = Entry.objects.create(
            code="2022-Z-0001", cycle=before, award="organization", category="organization", name="旧", submitted_at=before.pinned_at,
            status=EntryStatus.BELOW_MATERIAL.value, **fields,
        )  # fmt: skip
        rewrite(self.world, self.firm, improvement="  ")
        assert self.refusals(self.firm) == [("no_improvement", "B5", "三(三)")]
        for status in (EntryStatus.NOT_RECOMMENDED, EntryStatus.NOT_PROPOSED):
            Entry.objects.filter(pk=old.pk).update(status=status.value)
            assert self.refusals(self.firm) == [("no_improvement", "B5", "三(三)")]
        for change in ({"status": EntryStatus.WITHDRAWN.value}, {"status": EntryStatus.DRAFT.value}, {"submitted_at": None}):
            Entry.objects.filter(pk=old.pk).update(**change)
            assert "no_improvement" not in {r.code for r in application_decision(self.firm)}
            Entry.objects.filter(pk=old.pk).update(status=EntryStatus.BELOW_MATERIAL.value, submitted_at=before.pinned_at)
        Cycle.objects.filter(pk=before.pk).update(pinned_at=self.cycle.pinned_at + timedelta(days=1))
        assert "no_improvement" not in {r.code for r in application_decision(self.firm)}
        Cycle.objects.filter(pk=before.pk).update(pinned_at=before.pinned_at)
        rewrite(self.world, self.firm, improvement="合格率由97%提高到99%")
        assert self.submit(self.firm).decision.ok

    @pytest.mark.duty("K1", "K2")
    def test_a_ban_on_its_last_day_and_on_the_next(self) -> None:
        ban(self.firm.party, date(2019, 3, 20), date(2024, 3, 20))
        ban(self.firm.party, date(2014, 3, 25), date(2024, 3, 25), "七(二)", "以贿赂获奖")
        party = self.firm.party
        clock.set_to(clock.at(date(2024, 3, 25), 23, 59))
        assert self.refusals(self.firm) == [("barred", "K2", "七(二)")]
        found = self.refused(application.submit, drafts.owner(self.world, self.firm), self.firm)
        assert found.text() == (
            "因以贿赂获奖，自2014年3月25日至2024年3月25日（含当日）不予受理其申报，请于2024年3月26日及以后申报（《细则》七（二））"
        )
        self.world.do(application.withdraw, drafts.owner(self.world, self.firm), self.firm)
        details = {"party": party, "award": "organization", "category": "organization", "recommender": self.firm.recommender, "name": "甲"}
        again = self.refused(application.open_entry, drafts.owner(self.world, self.firm), self.cycle, **details)
        assert [(r.code, r.duty) for r in again.refusals] == [("barred", "K2")]
        clock.set_to(clock.at(date(2024, 3, 26), 0))
        assert self.world.do(application.open_entry, drafts.owner(self.world, self.firm), self.cycle, **details).decision.ok

    @pytest.mark.duty("K1")
    def test_a_ban_that_falls_between_draft_and_submission(self) -> None:
        ban(self.firm.party, TODAY, date(2029, 3, 11))
        assert self.refusals(self.firm) == [("barred", "K1", "七(一)")]
        ban(self.worker.party, date(2019, 3, 10), TODAY - timedelta(days=1))
        assert self.submit(self.worker).decision.ok


def application_decision(entry: Entry) -> tuple[Reason, ...]:
    """The refusals that the entry would meet now, without trying."""
    return eligible(facts.applicant(Entry.objects.get(pk=entry.pk)), PACK, DEADLINE.date()).refusals


class TestTheWayIn(Applying):
    """Opening, withdrawing, correcting, claiming; the findings of Q11."""

    def details(self, **changes: Any) -> dict[str, Any]:
        firm = self.world.cast.organizations[2]
        party = applying.party_of(firm, drafts.owner(self.world, self.firm))
        unit = self.world.people[firm.recommender].unit
        return {"party": party, "award": "organization", "category": "organization", "recommender": unit, "name": firm.name} | changes

    @pytest.mark.duty("B1", "B2", "D5")
    def test_each_wrong_way_in(self) -> None:
        owner, details = drafts.owner(self.world, self.firm), self.details()
        elsewhere = next(self.world.people[r.code].unit for r in PACK.recommenders if r.city != details["party"].city)
        unknown = "所选奖项或类别不在本周期评选范围内，请重新选择（《细则》二）"
        person = self.leader.party
        for changes, said in (
            ({"award": "gold"}, unknown),
            ({"category": "front_line"}, unknown),
            ({"award": "individual", "category": "front_line"}, "个人奖只受理个人申报（《细则》二）"),
            ({"party": person}, "组织奖只受理组织申报（《细则》二）"),
            ({"recommender": elsewhere}, f"应按属地向{details['party'].city}市场监督管理部门申报，请重新选择推荐单位（《细则》四（二））"),
            ({"recommender": self.world.people["office"].unit}, f"应按属地向{details['party'].city}市场监督管理部门申报，请重新选择推荐单位（《细则》四（二））"),
            ({"industry": "XX"}, "行业大类不在《国民经济行业分类》（GB/T 4754—2017）中，请填写两位代码（《细则》二）"),
            (
                {"party": person, "award": "individual", "category": "senior_leader", "recommender": self.leader.recommender},
                "个人奖只能由本人申报（《细则》二（二））",
            ),
            ({"party": self.firm.party, "recommender": self.firm.recommender}, "本周期已有该申报主体的申报，请继续填报，勿重复新建（《细则》四（二））"),
        ):  # fmt: skip
            assert self.refused(application.open_entry, owner, self.cycle, **(details | changes)).text() == said
        assert Entry.objects.filter(cycle=self.cycle).count() == 3
        opened = self.world.do(application.open_entry, owner, self.cycle, **details).value
        assert (opened.code, opened.status, opened.owner) == ("2024-Z-0002", EntryStatus.DRAFT.value, owner.person)
        assert payload("application.open") == {
            "award": "organization", "category": "organization", "recommender": details["recommender"].code,
        }  # fmt: skip

    @pytest.mark.duty("D5")
    def test_a_unit_under_a_department_applies_through_its_city(self) -> None:
        department = self.world.people[self.world.cast.departments[0].code].unit
        found = self.refused(
            application.open_entry, drafts.owner(self.world, self.firm), self.cycle, **self.details(recommender=department)
        )
        assert [r.duty for r in found.refusals] == ["D5"]

    @pytest.mark.duty("D1")
    def test_withdrawn_and_applied_again(self) -> None:
        owner = drafts.owner(self.world, self.firm)
        self.submit(self.firm)
        self.world.do(application.withdraw, owner, self.firm, reason="材料需要完善")
        assert payload("application.withdraw") == {"reason": True}
        assert ("申报已撤回", "2024-Z-0001") in told("role:office")
        assert ("申报已撤回", "2024-Z-0001") in told(f"unit:{self.firm.recommender.code}")
        assert not Ban.objects.exists()
        for act, details in ((application.submit, {}), (application.withdraw, {}), (application.save, {"form": {}, "revision": 1})):
            assert self.refused(act, owner, self.firm, error=NotPermitted, **details).refusals[0].code == "state"
        again = drafts.draft(self.world, self.cycle, self.world.cast.organizations[0])
        assert again.code == "2024-Z-0002"
        assert self.submit(again).decision.ok
        assert Entry.objects.get(pk=self.firm.pk).status == EntryStatus.WITHDRAWN.value

    @pytest.mark.duty("D1")
    def test_withdrawal_until_nomination(self) -> None:
        assert EntryStatus.NOMINATED not in WITHDRAWABLE
        for status in EntryStatus:
            Entry.objects.filter(pk=self.firm.pk).update(status=status.value)
            Cycle.objects.update(stage=Stage.SHORTLIST.value if status == EntryStatus.BELOW_MATERIAL else Stage.NOMINATION.value)
            if status in WITHDRAWABLE:
                self.world.do(application.withdraw, drafts.owner(self.world, self.firm), self.firm)
                assert Entry.objects.get(pk=self.firm.pk).status == EntryStatus.WITHDRAWN.value
            else:
                found = self.refused(application.withdraw, drafts.owner(self.world, self.firm), self.firm, error=NotPermitted)
                assert found.refusals[0].code == "state"

    @pytest.mark.duty("F3")
    def test_to_withdraw_tells_nobody_who_passed_the_material_review(self) -> None:
        """While the result is sealed, those who passed and those who failed may do the same, and no reason names a sealed status."""
        me = drafts.owner(self.world, self.firm)
        for stage in (Stage.MATERIAL_REVIEW, Stage.SHORTLIST):
            Cycle.objects.update(stage=stage.value)
            for status in ("reviewed", "below_material"):
                Entry.objects.filter(pk=self.firm.pk).update(status=status)
                assert application.withdraw.rehearse(me, self.firm).decision.ok, (stage, status)
        Cycle.objects.update(stage=Stage.SITE_VISIT.value)
        assert self.refused(application.withdraw, me, self.firm, error=NotPermitted).refusals[0].code == "scope"
        texts = set()
        for status in ("nominated", "not_nominated", "proposed", "not_proposed"):
            Entry.objects.filter(pk=self.firm.pk).update(status=status)
            texts.add(self.refused(application.withdraw, me, self.firm, error=NotPermitted).refusals[0].text)
        assert texts == {"按评审程序，现阶段不能办理“撤回申报”"}

    @pytest.mark.duty("B2")
    def test_the_office_corrects_a_category_with_a_reason_until_acceptance(self) -> None:
        self.submit(self.worker)
        right = {"category": "middle_manager", "reason": "任部门负责人"}
        for changes, said in (
            ({"category": "boss"}, "该类别不存在，请重新选择（《细则》二（二））"),
            ({"reason": " "}, "请填写更正理由（《细则》二（二））"),
            ({"category": "front_line"}, "申报类别没有变化，无需更正（《细则》二（二））"),
        ):
            assert self.refused(application.correct_category, "office", self.worker, **(right | changes)).text() == said
        for who in (drafts.owner(self.world, self.worker), self.worker.recommender.code, self.world.cast.agency.code):
            assert self.refused(application.correct_category, who, self.worker, error=NotPermitted, **right).refusals[0].code == "role"
        for stage, status in (
            (Stage.APPLICATION, EntryStatus.SUBMITTED),
            (Stage.RECOMMENDATION, EntryStatus.SUBMITTED),
            (Stage.QUALIFICATION, EntryStatus.RECOMMENDED),
        ):
            Cycle.objects.update(stage=stage.value)
            Entry.objects.filter(pk=self.worker.pk).update(status=status.value, category="front_line")
            self.world.do(application.correct_category, "office", self.worker, **right)
            assert Entry.objects.get(pk=self.worker.pk).category == "middle_manager"
            assert payload("application.correct_category") == {"was": "front_line", "now": "middle_manager", "reason": "任部门负责人"}
        assert ("申报类别已更正", "2024-G-0002：任部门负责人") in told(f"person:{self.worker.owner.code}")
        Entry.objects.filter(pk=self.worker.pk).update(status=EntryStatus.ACCEPTED.value)
        back = {"category": "other", "reason": "再更正"}
        assert self.refused(application.correct_category, "office", self.worker, error=NotPermitted, **back).refusals[0].code == "state"
        Cycle.objects.update(stage=Stage.MATERIAL_REVIEW.value)
        assert self.refused(application.correct_category, "office", self.worker, error=NotPermitted, **back).refusals[0].code == "stage"

    @pytest.mark.duty("H1", "H2")
    def test_a_ground_for_the_bonus_rests_on_evidence_of_the_entry(self) -> None:
        owner, proof = drafts.owner(self.world, self.firm), attach(self.world, self.firm, "bonus:luban")
        foreign, gone = self.leader.evidence.first(), attach(self.world, self.firm, "bonus:dayu")
        self.world.do(application.detach, owner, gone)
        lacking = "请为加分事由上传证明材料（《细则》四（六）1）"
        for changes, said in (
            ({"kind": "provincial_commendation"}, "该事由不属于规定的加分情形，请重新选择（《细则》四（六）1）"),
            ({"evidence": None}, lacking), ({"evidence": foreign}, lacking), ({"evidence": gone}, lacking),
        ):  # fmt: skip
            details = {"kind": "luban", "granted_on": date(2022, 5, 1), "evidence": proof, **changes}
            assert self.refused(application.claim_bonus, owner, self.firm, **details).text() == said
        self.world.do(application.claim_bonus, owner, self.firm, kind="luban", granted_on=date(2022, 5, 1), evidence=proof)
        claim = BonusClaim.objects.get()
        assert (claim.kind, claim.verified, claim.evidence) == ("luban", None, proof)
        self.world.do(application.detach, owner, proof)
        assert not BonusClaim.objects.exists()
        assert payload("application.detach") == {"evidence": proof.pk, "claims": ["luban"]}
        assert StoredFile.objects.filter(pk=proof.file_id).exists()

    @pytest.mark.duty("B5", "D1")
    def test_sister_firms_and_a_unit_with_its_person_are_warnings_on_record(self) -> None:
        sister = drafts.draft(self.world, self.cycle, self.world.cast.organizations[1])
        Party.objects.filter(pk__in=[self.firm.party_id, sister.party_id]).update(group_code="91130000MA0000000X")
        group = f"与{sister.name}（{sister.code}）属于同一集团，请推荐单位核实并答复"
        assert [w.text for w in self.submit(self.firm).decision.warnings] == [group]
        assert payload("application.submit")["warnings"] == [group]
        with_staff = [w.text for w in self.submit(sister).decision.warnings]
        assert with_staff == [
            f"与{self.firm.name}（2024-Z-0001）属于同一集团，请推荐单位核实并答复",
            f"本单位及其人员同时申报：{self.leader.name}（2024-G-0001），请推荐单位核实并答复",
            f"本单位及其人员同时申报：{self.worker.name}（2024-G-0002），请推荐单位核实并答复",
        ]
        unit = f"本单位及其人员同时申报：{sister.name}（{sister.code}），请推荐单位核实并答复"
        assert [w.text for w in self.submit(self.leader).decision.warnings] == [unit]

    @pytest.mark.duty("D1")
    def test_the_close_to_the_second(self) -> None:
        owner = drafts.owner(self.world, self.firm)
        clock.set_to(DEADLINE - timedelta(seconds=1))
        receipt = self.submit(self.firm)
        assert receipt.at == datetime(2024, 4, 28, 17, 59, 59, tzinfo=clock.SHANGHAI)
        clock.set_to(DEADLINE)
        found = self.refused(application.submit, drafts.owner(self.world, self.worker), self.worker)
        assert found.text() == (
            "申报截止时间为2024年4月28日18:00，现已截止，不能再提交；确有特殊情况的请与推荐单位联系（《细则》四（二））"
        )
        late = self.refused(application.open_entry, owner, self.cycle, **self.details())
        assert late.text() == "申报已经截止，不能再新建申报（《细则》四（二））"
        clock.set_to(clock.at(date(2024, 3, 7)))
        early = self.refused(application.open_entry, owner, self.cycle, **self.details())
        assert early.text() == f"申报自2024年{self.cycle.opens_on.month}月{self.cycle.opens_on.day}日开始，请届时办理（《细则》四（二））"
