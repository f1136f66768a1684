"""A member votes on their own device: confirmed, once, and nobody learns how (I2, K7; T2, T13, X6)."""

import contextvars
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse

from tests.faces.committee.sitting import Rooms
from tests.faces.rooms import entered, hidden, steady, text
from tests.stages.finalists import Scores, at_nomination, meeting, nominated, seated, visited
from zhiheng.faces.desk import kept
from zhiheng.foundation import clock
from zhiheng.foundation.canonical import digest
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.process.register import committee, panel
from zhiheng.stages.committee.models import Ballot, BallotIssue


@pytest.mark.duty("I2")
class TestOwnDevice(Rooms):
    def test_from_signing_in_to_having_voted(self) -> None:
        client = self.as_("member20")
        page = client.get(self.url("meeting"))
        assert "请签到 您的席位：20。请本人到会后签到，不得委托他人代签。" in text(page)
        client.post(self.url("sign_in"), hidden(page, '<form method="post" action'))
        assert "已签到 请等候主持人宣布表决" in text(client.get(self.url("meeting")))
        motion = self.opened()
        answer = self.vote("member20", motion, "2")
        assert (answer.status_code, answer["Location"]) == (303, f"{self.url('meeting')}#own")
        assert f"已投票 {motion.entry.name} 选票已经投入票箱，不能更改" in text(client.get(self.url("meeting")))
        assert list(Ballot.objects.values_list("choice", flat=True)) == ["no"]

    def test_nothing_chosen_is_said_at_the_ballot(self) -> None:
        motion, client = self.opened(), self.as_("member2")
        answer = client.post(self.url("vote", motion.pk), {"token": "t"}, follow=True)
        assert "请选择赞成、反对或者弃权" in text(answer)
        assert not BallotIssue.objects.exists()

    def test_a_choice_alone_casts_nothing(self) -> None:
        motion, client = self.opened(), self.as_("member2")
        sure = client.post(self.url("vote", motion.pk), {"choice": "1"})
        assert (sure.status_code, "确认投票" in sure.text, Ballot.objects.count()) == (200, True, 0)
        assert client.post(self.url("vote", motion.pk), {"choice": "yes", "sure": "1"}).status_code == 303
        assert Ballot.objects.count() == 0

    def test_the_confirmation_twice_is_one_ballot_and_no_fault(self) -> None:
        motion, client = self.opened(), self.as_("member2")
        form = {"choice": "1", "sure": "1", "token": "one"}
        answers = [client.post(self.url("vote", motion.pk), form) for _ in range(2)]
        assert [a.status_code for a in answers] == [303, 303]
        changed = client.post(self.url("vote", motion.pk), form | {"choice": "2", "token": "two"})
        assert (changed.status_code, "您已投票，每人一票" in text(changed)) == (409, True)
        assert list(Ballot.objects.values_list("choice", flat=True)) == ["yes"]

    def test_who_came_after_the_opening_waits_for_the_next(self) -> None:
        motion = self.opened()
        self.world.do(committee.sign_in, "member20", self.room)
        assert "本项表决开始时您尚未签到，不参加本项；下一项起可以投票" in text(self.get("member20", "meeting"))
        answer = self.as_("member20").post(self.url("vote", motion.pk), {"choice": "1", "sure": "1"})
        assert (answer.status_code, "您未在表决开始前签到，不能参加本项表决" in text(answer)) == (409, True)

    @pytest.mark.duty("K7")
    def test_who_is_recused_neither_votes_nor_reads_the_candidate(self) -> None:
        entry, person = self.candidates[0], self.world.people["member5"].person
        self.world.do(panel.declare_conflict, "member5", entry, person=person, kind="declared", grounds="曾任顾问")
        motion = self.opened()
        page = self.get("member5", "meeting")
        assert "您应当回避，不参加本项表决" in text(page)
        assert 'name="choice"' not in page.text
        assert self.as_("member5").post(self.url("vote", motion.pk), {"choice": "1", "sure": "1"}).status_code == 409
        sheet = self.get("member5", "candidate", self.room.pk, entry.code)
        assert "您与该候选对象存在应当回避的情形，不查阅其材料" in text(sheet)
        assert "业绩" not in text(sheet).replace("主要业绩", "")
        assert "业绩" in text(self.get("member4", "candidate", self.room.pk, entry.code))
        assert Ballot.objects.count() == 0

    def test_after_the_close_no_ballot_is_taken(self) -> None:
        motion = self.opened()
        self.close(motion)
        answer = self.as_("member2").post(self.url("vote", motion.pk), {"choice": "1", "sure": "1"})
        assert (answer.status_code, "表决已经结束" in text(answer)) == (409, True)

    def test_the_office_and_the_inspector_have_no_ballot(self) -> None:
        motion = self.opened()
        for who in ("office", "inspector"):
            assert 'name="choice"' not in self.get(who, "meeting").text
            assert self.as_(who).post(self.url("vote", motion.pk), {"choice": "1", "sure": "1"}).status_code == 404

    def test_the_page_of_acts_leads_to_the_room_and_takes_no_ballot(self) -> None:
        motion = self.opened()
        path = reverse("desk:act", args=["committee.cast", f"motion:{motion.code}"])
        for answer in (self.as_("member2").get(path), self.as_("member2").post(path, {"choice": "yes", "step": "draft"})):
            assert (answer.status_code, answer["Location"]) == (303, self.url("meeting"))
        assert Ballot.objects.count() == 0


@pytest.mark.duty("I2", "L3")
class TestSecrecy(Rooms):
    WATCHING = ("chair", "office", "inspector", "member2", "member3", "member4")
    PAGES = ("meeting", "pulse", "screen", "screen_pulse")

    def answers(self, two: str, three: str) -> dict[tuple[str, str], str]:
        """What everybody reads while the ballot is open, after seats 2 and 3 have voted so, and after the close; then all is undone."""
        found: dict[tuple[str, str], str] = {}
        for who in self.WATCHING:
            self.as_(who)  # signed in before, so that the session outlives what is undone
        with transaction.atomic():
            motion = self.opened()
            for who, choice in (("member2", two), ("member3", three)):
                assert self.vote(who, motion, choice).status_code == 303
            self.look("open", found)
            self.close(motion)
            self.look("closed", found)
            transaction.set_rollback(True)
        return found

    def look(self, when: str, found: dict[tuple[str, str], str]) -> None:
        for who in self.WATCHING:
            for name in self.PAGES:
                found[f"{when} {who}", name] = self.unnumbered(self.get(who, name))
        found[f"{when} chair", "hall"] = self.unnumbered(self.get("chair", "hall", "2024"))
        found[f"{when} chair", "home"] = self.unnumbered(self.as_("chair").get("/desk/"))

    def unnumbered(self, page: Any) -> str:
        """The page without the motion's number in the database, which goes on counting over what is undone."""
        return re.sub(r"(motions|value=\"vote\w*-)/?\d+", r"\1", steady(page))

    def test_no_answer_to_anybody_changes_with_who_voted_how(self) -> None:
        """Two ballots, yes and no: whose is which changes no byte of any answer, to the voters themselves or to those who preside."""
        one, other = self.answers("1", "2"), self.answers("2", "1")
        assert len(one) == 2 * (len(self.WATCHING) * len(self.PAGES) + 2)
        assert [where for where in one if one[where] != other[where]] == []

    def test_this_comparison_would_see_a_difference(self) -> None:
        one, other = self.answers("1", "2"), self.answers("1", "1")
        changed = {where for where in one if one[where] != other[where]}
        assert ("closed member4", "meeting") in changed
        assert not any(when.startswith("open") for when, _ in changed), "a count showed before the close"

    def sure(self, who: str, choice: str) -> Any:
        motion = self.room.motions.first() or self.opened()
        return self.as_(who).post(self.url("vote", motion.pk), {"choice": choice, "token": "t"})

    def test_the_page_that_asks_again_is_of_one_length_and_names_nobody(self) -> None:
        answers = [self.sure("member2", choice) for choice in "123"]
        assert len({len(a.content) for a in answers}) == 1
        person = self.world.people["member2"].person
        assert person is not None
        for answer in answers:
            assert (person.name in answer.text, person.code in answer.text, "席位" in answer.text) == (False, False, False)

    def test_every_form_of_a_ballot_is_of_one_length(self) -> None:
        page = self.get("member2", "meeting").text if self.opened() else ""
        values = re.findall(r'name="choice" value="([^"]*)"', page)
        assert (len(values), {len(v) for v in values}) == (3, {1})

    def test_a_choice_is_in_no_address(self) -> None:
        motion = self.opened()
        client = self.as_("member2")
        before = self.vote("member2", motion, "3")
        assert "choice" not in before["Location"]
        assert client.get(self.url("vote", motion.pk) + "?choice=1&sure=1")["Location"] == self.url("meeting")

    def test_a_ballot_sent_after_the_session_ended_is_kept_nowhere(self) -> None:
        motion, client = self.opened(), Client()
        answer = client.post(self.url("vote", motion.pk), {"choice": "2", "sure": "1"})
        assert answer.status_code == 302
        assert kept.KEPT not in client.session
        kept_form = client.post(self.url("adjourn"), {"text": "原因"})
        assert (kept_form.status_code, kept.KEPT in client.session) == (302, True), "the control: other forms are kept"

    def test_sessions_and_journal_hold_no_choice(self) -> None:
        motion = self.opened()
        for who, choice in (("member2", "2"), ("member3", "3")):
            self.vote(who, motion, choice)
        held = [str(s.get_decoded()) for s in Session.objects.all()] + [e.body for e in JournalEntry.objects.filter(act="committee.cast")]
        assert len(held) == 4
        assert [h for h in held if re.search(r"abstain|choice|\"no\"|'no'", h)] == []


@pytest.mark.duty("I2")
@pytest.mark.django_db(transaction=True)
def test_one_member_from_eight_windows_at_once_is_one_ballot() -> None:
    """Eight confirmations, four for and four against: the database takes one (T13, X6)."""
    try:
        world, cycle = at_nomination(3)
        entry = visited(world, cycle, "organization", Scores("600", "600"))
        nominated(world, cycle)
        seated(world, cycle)
        motion = world.do(committee.open_ballot, "chair", meeting(world, cycle, 3), entry=entry).value
        path = reverse("committee:vote", args=[motion.pk])
        clients = [entered(world.people["member2"]) for _ in range(8)]

        def send(number: int) -> int:
            try:
                form = {"choice": "12"[number % 2], "sure": "1", "token": digest(str(number).encode())}
                return clients[number].post(path, form).status_code
            finally:
                connections.close_all()

        contexts = [contextvars.copy_context() for _ in range(8)]
        with ThreadPoolExecutor(8) as pool:
            found = [pool.submit(c.run, send, number) for number, c in enumerate(contexts)]
            assert sorted(f.result() for f in found) == [303, *[409] * 7]
        assert (Ballot.objects.count(), BallotIssue.objects.count()) == (1, 1)
    finally:
        clock.set_to(None)
