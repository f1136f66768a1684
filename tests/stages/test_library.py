"""The expert library, recusal, and the looks at evidence (F1, K7, D2; Q18, T6)."""

import json
from typing import Any

import pytest

from tests.stages.drawing import other_agency, payload
from tests.stages.playing import Played, played
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, NotPermitted
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.people.models import Person, RoleGrant
from zhiheng.process.register import library, panel, review
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import Entry, Evidence
from zhiheng.stages.panel.models import Conflict, Expert, Panel, Seat

FIELDS: dict[str, Any] = {
    "code": "ZJ9001",
    "employer": "某大学",
    "industries": ["39", "14"],
    "categories": ["organization"],
    "city": "石家庄市",
}


class Drawn(Played):
    """The material panels are drawn, nobody has scored."""

    entry: Entry
    seat: Seat

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        return played(Stage.MATERIAL_REVIEW, share=0)

    def setUp(self) -> None:
        super().setUp()
        panel_ = Panel.objects.get(award="organization")
        self.entry = panel_.entries.order_by("code")[0]
        self.seat = panel_.seats.select_related("expert__person").order_by("pk")[0]

    def text(self, act: Any, who: str | Acting, subject: Any = None, **details: Any) -> str:
        """The first reason of a refusal."""
        found: str = self.refused(act, who, subject, **details).refusals[0].text
        return found


@pytest.mark.duty("F1", "K7")
class TestLibrary(Drawn):
    def register(self, **changes: Any) -> Expert:
        found: Expert = self.world.do(
            panel.register_expert, "agency", None, person=Person.objects.create(name="新人"), **FIELDS | changes
        ).value
        return found

    def test_an_expert_is_proposed_and_then_approved_by_the_office(self) -> None:
        row = self.register(
            employers=[{"employer": "甲公司", "until": "2022-05-01"}], consulted=[{"employer": "乙公司", "until": None}], leader=True
        )
        row.refresh_from_db()
        assert (row.status, row.industries, row.leader, row.max_load) == ("proposed", ["14", "39"], True, 3)
        assert payload("panel.register_expert") == {"expert": "ZJ9001"}
        as_expert = Acting(Role.EXPERT, row.person)
        assert self.refused(review.submit_sheet, as_expert, self.entry, error=NotPermitted, marks={}).refusals[0].code == "role"
        assert self.refused(panel.approve_expert, "agency", row, error=NotPermitted).refusals[0].code == "role"
        self.world.do(panel.approve_expert, "office", row)
        row.refresh_from_db()
        assert row.status == "active"
        assert RoleGrant.objects.filter(person=row.person, role="expert", revoked_at=None).count() == 1
        assert self.text(panel.approve_expert, "office", row) == "该专家已在库"

    def test_what_recusal_and_draw_rest_on_must_be_given_and_be_sound(self) -> None:
        person = Person.objects.create(name="新人")
        for missing in ({"employer": " "}, {"industries": []}, {"categories": []}):
            said = self.text(panel.register_expert, "agency", None, person=person, **FIELDS | missing)
            assert said == "请填写专家的工作单位、熟悉行业和可评类别"
        bad: list[dict[str, Any]] = [
            {"employers": [{"employer": "", "until": None}]},
            {"employers": [{"until": None}]},
            {"consulted": [{"employer": "甲公司", "until": "2022-02-30"}]},
            {"consulted": [{"employer": "甲公司", "until": 2022}]},
            {"consulted": ["甲公司"]},
            {"max_load": 0},
        ]
        for wrong in bad:
            said = self.text(panel.register_expert, "agency", None, person=person, **FIELDS | wrong)
            assert said == "请填写单位名称、离任日期（年-月-日，在任的留空）和不少于 1 组的工作量上限"
        assert not Expert.objects.filter(person=person).exists()

    def test_one_code_and_one_person_once(self) -> None:
        row = self.register()
        for person, code in ((row.person, "ZJ9002"), (Person.objects.create(name="他人"), "ZJ9001")):
            said = self.text(panel.register_expert, "office", None, person=person, **FIELDS | {"code": code})
            assert said == f"专家编号 {code} 或该人员已在库中，请勿重复登记"

    def test_a_suspended_expert_acts_no_more_until_approved_again(self) -> None:
        who = self.seat.expert
        assert self.text(panel.suspend_expert, "office", who, remove=False, reason=" ") == "请填写暂停或移出的理由"
        self.world.do(panel.suspend_expert, "office", who, remove=True, reason="违反评审纪律")
        who.refresh_from_db()
        assert (who.status, who.reason) == ("removed", "违反评审纪律")
        assert payload("panel.suspend_expert") == {"expert": who.code, "status": "removed", "reason": "违反评审纪律"}
        assert self.refused(review.submit_sheet, who.code, self.entry, error=NotPermitted, marks={}).refusals[0].code == "role"
        assert self.text(panel.approve_expert, "office", who) == "该专家已暂停或移出，请办理“恢复专家资格”"
        assert self.text(library.reinstate_expert, "office", who, reason=" ") == "请填写恢复的理由"
        self.world.do(library.reinstate_expert, "office", who, reason="查无此事")
        assert payload("panel.reinstate_expert") == {"expert": who.code, "reason": "查无此事"}
        assert self.text(library.reinstate_expert, "office", who, reason="再次") == "该专家未被暂停或移出"
        assert self.refused(review.submit_sheet, who.code, self.entry, marks={}).refusals[0].code == "mark.missing"


@pytest.mark.duty("K7")
class TestRecusal(Drawn):
    def declare(self, who: str | Acting, person: Person, kind: str = "declared", entry: Entry | None = None) -> Conflict:
        details = {"person": person, "kind": kind, "grounds": "配偶任职", "unproved": "当事人口述，未留存书面材料"}
        found: Conflict = self.world.do(panel.declare_conflict, who, entry or self.entry, **details).value
        return found

    def test_ones_own_word_counts_at_once_and_bars_scoring(self) -> None:
        row = self.declare(self.seat.expert.code, self.seat.expert.person, "requested")
        assert (row.kind, row.status) == ("declared", "standing")
        assert payload("panel.declare_conflict") == {"person": self.seat.expert.person.code, "kind": "declared", "status": "standing"}
        said = self.refused(review.submit_sheet, self.seat.expert.code, self.entry, marks={})
        assert [(r.code, r.duty, r.article) for r in said.refusals] == [("conflict", "K7", "七(七)")]
        other = self.seat.panel.entries.order_by("code")[1]
        assert self.refused(review.submit_sheet, self.seat.expert.code, other, marks={}).refusals[0].code == "mark.missing"

    def test_kin_declared_by_oneself_stays_kin(self) -> None:
        assert self.declare(self.seat.expert.code, self.seat.expert.person, "kin").kind == "kin"

    def test_anothers_word_waits_for_the_office(self) -> None:
        person = self.seat.expert.person
        first, second = self.seat.panel.entries.order_by("code")[:2]
        rows = {"agency": self.declare("agency", person, "declared", first), "office": self.declare("office", person, "kin", second)}
        kinds = {who: (row.kind, row.status) for who, row in rows.items()}
        assert kinds == {"agency": ("requested", "pending"), "office": ("kin", "pending")}
        assert self.refused(review.submit_sheet, self.seat.expert.code, self.entry, marks={}).refusals[0].code == "mark.missing"
        assert Notification.objects.filter(to="role:office", title="收到回避申请").count() == 2

    def test_an_applicant_asks_for_its_own_entry_only_and_only_asks(self) -> None:
        owner, person = self.world.owners[self.entry.code], self.seat.expert.person
        row = self.declare(owner, person, "found")
        assert (row.kind, row.status) == ("requested", "pending")
        other = self.seat.panel.entries.order_by("code")[1]
        details = {"person": person, "kind": "requested", "grounds": "竞争关系"}
        assert self.refused(panel.declare_conflict, owner, other, error=NotPermitted, **details).refusals[0].code == "scope"

    def test_who_was_asked_to_recuse_themselves_may_do_so_at_once(self) -> None:
        asked = self.declare(self.world.owners[self.entry.code], self.seat.expert.person, "requested")
        row = self.declare(self.seat.expert.code, self.seat.expert.person)
        assert (row.pk, row.status, row.kind) == (asked.pk, "standing", "declared")

    def test_grounds_kinds_and_repeats(self) -> None:
        person, who = self.seat.expert.person, self.seat.expert.code
        assert self.text(panel.declare_conflict, who, self.entry, person=person, kind="declared", grounds=" ") == "请写明需要回避的事由"
        said = self.text(panel.declare_conflict, who, self.entry, person=person, kind="other", grounds="有事")
        assert said == "回避事由类别不正确，请重新选择"
        self.declare(who, person)
        for again in (who, "agency"):
            assert self.text(panel.declare_conflict, again, self.entry, person=person, kind="kin", grounds="有事") == "该回避事项已经登记"

    def test_the_office_decides_with_a_reason_and_never_in_its_own_case(self) -> None:
        row = self.declare("agency", self.seat.expert.person, "kin")
        assert self.text(panel.rule_on_conflict, "office", row, stands=True, reason="") == "请填写审定理由"
        self.world.do(panel.rule_on_conflict, "office", row, stands=True, reason="档案证实")
        assert payload("panel.rule_on_conflict") == {"person": self.seat.expert.person.code, "stands": True, "reason": "档案证实"}
        assert self.refused(review.submit_sheet, self.seat.expert.code, self.entry, marks={}).refusals[0].code == "conflict"
        mine = self.declare("agency", self.world.people["office"].person, "found")  # type: ignore[arg-type]
        said = self.text(panel.rule_on_conflict, "office", mine, stands=False, reason="无事")
        assert said == "不得审定本人的回避事项，请由其他工作人员办理"
        self.world.do(panel.rule_on_conflict, "office2", mine, stands=False, reason="查无此事")
        mine.refresh_from_db()
        assert mine.status == "rejected"

    def test_ones_own_recusal_is_not_lifted(self) -> None:
        row = self.declare(self.seat.expert.code, self.seat.expert.person)
        assert self.text(panel.rule_on_conflict, "office", row, stands=False, reason="无碍") == "本人主动申请的回避不得撤销"

    def test_a_rejected_request_does_not_stand_beside_one_that_does(self) -> None:
        row = self.declare("agency", self.seat.expert.person, "found")
        self.world.do(panel.rule_on_conflict, "office", row, stands=False, reason="证据不足")
        self.declare(self.seat.expert.code, self.seat.expert.person)
        assert self.text(panel.rule_on_conflict, "office", row, stands=True, reason="新证据") == "该人员对此申报的回避已经成立"


@pytest.mark.duty("D2", "K7")
class TestLooks(Drawn):
    """Who may open a trade secret, and that each look is on record."""

    def setUp(self) -> None:
        super().setUp()
        self.secret: Evidence = self.entry.evidence.get(secret=True)

    def shut(self, who: str | Acting, code: str = "scope", evidence: Evidence | None = None) -> None:
        before = JournalEntry.objects.filter(act="evidence.look", kind="look").count()
        assert self.refused(panel.look, who, evidence or self.secret, error=NotPermitted).refusals[0].code == code
        assert JournalEntry.objects.filter(act="evidence.look", kind="look").count() == before
        assert JournalEntry.objects.order_by("-pk")[0].kind == "refusal"

    def test_each_look_is_journalled_as_a_look(self) -> None:
        city = next(c for c, a in self.world.people.items() if a.unit == self.entry.recommender)
        owner = self.world.owners[self.entry.code]
        for who in (owner, city, "office", "agency", "inspector", self.seat.expert.code):
            receipt = self.world.do(panel.look, who, self.secret)
            row = JournalEntry.objects.order_by("-pk")[0]
            actor = owner if isinstance(who, Acting) else self.world.people[who]
            assert (row.kind, row.act, row.actor, row.role) == ("look", "evidence.look", actor.code, actor.role.value)
            assert row.subject == f"entry:{self.entry.code}"
            assert json.loads(row.body)["payload"] == {"evidence": self.secret.pk, "secret": True, "sha256": self.secret.file.sha256}
            assert receipt.value == self.secret.file

    def test_what_is_no_secret_is_told_apart(self) -> None:
        self.world.do(panel.look, "agency", self.entry.evidence.filter(secret=False)[0])
        assert payload_of_look() is False

    def test_who_need_not_review_it_may_not_open_it(self) -> None:
        strangers = [c for c, a in self.world.people.items() if a.role == Role.RECOMMENDER and a.unit != self.entry.recommender]
        elsewhere = Seat.objects.exclude(panel=self.seat.panel).select_related("expert")[0].expert.code
        unseated = Expert.objects.exclude(pk__in=Seat.objects.values("expert"))[0].code
        other = self.world.owners[self.seat.panel.entries.order_by("code")[1].code]
        for who in (strangers[0], elsewhere, unseated, other, other_agency()):
            self.shut(who)
        for nobody in ("admin", "chair", "member2", "fgw"):
            self.shut(nobody, "role")

    def test_nobody_with_a_conflict(self) -> None:
        for who in (self.seat.expert.code, "office", "agency", "inspector"):
            person = self.world.people[who].person
            row = Conflict.objects.create(
                entry=self.entry, person=person, kind="found", grounds="亲属", status="standing", found_at=clock.now()
            )
            self.shut(who)
            row.status = "rejected"
            row.save()
            self.world.do(panel.look, who, self.secret)

    def test_not_after_the_expert_has_left_nor_after_the_round(self) -> None:
        self.world.do(panel.replace, "agency", self.seat.panel, out=self.seat.expert, reason="因病")
        self.shut(self.seat.expert.code)
        stays = self.seat.panel.seats.filter(vacated_at=None).select_related("expert")[0].expert.code
        self.world.do(panel.look, stays, self.secret)
        self.cycle.stage = Stage.SHORTLIST.value
        self.cycle.save()
        self.shut(stays)
        self.cycle.stage = Stage.SITE_VISIT.value
        self.cycle.save()
        self.shut(stays)

    def test_a_draft_is_the_applicants_own(self) -> None:
        Entry.objects.filter(pk=self.entry.pk).update(status="draft")
        city = next(c for c, a in self.world.people.items() if a.unit == self.entry.recommender)
        for who in ("office", "agency", "inspector", city):
            self.shut(who)
        self.world.do(panel.look, self.world.owners[self.entry.code], self.secret)

    def test_a_role_taken_back_opens_nothing(self) -> None:
        person = self.seat.expert.person
        RoleGrant.objects.filter(person=person, role="expert").update(revoked_at=clock.now())
        self.shut(self.seat.expert.code, "role")


def payload_of_look() -> Any:
    return json.loads(JournalEntry.objects.filter(act="evidence.look").order_by("-pk")[0].body)["payload"]["secret"]
