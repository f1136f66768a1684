"""The shared tablet: a code for one step, once; nothing on the device, nobody's name beside a choice (I1, I2, K7; T9, T13, T18, X6)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.faces.committee.sitting import Rooms
from tests.faces.rooms import entered, hidden, steady, text
from zhiheng.faces.committee.views.codes import TABLET
from zhiheng.foundation import clock
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.process.register import committee, panel
from zhiheng.stages.committee.models import Attendance, Ballot, BallotIssue, Code, Motion

CODE = re.compile(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}")
USED = "该代码已经使用。每个代码只能用一次"


class Tablets(Rooms):
    """A tablet that the office has marked, and slips drawn through the page."""

    def setUp(self) -> None:
        super().setUp()
        self.path = self.url("ballot")
        self.tablet = entered(self.world.people["office"])
        assert self.tablet.post(self.url("tablet"))["Location"] == self.path

    def url(self, name: str, *args: Any) -> str:
        return "/desk/committee/ballot/" if name == "ballot" else super().url(name, *args)

    def slips(self, *seats: int) -> dict[tuple[int, str], str]:
        """(seat, candidate or 签到) → code, as printed."""
        client = self.as_("office")
        page = client.get(self.url("codes"))
        answer = client.post(self.url("codes"), hidden(page, '<form method="post" class="block') | {"seat": [str(s) for s in seats]})
        assert answer.status_code == 200, text(answer)
        found = {}
        for seat, card in re.findall(r'<section class="slips" aria-labelledby="slips-(\d+)">(.*?)</section>', answer.text, re.DOTALL):
            for what, code in re.findall(r'<th scope="row">(.*?)</th><td class="slip-code">(.*?)</td>', card):
                found[int(seat), what.removeprefix("表决：")] = code
        return found

    def send(self, **form: str) -> Any:
        return self.tablet.post(self.path, form)

    def cast_by_code(self, code: str, choice: str) -> Any:
        ballot = self.send(code=code)
        sure = self.send(**hidden(ballot), choice=choice)
        return self.send(**hidden(sure))


@pytest.mark.duty("I2")
class TestCodesPage(Tablets):
    def test_slips_are_shown_once_and_only_to_the_office(self) -> None:
        client, path = self.as_("office"), self.url("codes")
        form = hidden(client.get(path), '<form method="post" class="block') | {"seat": ["3", "20"]}
        first = client.post(path, form)
        codes = CODE.findall(first.text)
        assert (first.status_code, len(codes), len(set(codes))) == (200, 7, 7)
        assert "no-store" in first["Cache-Control"]
        again = client.post(path, form)
        assert (again.status_code, CODE.findall(again.text)) == (409, [])
        assert "这一批代码已经显示过一次，不再重复显示" in text(again)
        for who in ("chair", "member3", "inspector"):
            assert (self.get(who, "codes").status_code, self.as_(who).post(path, form).status_code) == (404, 404)
        watched = [self.get(who, "meeting").text for who in ("chair", "office", "inspector", "member3")]
        assert [code for code in codes if any(code in page or code.replace("-", "") in page for page in watched)] == []
        assert "已发代码4个" in watched[0], "the chair sees for whom codes were drawn"

    def test_nobody_chosen_is_said(self) -> None:
        answer = self.as_("office").post(self.url("codes"), {"token": "t"})
        assert (answer.status_code, "请选择使用共享平板的委员" in text(answer)) == (422, True)
        assert self.as_("office").post(self.url("codes"), {"seat": ["x", "99"]}).status_code == 422

    def test_they_are_in_the_order_of_the_room(self) -> None:
        order = [what for _, what in self.slips(20)]
        names = re.findall(r'class="who"><a[^>]*>(.*?)</a>', self.get("office", "meeting").text)
        assert order == ["签到", *names]


@pytest.mark.duty("I2")
class TestVotingByCode(Tablets):
    def test_code_candidate_choice_confirmation_done(self) -> None:
        slips, motion = self.slips(3), self.opened()
        name, seat = motion.entry.name, self.world.people["member3"].person
        assert seat is not None
        ballot = self.send(code=slips[3, name].lower().replace("-", " "))
        assert f"席位3 {seat.name}" in text(ballot).replace("　", " ")
        assert ballot.text.count('name="choice"') == 3
        unchosen = self.send(**hidden(ballot), choice="")
        assert "请选择赞成、反对或者弃权" in text(unchosen)
        sure = self.send(**hidden(ballot), choice="2")
        assert (name in sure.text, seat.name in sure.text, "席位" in sure.text, Ballot.objects.count()) == (True, False, False, 0)
        done = self.send(**hidden(sure))
        assert (done.status_code, done["Location"]) == (303, f"{self.path}?done=voted")
        page = self.tablet.get(done["Location"])
        assert "投票成功 请离开平板，请下一位委员使用。" in text(page)
        assert (seat.name in page.text, name in page.text) == (False, False)
        assert list(Ballot.objects.values_list("choice", flat=True)) == ["no"]

    def test_a_code_used_again_is_refused_and_the_same_form_twice_is_no_fault(self) -> None:
        slips, motion = self.slips(3), self.opened()
        code = slips[3, motion.entry.name]
        sure = self.send(**hidden(self.send(code=code)), choice="1")
        one, two = self.send(**hidden(sure)), self.send(**hidden(sure))
        assert (one["Location"], two["Location"]) == (f"{self.path}?done=voted", f"{self.path}?done=voted")
        for form in ({"code": code}, {"code": code, "step": "cast", "choice": "2", "token": "new"}, {"code": code, "step": "sign"}):
            answer = self.send(**form)
            assert (answer.status_code, USED in text(answer)) == (409, True)
        assert list(Ballot.objects.values_list("choice", flat=True)) == ["yes"]

    def test_going_back_after_voting_shows_no_choice(self) -> None:
        slips, motion = self.slips(3), self.opened()
        form = hidden(self.send(code=slips[3, motion.entry.name]))
        sure = self.send(**form, choice="2")
        self.send(**hidden(sure))
        again = self.send(**form, choice="2")
        assert (again.status_code, "checked" in again.text, USED in text(again)) == (409, False, True)

    def test_before_its_ballot_and_after_it_a_code_is_worth_nothing(self) -> None:
        slips = self.slips(3)
        a, b = self.candidates[:2]
        early = self.send(code=slips[3, a.name])
        assert (early.status_code, f"对“{a.name}”的表决尚未开始" in text(early)) == (409, True)
        motion = self.opened(0)
        other = self.send(code=slips[3, b.name])
        assert (other.status_code, f"对“{b.name}”的表决尚未开始" in text(other)) == (409, True)
        self.close(motion)
        late = self.send(code=slips[3, a.name], step="cast", choice="1", token="t")
        assert (late.status_code, f"对“{a.name}”的表决已经结束" in text(late)) == (409, True)
        assert not BallotIssue.objects.exists()

    @pytest.mark.duty("K7")
    def test_the_code_of_a_recused_member_is_refused_for_that_candidate(self) -> None:
        slips, person = self.slips(5), self.world.people["member5"].person
        self.world.do(panel.declare_conflict, "member5", self.candidates[0], person=person, kind="declared", grounds="亲属任职")
        motion = self.opened(0)
        for form in ({}, {"step": "cast", "choice": "1", "token": "t"}):
            answer = self.send(code=slips[5, motion.entry.name], **form)
            assert (answer.status_code, "您应当回避，不参加本项表决" in text(answer)) == (409, True)
        self.close(motion)
        second = self.opened(1)
        assert self.cast_by_code(slips[5, second.entry.name], "1").status_code == 303
        assert (BallotIssue.objects.filter(motion=motion).exists(), BallotIssue.objects.filter(motion=second).count()) == (False, 1)

    def test_who_voted_on_their_phone_is_told_at_the_tablet(self) -> None:
        slips, motion = self.slips(3), self.opened()
        self.world.do(committee.cast, "member3", motion, choice="yes")
        answer = self.send(code=slips[3, motion.entry.name])
        assert (answer.status_code, "您已投票，每人一票" in text(answer)) == (409, True)

    def test_the_same_answers_whatever_was_chosen(self) -> None:
        slips, motion = self.slips(3, 4, 6), self.opened()
        sure, done = {}, {}
        for seat, choice in ((3, "1"), (4, "2"), (6, "3")):
            form = hidden(self.send(code=slips[seat, motion.entry.name]))
            page = self.send(**form, choice=choice)
            sure[choice] = len(page.content)
            done[choice] = steady(self.tablet.get(self.send(**hidden(page))["Location"]))
        assert len(set(sure.values())) == len(set(done.values())) == 1


@pytest.mark.duty("I1")
class TestSigningInByCode(Tablets):
    there = 16

    def test_the_seventeenth_member_has_no_phone(self) -> None:
        slips = self.slips(20)
        person = self.world.people["member20"].person
        assert person is not None
        page = self.send(code=slips[20, "签到"])
        assert f"{person.name} 请确认是您本人。不得代他人签到。" in text(page).replace("　", " ")
        assert not Attendance.objects.filter(member__seat=20).exists()
        one, two = self.send(**hidden(page)), self.send(**hidden(page))
        assert (one["Location"], two["Location"]) == (f"{self.path}?done=signed", f"{self.path}?done=signed")
        assert self.send(code=slips[20, "签到"]).status_code == 409
        room = text(self.get("chair", "meeting"))
        assert "应到25人，法定17人，实到17人，已达法定人数" in room
        assert "凭代码" in room
        motion = self.opened()
        assert self.cast_by_code(slips[20, motion.entry.name], "1")["Location"] == f"{self.path}?done=voted"


class TestDevice(Tablets):
    def test_a_device_that_was_not_marked_takes_no_code(self) -> None:
        slips, motion = self.slips(3), self.opened()
        for client in (Client(), self.as_("office"), self.as_("member3")):
            assert "本设备未启用" in text(client.get(self.path))
            assert "本设备未启用" in text(client.post(self.path, {"code": slips[3, motion.entry.name]}))
        forged = Client()
        forged.cookies[TABLET] = f"{self.room.pk}:x:y"
        assert "本设备未启用" in text(forged.get(self.path))

    def test_whoever_marks_it_is_signed_out_there(self) -> None:
        assert self.tablet.get(self.url("meeting")).status_code == 302
        cookie = self.tablet.cookies[TABLET]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", self.path)
        assert self.as_("member3").post(self.url("tablet")).status_code == 404

    def test_with_the_meeting_the_tablet_ends(self) -> None:
        slips = self.slips(3)
        self.world.do(committee.adjourn, "chair", self.room, reason="择期再开")
        assert "本设备未启用" in text(self.send(code=slips[3, self.candidates[0].name]))
        again = self.meet(17)
        assert "本设备未启用" in text(self.tablet.get(self.path))
        assert not Code.objects.filter(meeting=again).exists()

    def test_ten_wrong_codes_pause_the_tablets_and_nobody_else(self) -> None:
        slips, motion = self.slips(3), self.opened()
        code = slips[3, motion.entry.name]
        for _ in range(10):
            wrong = self.send(code="2345-6789")
            assert (wrong.status_code, "代码不正确或者已经作废" in text(wrong), "2345" in text(wrong)) == (422, True, False)
        other = entered(self.world.people["office"])
        other.post(self.url("tablet"))
        for tablet in (self.tablet, other):
            paused = tablet.post(self.path, {"code": code})
            assert (paused.status_code, "代码多次输入错误，为防止冒用" in text(paused)) == (429, True)
        assert self.vote("member4", motion, "1").status_code == 303
        clock.set_to(clock.now() + timedelta(minutes=5))
        assert self.cast_by_code(code, "1").status_code == 303
        assert Ballot.objects.count() == 2

    def test_wrong_and_hostile_input_is_answered(self) -> None:
        self.opened()
        for code in ("", " ", "-", "x" * 5000, "２３４５－６７８９", "\x00", "' OR 1=1 --", "<script>alert(1)</script>"):
            assert self.send(code=code).status_code in (422, 429)
        assert self.send().status_code == 429 or self.send(step="cast", choice="1").status_code in (422, 429)
        assert not Ballot.objects.exists()

    def test_nothing_of_a_code_is_in_the_journal(self) -> None:
        slips, motion = self.slips(3), self.opened()
        self.cast_by_code(slips[3, motion.entry.name], "2")
        self.send(code=slips[3, motion.entry.name], step="cast", choice="1", token="new")
        bodies = "".join(e.body for e in JournalEntry.objects.all())
        assert [c for c in slips.values() if c in bodies or c.replace("-", "") in bodies] == []
        assert Motion.objects.get().issues.count() == 1

    def test_no_answer_is_kept_by_a_cache(self) -> None:
        for answer in (self.tablet.get(self.path), self.send(code="2345-6789"), Client().get(self.path)):
            assert "no-store" in answer["Cache-Control"]
