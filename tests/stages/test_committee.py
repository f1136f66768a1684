"""The committee: who counts, who votes, what is counted, and that nobody learns who voted how (I1, I2, K7; Q19–Q21; T13)."""

import contextvars
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, connections, transaction
from django.forms.models import model_to_dict

from tests.stages.finalists import Scores, at_nomination, last, meeting, nominated, seated, visited, vote
from tests.stages.playing import Played
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, NotPermitted, Refused
from zhiheng.foundation.canonical import digest_of
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.people.models import Person, RoleGrant
from zhiheng.process.gates import unfinished
from zhiheng.process.register import committee, panel
from zhiheng.rules.lifecycle import Role
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import Entry
from zhiheng.stages.committee import ballots
from zhiheng.stages.committee.models import Ballot, BallotIssue, Meeting, Member, Motion, Resolution


class Sitting(Played):
    """Twenty-five members and three candidates; the meeting is convened by each test."""

    members = 25

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = at_nomination(cls.members)
        for site in ("600", "610", "620"):
            visited(world, cycle, "organization", Scores("600", site))
        nominated(world, cycle)
        seated(world, cycle)
        return world, cycle

    @property
    def candidates(self) -> list[Entry]:
        return list(self.cycle.entries.order_by("code"))

    def meet(self, present: int = 17) -> Meeting:
        return meeting(self.world, self.cycle, present)

    def open(self, row: Meeting, entry: Entry | None = None) -> Motion:
        motion: Motion = self.world.do(committee.open_ballot, "chair", row, entry=entry or self.candidates[0]).value
        return motion

    def cast(self, motion: Motion, seats: range, choice: str) -> None:
        for seat in seats:
            self.world.do(committee.cast, f"member{seat}", motion, choice=choice)


@pytest.mark.duty("I1")
class TestMeeting(Sitting):
    def test_two_thirds_of_all_members_or_no_ballot(self) -> None:
        """25 members: 17 open it, 16 do not; the meeting is adjourned and another one held (Q19)."""
        short = self.meet(16)
        decision = self.refused(committee.open_ballot, "chair", short, entry=self.candidates[0])
        text = "委员总数25人，出席16人，未达到法定人数17人，不得表决，请待出席人数达到后再开始（《细则》四（七）1）"
        assert (decision.text(), decision.refusals[0].code, Motion.objects.count()) == (text, "quorum.short", 0)
        assert self.refused(committee.convene, "chair", self.cycle).text() == "已有进行中的会议（《细则》四（七）1）"
        self.world.do(committee.adjourn, "chair", short, reason="未达法定人数")
        assert Meeting.objects.get().status == "failed"
        payload = json.loads(last("committee.adjourn").body)["payload"]
        assert payload == {"meeting": short.code, "present": 16, "members": 25, "reason": "未达法定人数"}
        again = self.meet(17)
        assert (again.code, self.open(again).present) == ("HY2024-2", 17)

    def test_one_more_to_come_is_enough(self) -> None:
        row = self.meet(16)
        self.world.do(committee.sign_in, "member25", row)
        assert self.open(row).entitled == [*range(1, 17), 25]

    def test_all_members_are_told(self) -> None:
        self.meet(0)
        told = Notification.objects.filter(title="召开省质评委全体会议").values_list("to", flat=True)
        assert set(told) == {f"person:{m.person.code}" for m in self.cycle.members.select_related("person")}
        assert len(told) == 25

    def test_the_list_of_members_is_frozen_while_a_meeting_is_open(self) -> None:
        person = Person.objects.create(name="后补委员")
        row = self.meet(17)
        decision = self.refused(committee.appoint, "office", self.cycle, person=person)
        assert decision.text() == "会议进行中，不得变动委员名单（《细则》四（七）1）"
        self.world.do(committee.adjourn, "chair", row, reason="择期再开")
        self.world.do(committee.appoint, "office", self.cycle, person=person)
        assert self.meet(17).members == 26

    def test_one_membership_and_one_chair(self) -> None:
        known, new = self.world.people["member3"].person, Person.objects.create(name="另一主任")
        for person, chair in ((known, False), (new, True)):
            decision = self.refused(committee.appoint, "office", self.cycle, person=person, chair=chair)
            assert decision.text() == "该委员已登记，或主任已确定（《细则》四（七）1）"
        for extra in ({"person": new, "seat": 3}, {"person": new, "seat": 26, "chair": True}, {"person": known, "seat": 26}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Member.objects.create(cycle=self.cycle, **extra)

    def test_only_the_chair_of_this_committee_presides(self) -> None:
        stranger = Person.objects.create(name="别届主任")
        RoleGrant.objects.create(person=stranger, role=Role.CHAIR.value, granted_at=clock.now())
        row, entry = self.meet(17), self.candidates[0]
        other = Acting(Role.CHAIR, stranger)
        for who, code in (("member2", "role"), ("office", "role"), (other, "scope")):
            for spec, subject, details in (
                (committee.convene, self.cycle, {}),
                (committee.open_ballot, row, {"entry": entry}),
                (committee.adjourn, row, {"reason": "休会"}),
                (committee.resolve, row, {"minutes": "纪要"}),
            ):
                assert self.refused(spec, who, subject, error=NotPermitted, **details).refusals[0].code == code
        motion = self.open(row)
        assert self.refused(committee.close_ballot, other, motion, error=NotPermitted).refusals[0].code == "scope"

    def test_sign_in_is_for_members_in_person_once(self) -> None:
        row = self.meet(1)
        guest = Person.objects.create(name="列席人员")
        RoleGrant.objects.create(person=guest, role=Role.MEMBER.value, granted_at=clock.now())
        assert (
            self.refused(committee.sign_in, Acting(Role.MEMBER, guest), row).text() == "您不是本届委员，或会议未在进行（《细则》四（七）1）"
        )
        assert self.refused(committee.sign_in, "chair", row).text() == "您已签到（《细则》四（七）1）"
        self.world.do(committee.adjourn, "chair", row, reason="择期再开")
        assert self.refused(committee.sign_in, "member2", row).text() == "您不是本届委员，或会议未在进行（《细则》四（七）1）"

    def test_nothing_is_convened_without_candidates_before_it(self) -> None:
        self.cycle.candidate_lists.update(submitted_at=None)
        decision = self.refused(committee.convene, "chair", self.cycle)
        assert decision.text() == "委员名单或提请审议的授奖候选名单尚不具备，不能召集会议（《细则》四（七）1）"

    def test_adjourning_needs_a_reason_and_no_ballot(self) -> None:
        row = self.meet(17)
        text = "会议未在进行或已有表决，不能休会；请写明休会原因（《细则》四（七）1）"
        assert self.refused(committee.adjourn, "chair", row, reason=" ").text() == text
        self.open(row)
        assert self.refused(committee.adjourn, "chair", row, reason="休会").text() == text


@pytest.mark.duty("I2")
class TestBallot(Sitting):
    def test_two_thirds_of_those_attending(self) -> None:
        """17 attend: 12 yes needed. An abstention, a missing ballot, a no are no yes (Q20)."""
        row, (a, b, c) = self.meet(17), self.candidates
        found = [vote(self.world, row, a, yes=12, abstain=5), vote(self.world, row, b, yes=11, abstain=6), vote(self.world, row, c, yes=11)]
        shown = [[m.tally[k] for k in ("yes", "no", "abstain", "missing", "attending", "needed", "passed")] for m in found]
        assert shown == [
            [12, 0, 5, 0, 17, 12, True],
            [11, 0, 6, 0, 17, 12, False],
            [11, 0, 0, 6, 17, 12, False],
        ]
        self.world.do(committee.resolve, "chair", row, minutes="逐一表决")
        assert dict(self.cycle.entries.values_list("code", "status")) == {
            a.code: "proposed",
            b.code: "not_proposed",
            c.code: "not_proposed",
        }
        assert Resolution.objects.get().entries == [a.code]
        assert unfinished(self.cycle) == []

    @pytest.mark.duty("K7")
    def test_a_recused_member_leaves_the_denominator_of_that_candidate_and_the_quorum_stays(self) -> None:
        row, (a, b, _) = self.meet(17), self.candidates
        person = self.world.people["member5"].person
        self.world.do(panel.declare_conflict, "member5", a, person=person, kind="declared", grounds="曾任该单位顾问")
        motion = self.open(row, a)
        assert (motion.present, motion.recused, len(motion.entitled), 5 in motion.entitled) == (17, [5], 16, False)
        decision = self.refused(committee.cast, "member5", motion, choice="no")
        assert (decision.text(), decision.refusals[0].duty) == ("您应当回避，不参加本项表决（《细则》四（七）2）", "K7")
        self.cast(motion, range(6, 17), "yes")
        closed = self.world.do(committee.close_ballot, "chair", motion).value
        assert (closed.tally["attending"], closed.tally["needed"], closed.passed) == (16, 11, True)
        other = self.open(row, b)
        assert (other.recused, len(other.entitled)) == ([], 17)
        self.world.do(committee.cast, "member5", other, choice="yes")

    @pytest.mark.duty("K7")
    def test_a_conflict_found_while_the_ballot_is_open_stops_the_vote(self) -> None:
        motion = self.open(self.meet(17))
        person = self.world.people["member5"].person
        self.world.do(panel.declare_conflict, "member5", motion.entry, person=person, kind="declared", grounds="亲属任职")
        assert self.refused(committee.cast, "member5", motion, choice="yes").refusals[0].duty == "K7"
        assert not BallotIssue.objects.exists()

    @pytest.mark.duty("K7")
    def test_a_candidate_on_whom_nobody_may_vote(self) -> None:
        row, entry = self.meet(17), self.candidates[0]
        for seat in range(1, 18):
            who = self.world.people[f"member{seat}"]
            self.world.do(panel.declare_conflict, who, entry, person=who.person, kind="declared", grounds="利害关系")
        decision = self.refused(committee.open_ballot, "chair", row, entry=entry)
        assert decision.text() == "出席委员均应回避，该候选对象没有可参加表决的委员（《细则》四（七）2）"

    def test_who_was_not_signed_in_when_it_opened_has_no_vote(self) -> None:
        row = self.meet(17)
        motion = self.open(row)
        text = "您未在表决开始前签到，不能参加本项表决（《细则》四（七）2）"
        assert self.refused(committee.cast, "member20", motion, choice="yes").text() == text
        self.world.do(committee.sign_in, "member20", row)
        assert self.refused(committee.cast, "member20", motion, choice="yes").text() == text
        self.world.do(committee.close_ballot, "chair", motion)
        later = self.open(row, self.candidates[1])
        self.world.do(committee.cast, "member20", later, choice="yes")
        assert (later.present, Ballot.objects.count()) == (18, 1)

    def test_a_choice_is_one_of_three_and_nothing_is_kept_of_a_wrong_one(self) -> None:
        motion = self.open(self.meet(17))
        decision = self.refused(committee.cast, "member2", motion, choice="canary-choice")
        assert decision.text() == "请选择赞成、反对或弃权（《细则》四（七）2）"
        assert "canary-choice" not in last("committee.cast", "refusal").body
        assert not BallotIssue.objects.exists()

    def test_no_second_vote_and_no_change_of_mind(self) -> None:
        motion = self.open(self.meet(17))
        self.world.do(committee.cast, "member2", motion, choice="no")
        decision = self.refused(committee.cast, "member2", motion, choice="yes")
        assert (decision.text(), decision.refusals[0].code) == ("您已投票，每人一票（《细则》四（七）2）", "twice")
        assert list(Ballot.objects.values_list("choice", flat=True)) == ["no"]

    def test_the_same_form_twice_is_one_vote_with_one_receipt(self) -> None:
        motion = self.open(self.meet(17))
        who = replace(self.world.people["member2"], request_id="form-1")
        one, two = (self.world.do(committee.cast, who, motion, choice="yes") for _ in range(2))
        assert (one.hash, one.repeated, two.hash, two.repeated, Ballot.objects.count()) == (one.hash, False, one.hash, True, 1)

    def test_no_vote_after_the_close(self) -> None:
        motion = self.open(self.meet(17))
        self.world.do(committee.close_ballot, "chair", motion)
        assert self.refused(committee.cast, "member2", motion, choice="yes").text() == "表决已经结束（《细则》四（七）2）"
        assert self.refused(committee.close_ballot, "chair", motion).text() == "表决已经结束（《细则》四（七）2）"

    def test_one_candidate_at_a_time_each_once_and_candidates_only(self) -> None:
        row, (a, b, _) = self.meet(17), self.candidates
        motion = self.open(row, a)
        for entry in (a, b):
            decision = self.refused(committee.open_ballot, "chair", row, entry=entry)
            assert decision.text() == "该候选对象已经表决，或另一表决尚未结束；逐一表决（《细则》四（七）2）"
        self.world.do(committee.close_ballot, "chair", motion)
        self.refused(committee.open_ballot, "chair", row, entry=a)
        b.status = "not_nominated"
        b.save()
        decision = self.refused(committee.open_ballot, "chair", row, entry=b)
        assert decision.text() == "会议未在进行，或该申报不是授奖候选对象（《细则》四（七）2）"

    def test_resolved_only_when_every_candidate_was_voted_on(self) -> None:
        row, (a, b, c) = self.meet(17), self.candidates
        vote(self.world, row, a, yes=17)
        decision = self.refused(committee.resolve, "chair", row, minutes="纪要")
        assert decision.text() == f"{b.code} 等 2 项尚未表决（《细则》四（七）2）"
        for entry in (b, c):
            vote(self.world, row, entry, yes=17)
        assert self.refused(committee.resolve, "chair", row, minutes=" ").text() == "请填写会议纪要（《细则》四（七）2）"
        assert [r.text for r in unfinished(self.cycle)] == ["省质评委尚未形成授奖建议名单", "省质评委会议尚未结束"]
        self.world.do(committee.resolve, "chair", row, minutes="纪要")
        payload = json.loads(last("committee.resolve").body)["payload"]
        assert payload == {"meeting": row.code, "proposed": [a.code, b.code, c.code], "not_proposed": []}
        assert (
            self.refused(committee.resolve, "chair", row, minutes="纪要").text() == "会议未在进行，或没有授奖候选对象（《细则》四（七）2）"
        )


def rows(value: Any) -> Iterator[dict[str, Any]]:
    """Every record in a value: the value itself if it is one, and those inside it; journal bodies and other JSON texts are read."""
    if isinstance(value, str) and value[:1] in "{[":
        try:
            value = json.loads(value)
        except ValueError:
            return
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list | tuple):
        for inner in value:
            yield from rows(inner)


def stored() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every record of every table, with the records inside it, by the model's name."""
    for model in apps.get_models():
        for row in model._default_manager.all():
            fields = {f.attname: f.value_from_object(row) for f in model._meta.concrete_fields} | model_to_dict(row)
            for record in rows(fields):
                yield model.__name__, record


VOTES = {"yes", "no", "abstain"}


@pytest.mark.duty("I2", "L3")
class TestSecrecy(Sitting):
    members = 7

    def voted(self) -> Motion:
        """Seats 7 to 1 vote in this order; only seat 4 says no, only seat 2 abstains."""
        motion = self.open(self.meet(7))
        for seat in range(7, 0, -1):
            choice = {4: "no", 2: "abstain"}.get(seat, "yes")
            self.world.do(committee.cast, f"member{seat}", motion, choice=choice)
        return motion

    def test_no_record_of_any_table_ties_a_seat_to_a_choice(self) -> None:
        motion = self.voted()
        for closed in (False, True):
            if closed:
                self.world.do(committee.close_ballot, "chair", motion)
            found = [(name, record) for name, record in stored() if VOTES & {v for v in record.values() if isinstance(v, str)}]
            assert sorted(record["choice"] for _, record in found) == ["abstain", "no", *["yes"] * 5]
            assert {name for name, _ in found} == {"Ballot"}
            assert {frozenset(record) for _, record in found} == {frozenset({"token", "motion_id", "motion", "choice", "seat"})}
            assert {record["seat"] for _, record in found} == {None}
            tokens = {record["token"] for _, record in found}
            texts = [json.dumps(record, default=str) for name, record in stored() if name != "Ballot"]
            assert [text for text in texts if any(token in text for token in tokens)] == []

    def test_this_walk_would_find_a_link(self) -> None:
        """The same walk over an open ballot finds who voted how."""
        motion = self.open(self.meet(7))
        Motion.objects.update(secret=False)
        self.world.do(committee.cast, "member4", motion, choice="no")
        assert [(name, r["seat"]) for name, r in stored() if VOTES & {v for v in r.values() if isinstance(v, str)}] == [("Ballot", 4)]

    def test_the_journal_keeps_that_a_member_voted_and_never_how(self) -> None:
        motion = self.voted()
        bodies = [json.loads(e.body) for e in JournalEntry.objects.filter(act="committee.cast").order_by("seq")]
        assert [b["payload"] for b in bodies] == [{"motion": motion.code, "seat": seat} for seat in range(7, 0, -1)]

    def test_after_the_close_the_box_lies_in_token_order_and_its_digest_is_on_record(self) -> None:
        motion = self.voted()
        cast = self._laid()
        closed = self.world.do(committee.close_ballot, "chair", motion).value
        tokens = [token for token, _ in ballots.listed(closed)]
        assert self._laid() == tokens == sorted(cast)
        assert cast != tokens, "by chance the ballots came in token order: this proves nothing"
        assert list(BallotIssue.objects.order_by("pk").values_list("seat", flat=True)) == [1, 2, 3, 4, 5, 6, 7]
        payload = json.loads(last("committee.close_ballot").body)["payload"]
        box = [[b.token, b.choice] for b in Ballot.objects.order_by("token")]
        assert payload["box"] == digest_of(box) == ballots.box_digest(closed)
        assert payload["tally"] == {"yes": 5, "no": 1, "abstain": 1, "missing": 0, "attending": 7, "needed": 5, "passed": True}
        Ballot.objects.filter(choice="no").update(choice="yes")
        assert ballots.box_digest(closed) != payload["box"]

    def _laid(self) -> list[str]:
        """The tokens as they lie in the table."""
        place = "rowid" if connection.vendor == "sqlite" else "ctid"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT token FROM committee_ballot ORDER BY {place}")
            return [token for (token,) in cursor.fetchall()]

    def test_no_time_is_kept_with_a_ballot_and_no_tally_before_the_close(self) -> None:
        motion = self.voted()
        assert not any(isinstance(value, datetime) for ballot in Ballot.objects.all() for value in vars(ballot).values())
        motion.refresh_from_db()
        assert (motion.tally, motion.passed) == (None, None)


@pytest.mark.duty("I2")
@pytest.mark.django_db(transaction=True)
def test_eight_ballots_of_one_member_at_once_are_one() -> None:
    """The database decides, whoever comes first (T13, X6)."""
    try:
        world, cycle = at_nomination(3)
        entry = visited(world, cycle, "organization", Scores("600", "600"))
        nominated(world, cycle)
        seated(world, cycle)
        motion = world.do(committee.open_ballot, "chair", meeting(world, cycle, 3), entry=entry).value
        member = world.people["member2"]

        def vote_once(choice: str) -> str:
            try:
                committee.cast(member, motion, choice=choice)
            except Refused as error:
                return error.decision.refusals[0].code
            finally:
                connections.close_all()
            return "ok"

        contexts = [contextvars.copy_context() for _ in range(8)]
        choices = ["yes", "no"] * 4
        with ThreadPoolExecutor(8) as pool:
            found = [pool.submit(c.run, vote_once, choice) for c, choice in zip(contexts, choices, strict=True)]
            answers = sorted(f.result() for f in found)
        assert answers == ["ok", *["twice"] * 7]
        assert (Ballot.objects.count(), BallotIssue.objects.count()) == (1, 1)
        with pytest.raises(IntegrityError), transaction.atomic():
            BallotIssue.objects.create(motion=motion, seat=2)
        assert not ballots.cast(motion, 2, "no")
        assert Ballot.objects.count() == 1
    finally:
        clock.set_to(None)
