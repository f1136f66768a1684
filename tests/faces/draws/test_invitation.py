"""The invitation to review by link: who has it answers, once, in time; whatever else is tried finds the same calm page (F1, G1, K7, T9)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.test.utils import override_settings

from tests.faces.draws.drawing import Composing
from tests.faces.rooms import text
from zhiheng.faces.draws.inviting import TITLE, link, token_of
from zhiheng.foundation import clock
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.notifications.models import Channel, Kind, Notification
from zhiheng.foundation.notifications.texts import write
from zhiheng.process.register import panel
from zhiheng.stages.panel.models import Conflict, Seat

GONE = "邀请链接已失效"


@pytest.mark.duty("F1", "K7")
class TestLink(Composing):
    def setUp(self) -> None:
        super().setUp()
        self.drawn()
        self.seated = self.seat()
        self.path = f"/invitation-to-review/{token_of(self.seated)}/"
        self.answer_path = f"/invitation-to-review/seats/{self.seated.pk}/"

    def opened(self) -> Client:
        client = Client()
        answer = client.get(self.path)
        assert answer["Location"] == self.answer_path
        assert answer["Referrer-Policy"] == "no-referrer"
        return client

    def test_accepting_without_signing_in(self) -> None:
        client = self.opened()
        page = client.get(self.answer_path)
        for word in (self.seated.expert.person.name, self.cycle.title, *self.seated.panel.entries.values_list("code", flat=True)):
            assert word in text(page)
        assert "noindex" in page["X-Robots-Tag"]
        assert "no-store" in page["Cache-Control"]
        sent = {"answer": "accepted", "token": page.context["token"]}
        done = client.post(self.answer_path, sent, follow=True)
        assert "答复已登记 感谢您接受邀请。评审材料和任务将在评审工作平台上开放" in text(done)
        row = JournalEntry.objects.get(act="panel.answer", kind="act")
        assert (row.actor, row.role) == (self.seated.expert.person.code, "expert")
        assert f"{row.chain}#{row.seq}" in text(done)
        again = client.post(self.answer_path, sent, follow=True)
        assert "答复已登记" in text(again), "sent twice, one act, the same receipt"
        assert JournalEntry.objects.filter(act="panel.answer", kind="act").count() == 1

    def test_standing_aside_is_a_conflict_and_somebody_follows(self) -> None:
        client, entry = self.opened(), self.seated.panel.entries.order_by("code")[0]
        page = client.get(self.answer_path)
        sent = {"answer": "recused", "entry": entry.pk, "reason": "亲属在该单位任职", "token": page.context["token"]}
        client.post(self.answer_path, sent)
        assert Conflict.objects.filter(entry=entry, person=self.seated.expert.person, status="standing").exists()
        follower = Seat.objects.get(succeeds=self.seated)
        assert Client().get(f"/invitation-to-review/{token_of(follower)}/").status_code == 302

    def test_bad_input_keeps_what_was_typed(self) -> None:
        client = self.opened()
        wrong = client.post(self.answer_path, {"answer": "recused", "reason": "有亲属任职", "token": "c" * 20})
        assert wrong.status_code == 422
        assert "请选择需要回避的申报" in text(wrong)
        assert "有亲属任职" in text(wrong)
        missing = client.post(self.answer_path, {"answer": "declined", "reason": " ", "token": "c" * 20})
        assert "请写明理由" in text(missing)
        assert client.post(self.answer_path, {"token": "c" * 20}).status_code == 422
        self.seated.refresh_from_db()
        assert self.seated.answer == ""

    def test_who_declines_is_told_that_nothing_more_is_asked_of_them(self) -> None:
        client = self.opened()
        page = client.get(self.answer_path)
        sent = {"answer": "declined", "reason": "出国", "token": page.context["token"]}
        done = text(client.post(self.answer_path, sent, follow=True))
        assert "本次评审不再需要您办理其他事项" in done
        assert "评审材料和任务将在评审工作平台上开放" not in done

    def test_one_and_the_same_page_for_whatever_is_wrong(self) -> None:
        other = Seat.objects.exclude(pk=self.seated.pk).order_by("-pk")[0]
        good = token_of(self.seated)
        swapped = f"{other.pk}-{good.split('-')[1]}"
        tokens = [swapped, good[:-1] + ("0" if good[-1] != "0" else "1"), f"999999-{64 * 'a'}", "x", f"0{good}"]
        pages = [Client().get(f"/invitation-to-review/{one}/") for one in tokens]
        with override_settings(SECRET_KEY="another key of this server"):
            pages.append(Client().get(self.path))
        Seat.objects.filter(pk=other.pk).update(due=clock.today() - timedelta(days=1))
        pages.append(Client().get(f"/invitation-to-review/{token_of(other)}/"))
        self.world.do(panel.answer, self.seated.expert.code, self.seated, answer="accepted")
        pages.append(Client().get(self.path))
        Seat.objects.filter(pk=self.seated.pk).update(answer="", vacated_at=clock.now())
        pages += [Client().get(self.path), Client().get(self.answer_path), Client().post(self.answer_path, {"answer": "accepted"})]
        assert {page.status_code for page in pages} == {404}
        assert len({text(page) for page in pages}) == 1
        assert GONE in text(pages[0])

    def test_valid_to_the_end_of_the_last_day(self) -> None:
        Seat.objects.filter(pk=self.seated.pk).update(due=clock.today())
        assert Client().get(self.path).status_code == 302

    def test_the_session_of_one_link_opens_no_other_seat(self) -> None:
        other = Seat.objects.exclude(pk=self.seated.pk).order_by("-pk")[0]
        client = self.opened()
        assert client.get(f"/invitation-to-review/seats/{other.pk}/").status_code == 404
        assert client.post(f"/invitation-to-review/seats/{other.pk}/", {"answer": "accepted"}).status_code == 404

    def test_the_link_is_in_the_mail_alone(self) -> None:
        code = self.seated.expert.person.code
        row = Notification.objects.filter(to=f"person:{code}", title=TITLE).order_by("-pk")[0]
        mailed = write(Channel.MAIL, Kind.ONCE, [row]).text
        assert link(self.seated) in mailed
        for channel in (Channel.SMS, Channel.WECOM):
            assert "invitation-to-review" not in write(channel, Kind.DIGEST, [row]).text
        token = token_of(self.seated)
        assert not [one for one in Notification.objects.all() if token in one.text or token in one.title]
        assert not [body for body in JournalEntry.objects.values_list("body", flat=True) if token.split("-")[1] in body]
        Seat.objects.filter(pk=self.seated.pk).update(answer="accepted")
        assert "invitation-to-review" not in write(Channel.MAIL, Kind.ONCE, [row]).text
        assert mail.outbox == []
