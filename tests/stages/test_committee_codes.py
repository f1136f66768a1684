"""One-time codes at a shared tablet: whose they are, that they work once, and that nothing but a digest is kept (I1, I2, K7; T9, T13, T18)."""

import contextvars
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from tests.stages.finalists import Scores, at_nomination, last, meeting, nominated, seated, visited
from tests.stages.test_committee import VOTES, Sitting, stored
from zhiheng.foundation import clock, entropy
from zhiheng.foundation.acts import NotPermitted, Refused
from zhiheng.foundation.notifications.models import Notification
from zhiheng.process.register import committee, panel
from zhiheng.stages.committee import codes
from zhiheng.stages.committee.codes import Paused, Slip
from zhiheng.stages.committee.models import Attendance, Ballot, BallotIssue, Code, Guesses, Meeting


class Issuing(Sitting):
    """A meeting with seventeen members present; codes are handed out by the office."""

    def setUp(self) -> None:
        super().setUp()
        self.row = self.meet(17)

    def issue(self, *seats: int) -> list[Slip]:
        found: list[Slip] = self.world.do(committee.issue_codes, "office", self.row, seats=seats).value
        return found

    def slip(self, slips: list[Slip], seat: int, entry: object = None) -> str:
        return next(s.code for s in slips if s.member.seat == seat and s.entry == entry)


@pytest.mark.duty("I2")
class TestCodes(Issuing):
    def test_a_code_for_each_step_that_is_left(self) -> None:
        """Seat 3 is there and gets one a candidate; seat 20 is not and gets one to sign in besides."""
        slips = self.issue(3, 20)
        a, b, c = self.candidates
        assert [(s.member.seat, s.entry) for s in slips] == [(3, a), (3, b), (3, c), (20, None), (20, a), (20, b), (20, c)]
        assert len({s.code for s in slips}) == 7
        assert all(len(s.code) == 8 and set(s.code) <= set(codes.ALPHABET) for s in slips)
        assert not set("01OIL") & set(codes.ALPHABET)
        payload = json.loads(last("committee.issue_codes").body)["payload"]
        assert payload == {"meeting": self.row.code, "seats": [3, 20], "codes": 7}
        told = set(Notification.objects.filter(title="发放会议一次性代码").values_list("to", flat=True))
        assert told == {f"person:{self.world.people[f'member{seat}'].code}" for seat in (3, 20)}

    def test_nothing_of_a_code_is_kept_but_a_keyed_digest(self) -> None:
        slips = self.issue(3)
        texts = [json.dumps(record, default=str) for _, record in stored()]
        assert [t for t in texts if any(s.code in t or codes.printed(s.code) in t for s in slips)] == []
        assert {len(d) for d in Code.objects.values_list("digest", flat=True)} == {64}
        with self.settings(SECRET_KEY="another"):
            assert codes.find(self.row, slips[0].code) is None

    def test_a_code_votes_once(self) -> None:
        slips = self.issue(3)
        motion = self.open(self.row)
        code = self.slip(slips, 3, motion.entry)
        self.world.do(committee.cast, "member3", motion, choice="no", code=f" {code[:4].lower()}－{code[4:]} ")
        assert (Ballot.objects.count(), Code.objects.get(entry=motion.entry).spent) == (1, True)
        assert json.loads(last("committee.cast").body)["payload"] == {"motion": motion.code, "seat": 3, "by_code": True}
        decision = self.refused(committee.cast, "member3", motion, choice="yes", code=code)
        assert decision.refusals[0].code == "twice"
        assert list(Ballot.objects.values_list("choice", flat=True)) == ["no"]

    def test_a_code_of_another_member_candidate_or_step_is_refused_and_nothing_is_cast(self) -> None:
        slips = self.issue(3, 4, 20)
        a, b, _ = self.candidates
        motion = self.open(self.row, a)
        for code in (self.slip(slips, 4, a), self.slip(slips, 3, b), self.slip(slips, 20), "2222-2222", "x"):
            decision = self.refused(committee.cast, "member3", motion, choice="yes", code=code)
            assert decision.text() == "代码不属于本项表决或已经使用，请核对后重新输入（《细则》四（七）2）"
        assert (Ballot.objects.count(), BallotIssue.objects.count(), Code.objects.filter(spent=True).count()) == (0, 0, 0)

    def test_a_code_is_useless_after_its_ballot_is_closed(self) -> None:
        slips = self.issue(3)
        motion = self.open(self.row)
        self.world.do(committee.close_ballot, "chair", motion)
        code = self.slip(slips, 3, motion.entry)
        assert self.refused(committee.cast, "member3", motion, choice="yes", code=code).refusals[0].code == "closed"
        later = self.open(self.row, self.candidates[1])
        assert self.refused(committee.cast, "member3", later, choice="yes", code=code).refusals[0].code == "code"

    def test_who_voted_on_their_own_phone_has_a_code_that_is_worth_nothing(self) -> None:
        slips = self.issue(3)
        motion = self.open(self.row)
        self.world.do(committee.cast, "member3", motion, choice="yes")
        decision = self.refused(committee.cast, "member3", motion, choice="no", code=self.slip(slips, 3, motion.entry))
        assert decision.refusals[0].code == "twice"

    @pytest.mark.duty("K7")
    def test_no_code_for_who_is_recused_and_none_helps_who_becomes_so(self) -> None:
        a, b, c = self.candidates
        person = self.world.people["member5"].person
        self.world.do(panel.declare_conflict, "member5", a, person=person, kind="declared", grounds="亲属任职")
        slips = self.issue(5)
        assert [s.entry for s in slips] == [b, c]
        motion = self.open(self.row, b)
        self.world.do(panel.declare_conflict, "member5", b, person=person, kind="declared", grounds="亲属任职")
        decision = self.refused(committee.cast, "member5", motion, choice="yes", code=self.slip(slips, 5, b))
        assert (decision.refusals[0].duty, Ballot.objects.count()) == ("K7", 0)

    def test_new_codes_void_those_not_used(self) -> None:
        first = self.issue(3)
        motion = self.open(self.row)
        again = self.issue(3)
        old, new = self.slip(first, 3, motion.entry), self.slip(again, 3, motion.entry)
        assert self.refused(committee.cast, "member3", motion, choice="yes", code=old).refusals[0].code == "code"
        self.world.do(committee.cast, "member3", motion, choice="yes", code=new)
        assert [s.entry for s in self.issue(3)] == self.candidates[1:]

    def test_only_the_office_issues_them_to_members_of_an_open_meeting(self) -> None:
        for who in ("chair", "member2", "inspector"):
            assert self.refused(committee.issue_codes, who, self.row, error=NotPermitted, seats=[3]).refusals[0].code == "role"
        text = "会议未在进行，或所选席位不在委员名单中（《细则》四（七）2）"
        for seats in ([], [99], [3, 99]):
            assert self.refused(committee.issue_codes, "office", self.row, seats=seats).text() == text
        self.issue(3)
        self.world.do(committee.adjourn, "chair", self.row, reason="择期再开")
        assert not Code.objects.exists(), "codes outlive their meeting"
        assert self.refused(committee.issue_codes, "office", self.row, seats=[3]).text() == text

    def test_codes_leave_no_link_between_seat_and_choice(self) -> None:
        slips = self.issue(*range(1, 18))
        motion = self.open(self.row)
        for seat in (9, 4, 17):
            code = self.slip(slips, seat, motion.entry)
            self.world.do(committee.cast, "chair" if seat == 1 else f"member{seat}", motion, choice="no" if seat == 4 else "yes", code=code)
        for closed in (False, True):
            if closed:
                self.world.do(committee.close_ballot, "chair", motion)
            found = [(name, r) for name, r in stored() if VOTES & {v for v in r.values() if isinstance(v, str)}]
            assert {name for name, _ in found} == {"Ballot"}
            assert {r["seat"] for _, r in found} == {None}
        spent = [set(r) for name, r in stored() if name == "Code"]
        fields = {"id", "meeting", "meeting_id", "member", "member_id", "entry", "entry_id", "digest", "spent"}
        assert spent
        assert all(f == fields for f in spent), "a code keeps neither time nor order of its use"


@pytest.mark.duty("I1")
class TestSignIn(Issuing):
    def test_the_seventeenth_member_signs_in_by_code(self) -> None:
        self.world.do(committee.adjourn, "chair", self.row, reason="择期再开")
        self.row = self.meet(16)
        code = self.slip(self.issue(20), 20)
        decision = self.refused(committee.open_ballot, "chair", self.row, entry=self.candidates[0])
        assert decision.refusals[0].code == "quorum.short"
        self.world.do(committee.sign_in, "member20", self.row, code=code)
        assert Attendance.objects.get(meeting=self.row, member__seat=20).by_code
        assert not Attendance.objects.exclude(member__seat=20).filter(by_code=True).exists()
        assert json.loads(last("committee.sign_in").body)["payload"] == {"meeting": self.row.code, "seat": 20, "by_code": True}
        assert self.open(self.row).present == 17

    def test_a_code_signs_its_member_in_and_nobody_else(self) -> None:
        slips = self.issue(20, 21)
        decision = self.refused(committee.sign_in, "member20", self.row, code=self.slip(slips, 21))
        assert decision.refusals[0].code == "code"
        assert not Attendance.objects.filter(member__seat=20).exists()
        self.world.do(committee.sign_in, "member20", self.row, code=self.slip(slips, 20))
        again = self.refused(committee.sign_in, "member20", self.row, code=self.slip(slips, 20))
        assert again.text() == "您已签到（《细则》四（七）1）"


class TestGuessing(Issuing):
    def test_ten_wrong_codes_and_the_tablets_pause(self) -> None:
        code = self.issue(3)[0].code
        for _ in range(codes.MOST_WRONG):
            assert codes.attempt(self.row, "2345-6789") is None
        with pytest.raises(Paused) as paused:
            codes.attempt(self.row, code)
        assert paused.value.until == clock.now() + timedelta(minutes=5)
        clock.set_to(clock.now() + timedelta(minutes=5))
        assert codes.attempt(self.row, code) is not None

    def test_a_known_code_does_not_buy_new_guesses_but_a_spent_one_does(self) -> None:
        slips = self.issue(3)
        motion = self.open(self.row)
        code = self.slip(slips, 3, motion.entry)
        for _ in range(9):
            codes.attempt(self.row, "2345-6789")
        assert codes.attempt(self.row, code)
        assert Guesses.objects.get().wrong == 9
        self.world.do(committee.cast, "member3", motion, choice="yes", code=code)
        assert Guesses.objects.get().wrong == 0

    def test_new_codes_end_the_pause(self) -> None:
        for _ in range(codes.MOST_WRONG):
            codes.attempt(self.row, "2345-6789")
        code = self.issue(3)[0].code
        assert codes.attempt(self.row, code) is not None

    def test_signs_are_drawn_evenly(self) -> None:
        with entropy.seeded(1):
            drawn = "".join(codes.draw() for _ in range(4000))
        counts = [drawn.count(sign) for sign in codes.ALPHABET]
        assert all(880 < count < 1190 for count in counts), "a thousand each are expected, with a deviation of thirty"


@pytest.mark.duty("I2")
@pytest.mark.django_db(transaction=True)
def test_one_code_eight_times_at_once_is_one_vote() -> None:
    """The database decides, whoever comes first (T13, X6)."""
    try:
        world, cycle = at_nomination(3)
        entry = visited(world, cycle, "organization", Scores("600", "600"))
        nominated(world, cycle)
        seated(world, cycle)
        row: Meeting = meeting(world, cycle, 3)
        slips: list[Slip] = world.do(committee.issue_codes, "office", row, seats=[2]).value
        motion = world.do(committee.open_ballot, "chair", row, entry=entry).value
        member = world.people["member2"]

        def vote_once(choice: str) -> str:
            try:
                committee.cast(member, motion, choice=choice, code=slips[0].code)
            except Refused as error:
                return error.decision.refusals[0].code
            finally:
                connections.close_all()
            return "ok"

        contexts = [contextvars.copy_context() for _ in range(8)]
        with ThreadPoolExecutor(8) as pool:
            found = [pool.submit(c.run, vote_once, choice) for c, choice in zip(contexts, ["yes", "no"] * 4, strict=True)]
            assert sorted(f.result() for f in found) == ["ok", *["twice"] * 7]
        assert (Ballot.objects.count(), Code.objects.filter(spent=True).count()) == (1, 1)
    finally:
        clock.set_to(None)
