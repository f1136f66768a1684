"""The meeting's room: who comes in, the quorum as it is, acts asked and done once, results only after the close (I1, I2; T1, T3, X6)."""

import pytest
from django.test import Client

from tests.faces.committee.sitting import Rooms
from tests.faces.rooms import entered, hidden, queries, text
from tests.stages.finalists import Scores, visited
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.people.models import Person, RoleGrant
from zhiheng.process.register import committee
from zhiheng.rules.lifecycle import EntryStatus, Role
from zhiheng.stages.committee.models import Meeting, Motion, Resolution

SHORT = "应到25人，法定17人，实到16人，还差1人"


@pytest.mark.duty("I1")
class TestConvening(Rooms):
    there = None

    def test_the_chair_convenes_and_comes_into_the_room_with_the_receipt(self) -> None:
        hall = self.get("chair", "hall", "2024")
        assert "委员名单（25人）" in text(hall)
        answer = self.confirm("chair", "convene", "2024")
        row = Meeting.objects.get()
        last = JournalEntry.objects.get(act="committee.convene", kind="act")
        assert (answer.status_code, answer["Location"]) == (303, f"{self.url('meeting', row.pk)}?done={last.seq}")
        room = self.as_("chair").get(answer["Location"])
        assert "已办理： 召集全体委员会议 。" in text(room)
        assert f"记入评审日志第{last.seq}条" in text(room)
        assert "应到25人，法定17人，实到0人，还差17人" in text(room)

    def test_the_same_form_twice_is_one_meeting(self) -> None:
        client, path = self.as_("chair"), self.url("convene", "2024")
        form = hidden(client.get(path), '<form method="post" class="block')
        one, two = (client.post(path, form) for _ in range(2))
        assert (one.status_code, two.status_code, one["Location"]) == (303, 303, two["Location"])
        assert Meeting.objects.count() == 1

    def test_only_the_chair_may(self) -> None:
        for who in ("office", "member2", "inspector"):
            assert self.get(who, "convene", "2024").status_code == 404
            assert "召集全体委员会议</a>" not in self.get(who, "hall", "2024").text

    def test_why_it_may_not_be_convened_now(self) -> None:
        self.cycle.candidate_lists.update(submitted_at=None)
        page = self.get("chair", "convene", "2024")
        assert "现在还不能办理 委员名单或提请审议的授奖候选名单尚不具备，不能召集会议" in text(page)
        assert '<form method="post" class="block' not in page.text


@pytest.mark.duty("I1")
class TestQuorum(Rooms):
    there = 16

    def test_sixteen_of_twenty_five_open_nothing_and_the_seventeenth_does(self) -> None:
        entry = self.candidates[0]
        room = self.get("chair", "meeting")
        assert SHORT in text(room)
        assert "出席人数未达法定人数，还差1人，不能开始表决" in text(room)
        assert "开始表决</a>" not in room.text
        page = self.get("chair", "open", self.room.pk, entry.code)
        assert "委员总数25人，出席16人，未达到法定人数17人，不得表决，请待出席人数达到后再开始" in text(page)
        refused = self.as_("chair").post(self.url("open", self.room.pk, entry.code), {"token": "x"})
        assert (refused.status_code, Motion.objects.count()) == (422, 0)
        assert "未能办理 委员总数25人，出席16人" in text(refused)
        client = self.as_("member25")
        signed = client.post(self.url("sign_in"), hidden(client.get(self.url("meeting")), '<form method="post" action'))
        assert signed.status_code == 303
        assert "应到25人，法定17人，实到17人，已达法定人数" in text(self.get("chair", "meeting"))
        assert self.confirm("chair", "open", self.room.pk, entry.code).status_code == 303
        assert Motion.objects.get().entitled == [*range(1, 17), 25]

    def test_a_failed_quorum_is_adjourned_with_its_reason_and_another_meeting_is_held(self) -> None:
        page = self.get("chair", "adjourn")
        assert SHORT in text(page)
        assert "出席委员未达法定人数，择期再开。</textarea>" in page.text
        empty = self.confirm("chair", "adjourn", text=" ")
        assert (empty.status_code, Meeting.objects.get().status) == (422, "open")
        assert self.confirm("chair", "adjourn", text="到会十六人，未达法定人数。").status_code == 303
        assert Meeting.objects.get().status == "failed"
        room = self.get("member2", "meeting")
        assert "会议已休会 到会十六人，未达法定人数。" in text(room)
        assert "hx-trigger" not in room.text
        assert "会议休会 出席委员未达法定人数，另行召集" in text(self.get("office", "screen"))
        assert self.confirm("chair", "convene", "2024").status_code == 303
        again = Meeting.objects.get(status="open")
        assert again.code == "HY2024-2"
        assert "省质评委全体会议（第2次）" in text(self.get("member2", "meeting", again.pk))

    def test_what_was_typed_stays_when_the_act_is_refused(self) -> None:
        self.world.do(committee.sign_in, "member25", self.room)
        self.opened()
        answer = self.as_("chair").post(self.url("adjourn"), {"text": "原因甲", "token": "t"})
        assert answer.status_code == 422
        assert "原因甲</textarea>" in answer.text


@pytest.mark.duty("I2")
class TestPresiding(Rooms):
    def test_a_ballot_from_opening_to_the_result(self) -> None:
        entry = self.candidates[0]
        asked = text(self.get("chair", "open", self.room.pk, entry.code))
        assert "本项有表决权的委员17人，回避0人；此后签到的委员不参加本项表决" in asked
        assert self.confirm("chair", "open", self.room.pk, entry.code).status_code == 303
        motion = Motion.objects.get()
        self.cast(motion, range(2, 14), "yes")
        self.cast(motion, range(14, 16), "no")
        room = text(self.get("chair", "meeting"))
        assert "已投 14 票，有表决权的委员17人" in room
        assert "结束前不显示票数" in room
        assert "尚有3人未投票，结束后不能再投，未投的不计为赞成" in text(self.get("chair", "close", motion.pk))
        assert self.confirm("chair", "close", motion.pk).status_code == 303
        for who in ("chair", "office", "member2", "inspector"):
            assert "12 2 0 3 通过 表决17人，三分之二须12票" in text(self.get(who, "meeting"))
        screen = text(self.get("office", "screen"))
        assert "通过 赞成12票，占参加表决的出席委员17人的12/17；三分之二须12票" in screen

    def test_closing_twice_counts_once(self) -> None:
        motion = self.opened()
        client, path = self.as_("chair"), self.url("close", motion.pk)
        form = hidden(client.get(path), '<form method="post" class="block')
        one, two = (client.post(path, form) for _ in range(2))
        assert (one.status_code, two.status_code, one["Location"]) == (303, 303, two["Location"])
        late = client.post(path, {"token": "another"})
        assert (late.status_code, "表决已经结束" in text(late)) == (422, True)

    def test_the_meeting_ends_with_the_proposed_winners_and_its_minutes(self) -> None:
        a = self.opened(0)
        self.cast(a, range(2, 14), "yes")
        self.close(a)
        b = self.opened(1)
        self.cast(b, range(2, 13), "yes")
        self.close(b)
        assert "还有1项候选对象待表决" in text(self.get("chair", "meeting"))
        early = self.get("chair", "resolve")
        assert f"现在还不能办理 {self.candidates[2].code} 等 1 项尚未表决" in text(early)
        assert '<form method="post" class="block' not in early.text
        self.close(self.opened(2))
        page = text(self.get("chair", "resolve"))
        assert f"获得三分之二及以上赞成票的1项列入授奖建议名单：{a.entry.name}" in page
        assert "其余2项不列入；会议结束，不能再表决" in page
        assert self.confirm("chair", "resolve", text="会议逐一审议。").status_code == 303
        assert Resolution.objects.get().entries == [a.entry.code]
        assert "会议已结束 形成授奖建议名单1项。" in text(self.get("member3", "meeting"))

    def test_presiding_is_for_the_chair_alone(self) -> None:
        motion = self.opened()
        for who in ("office", "member2", "inspector"):
            for name, args in (
                ("open", (self.room.pk, self.candidates[1].code)),
                ("close", (motion.pk,)),
                ("adjourn", ()),
                ("resolve", ()),
            ):
                assert self.get(who, name, *args).status_code == 404
                assert self.as_(who).post(self.url(name, *args), {"text": "x"}).status_code == 404

    def test_a_stranger_to_the_cycle_cannot_be_opened(self) -> None:
        assert self.get("chair", "open", self.room.pk, "2024-O-9999").status_code == 404


class TestDoors(Rooms):
    NAMES = ("meeting", "pulse", "screen", "screen_pulse", "minutes", "attendance", "codes", "tablet", "adjourn", "resolve")

    def strangers(self) -> list[Acting]:
        """People with a role in the award, but no place in this room; and a member and a chair of no committee."""
        found = [self.world.people[who] for who in ("sjz", self.world.cast.agency.code, "admin")]
        for role in (Role.EXPERT, Role.MEMBER, Role.CHAIR):
            person = Person.objects.create(name=f"外人{role.value}")
            RoleGrant.objects.create(person=person, role=role.value, granted_at=clock.now())
            found.append(Acting(role, person))
        return [*found, next(iter(self.world.owners.values()))]

    def test_the_room_does_not_exist_for_others(self) -> None:
        motion, code = self.opened(), self.candidates[0].code
        paths = [self.url(name) for name in self.NAMES]
        paths += [self.url("candidate", self.room.pk, code), self.url("open", self.room.pk, code), self.url("hall", "2024")]
        paths += [self.url("close", motion.pk), self.url("vote", motion.pk), self.url("convene", "2024")]
        for who in self.strangers():
            client = entered(who)
            assert [(path, client.get(path).status_code) for path in paths if client.get(path).status_code != 404] == []
            assert client.post(self.url("vote", motion.pk), {"choice": "1", "sure": "1"}).status_code == 404
            assert client.post(self.url("sign_in")).status_code == 404

    def test_not_signed_in_is_sent_to_the_sign_in_page(self) -> None:
        for name in self.NAMES:
            answer = Client().get(self.url(name))
            assert (answer.status_code, "next=" in answer["Location"]) == (302, True)

    def test_nothing_is_done_by_get_and_nothing_without_the_token_against_forgery(self) -> None:
        motion, before = self.opened(), JournalEntry.objects.filter(kind="act").count()
        chair = self.as_("chair")
        for name, args in (("close", (motion.pk,)), ("adjourn", ()), ("resolve", ()), ("sign_in", ()), ("vote", (motion.pk,))):
            chair.get(self.url(name, *args))
        strict = self.as_("chair", enforce_csrf_checks=True)
        for name, args in (("close", (motion.pk,)), ("adjourn", ()), ("sign_in", ()), ("vote", (motion.pk,))):
            assert strict.post(self.url(name, *args), {"choice": "1", "sure": "1", "text": "x"}).status_code == 403
        assert JournalEntry.objects.filter(kind="act").count() == before

    def test_answers_are_for_nobody_elses_cache(self) -> None:
        for name in ("meeting", "pulse", "screen"):
            answer = self.get("member2", name)
            assert {"private", "no-store"} <= {part.strip() for part in answer["Cache-Control"].split(",")}
            assert "Cookie" in answer["Vary"]


class TestLive(Rooms):
    def test_the_pulse_is_silent_until_something_happens(self) -> None:
        client = self.as_("member2")
        page = client.get(self.url("meeting"))
        shown = {name: value for name, value in hidden(page, "<section id").items() if name == "own"}
        shown |= {"board": page.text.split('name="board" value="')[1].split('"')[0]}
        path = self.url("pulse")
        assert client.get(path, shown).status_code == 204
        self.world.do(committee.sign_in, "member20", self.room)
        board = client.get(path, shown)
        assert 'id="board" hx-swap-oob' in board.text
        assert 'id="own"' not in board.text
        self.opened()
        both = client.get(path, shown)
        assert 'id="own" hx-swap-oob' in both.text
        assert "下一步：核对" in both.text

    def test_a_ballot_cast_changes_the_count_and_not_the_ballot_in_anothers_hand(self) -> None:
        motion = self.opened()
        client = self.as_("member2")
        page = client.get(self.url("meeting"))
        shown = {"own": f"vote-{motion.pk}", "board": page.text.split('name="board" value="')[1].split('"')[0]}
        self.world.do(committee.cast, "member3", motion, choice="yes")
        answer = client.get(self.url("pulse"), shown)
        assert 'id="own"' not in answer.text
        assert "已投 1 票" in text(answer)


class TestQueries(Rooms):
    PAGES = ("meeting", "screen", "codes", "attendance")

    def test_the_room_asks_the_same_with_three_and_with_thirty_candidates(self) -> None:
        motion = self.opened()
        client = self.as_("office")
        before = {name: queries(client, self.url(name)) for name in self.PAGES}
        mine = self.as_("member2")
        own = queries(mine, self.url("meeting")), queries(mine, self.url("pulse"))
        for _ in range(27):
            visited(self.world, self.cycle, "organization", Scores("600", "600"))
        self.cycle.entries.update(status=EntryStatus.NOMINATED.value)
        self.cast(motion, range(2, 10), "yes")
        for seat in range(18, 26):
            self.world.do(committee.sign_in, f"member{seat}", self.room)
        assert {name: queries(client, self.url(name)) for name in self.PAGES} == before
        assert (queries(mine, self.url("meeting")), queries(mine, self.url("pulse"))) == own
        assert before["meeting"] <= 20
