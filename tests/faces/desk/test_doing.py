"""The page of an act: filled, looked over, done once; wrong input keeps what was typed; what changed meanwhile is said first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection

from tests.faces.seating import hidden, seated, text
from tests.stages import playing
from tests.stages.drafts import draft, submit
from zhiheng.faces.desk.forms.base import ELSEWHERE, FORMS
from zhiheng.faces.desk.links import act_url
from zhiheng.foundation import clock
from zhiheng.foundation.acts import REGISTER
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.people.models import Account, Person
from zhiheng.process.register import recommendation
from zhiheng.rules.lifecycle import Stage
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Draw, Expert, Panel
from zhiheng.stages.recommendation.models import Recommendation

SIDES = ("completeness", "truth", "accuracy", "legality")
ALL_WELL = {f"passed_{side}": "yes" for side in SIDES}


class Submitted(playing.Played):
    """One submitted application before its city."""

    entry: Entry

    @classmethod
    def play(cls) -> Any:
        world, cycle = playing.called(orgs=2, persons=0)
        cls.entry = draft(world, cycle, world.cast.organizations[0])
        submit(world, cls.entry)
        cls.city = next(name for name, who in world.people.items() if who.unit and who.unit.pk == cls.entry.recommender_id)
        return world, cycle

    def setUp(self) -> None:
        super().setUp()
        self.client = seated(self.world.people[self.city])

    def url(self, act: str = "recommendation.check") -> str:
        return act_url(act, self.entry)

    def acts(self, act: str = "recommendation.check") -> int:
        return JournalEntry.objects.filter(act=act, kind="act").count()


class TestTheFlow(Submitted):
    def test_form_preview_confirmation_receipt(self) -> None:
        form = self.client.get(self.url())
        assert form.status_code == 200
        assert "完整性" in text(form)
        assert "《细则》四（二）" in text(form)
        preview = self.client.post(self.url(), {**hidden(form), **ALL_WELL, "note_truth": "原件已核"})
        assert preview.status_code == 200
        assert "确认后的结果" in text(preview)
        assert "审核情况已记录" in text(preview)
        assert "原件已核" in text(preview)
        assert not Recommendation.objects.exists()  # looking over changes nothing
        assert self.acts() == 0
        done = self.client.post(self.url(), {**hidden(preview), "step": "confirm"})
        assert done.status_code == 303
        assert Recommendation.objects.get().sides[1] == {"code": "truth", "passed": True, "note": "原件已核"}
        receipt = self.client.get(done.url)
        assert JournalEntry.objects.get(act="recommendation.check").hash in text(receipt)
        assert self.entry.name in text(receipt)

    def test_what_is_told_is_named_before(self) -> None:
        form = self.client.get(self.url("recommendation.return"))
        preview = self.client.post(self.url("recommendation.return"), {**hidden(form), "reason": "请补正职工人数"})
        assert f"通知：{self.entry.owner.name}" in text(preview).replace(" ", "")
        assert Notification.objects.filter(title="申报已退回补正").count() == 0
        self.client.post(self.url("recommendation.return"), {**hidden(preview), "step": "confirm"})
        assert Notification.objects.get(title="申报已退回补正").to == f"person:{self.entry.owner.code}"

    def test_a_fault_stands_at_its_field_and_what_was_typed_stays(self) -> None:
        sent = {**ALL_WELL, "passed_truth": "no", "note_accuracy": "数据与年报一致"}
        answer = self.client.post(self.url(), sent)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "请写明不符合的具体情况" in page
        assert 'aria-invalid="true"' in page
        assert "数据与年报一致" in page
        assert self.acts() == 0

    def test_a_refusal_of_the_rules_is_shown_with_its_article(self) -> None:
        answer = self.client.post(self.url("recommendation.sign"), {"opinion": "同意推荐", "signed_by": "李局长"})
        assert answer.status_code == 422
        assert "尚未公示，请先发布公示" in text(answer)
        assert "同意推荐" in text(answer)
        assert "《细则》四（二）" in text(answer)

    def test_sent_twice_is_one_act_with_one_receipt(self) -> None:
        preview = self.client.post(self.url(), {**hidden(self.client.get(self.url())), **ALL_WELL})
        sent = {**hidden(preview), "step": "confirm"}
        first, second = self.client.post(self.url(), sent), self.client.post(self.url(), sent)
        assert first.url == second.url
        assert self.acts() == 1

    def test_what_happened_meanwhile_is_said_before_anything_is_done(self) -> None:
        preview = self.client.post(self.url(), {**hidden(self.client.get(self.url())), **ALL_WELL})
        sides = [{"code": side, "passed": True, "note": "他人"} for side in SIDES]
        self.world.do(recommendation.check, self.city, self.entry, sides=sides)
        held = self.client.post(self.url(), {**hidden(preview), "step": "confirm"})
        assert held.status_code == 409
        assert "您填写期间，该事项已有新的办理" in text(held)
        assert "审核申报材料" in text(held)
        assert self.acts() == 1
        done = self.client.post(self.url(), {**hidden(held), "step": "confirm"})
        assert done.status_code == 303
        assert self.acts() == 2

    def test_back_to_the_form_keeps_everything(self) -> None:
        preview = self.client.post(self.url(), {**hidden(self.client.get(self.url())), **ALL_WELL, "note_truth": "原件已核"})
        form = self.client.post(self.url(), {**hidden(preview), "step": "edit"})
        assert form.status_code == 200
        assert "原件已核" in form.content.decode()
        assert "请先处理下列问题" not in text(form)

    def test_not_yet_says_why(self) -> None:
        entry = self.entry
        Entry.objects.filter(pk=entry.pk).update(status="recommended")
        answer = self.client.get(self.url())
        assert answer.status_code == 200
        assert "现在还不能办理" in text(answer)
        assert "当前状态为“已推荐”" in text(answer)
        assert self.client.post(self.url(), {**ALL_WELL, "step": "confirm"}).status_code == 409


class TestWhoMayNot(Submitted):
    def test_another_city_does_not_find_it(self) -> None:
        other = next(n for n, who in self.world.people.items() if who.role == "recommender" and who.unit.pk != self.entry.recommender_id)
        assert seated(self.world.people[other]).get(self.url()).status_code == 404

    def test_another_role_does_not_find_the_act(self) -> None:
        assert seated(self.world.people["office"]).get(self.url()).status_code == 404

    def test_unknown_act_or_subject(self) -> None:
        for path in ("/desk/do/no.act/platform:-/", "/desk/do/recommendation.check/entry:none/", "/desk/do/recommendation.check/x/"):
            assert self.client.get(path).status_code == 404, path
        assert self.client.get(f"/desk/do/recommendation.check/cycle:{self.cycle.code}/").status_code == 404

    def test_no_answer_is_kept_by_a_cache(self) -> None:
        answer = self.client.get(self.url())
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]
        assert "Cookie" in answer["Vary"]

    def test_the_receipt_is_for_who_acted_and_the_inspector(self) -> None:
        preview = self.client.post(self.url(), {**hidden(self.client.get(self.url())), **ALL_WELL})
        receipt = self.client.post(self.url(), {**hidden(preview), "step": "confirm"}).url
        assert self.client.get(receipt).status_code == 200
        assert seated(self.world.people["inspector"]).get(receipt).status_code == 200
        assert seated(self.world.people["office"]).get(receipt).status_code == 404


class TestTyped(Submitted):
    """What was typed is not lost: drafts, an ended session, two windows."""

    def test_a_draft_comes_back_until_the_act_is_done(self) -> None:
        saved = self.client.post(self.url(), {"note_truth": "看了一半", "_draft": "1", "draft_revision": "0"})
        assert saved.json()["revision"] == 1
        form = self.client.get(self.url())
        assert "看了一半" in form.content.decode()
        assert "已恢复" in text(form)
        assert "请先处理下列问题" not in text(form)
        preview = self.client.post(self.url(), {**hidden(form), **ALL_WELL, "note_truth": "看了一半"})
        self.client.post(self.url(), {**hidden(preview), "step": "confirm"})
        assert "看了一半" not in text(self.client.get(self.url("recommendation.decline")))
        assert self.acts() == 1
        assert not self.world.people[self.city].person.drafts.exists()

    def test_a_colleague_does_not_see_it(self) -> None:
        self.client.post(self.url(), {"note_truth": "看了一半", "_draft": "1"})
        colleague = self.world.people.get(f"{self.city}2")
        if colleague is None:
            return
        assert "看了一半" not in seated(colleague).get(self.url()).content.decode()

    def test_two_windows_do_not_overwrite_each_other(self) -> None:
        self.client.post(self.url(), {"note_truth": "第一窗口", "_draft": "1", "draft_revision": "0"})
        stale = self.client.post(self.url(), {"note_truth": "第二窗口", "_draft": "1", "draft_revision": "0"})
        assert stale.status_code == 409
        assert "较新的草稿" in stale.json()["stale"]
        assert "第一窗口" in self.client.get(self.url()).content.decode()

    def test_dropping_begins_anew(self) -> None:
        self.client.post(self.url(), {"note_truth": "看了一半", "_draft": "1"})
        assert self.client.post(self.url(), {"step": "drop"}).status_code == 303
        assert "看了一半" not in self.client.get(self.url()).content.decode()

    def test_an_ended_session_returns_to_the_filled_form_of_its_owner(self) -> None:
        form = self.client.get(self.url())
        sent = {**hidden(form), **ALL_WELL, "note_truth": "写了很久", "step": "preview"}
        self.client.logout()
        away = self.client.post(self.url(), sent)
        assert away.status_code == 302
        self.client.force_login(Account.objects.get(person=self.world.people[self.city].person))
        back = self.client.get(self.url())
        assert "写了很久" in back.content.decode()
        assert "登录已过期，您填写的内容已经恢复" in text(back)
        assert "写了很久" not in self.client.get(self.url()).content.decode()  # once

    def test_what_another_had_typed_is_not_given_to_who_signs_in_next(self) -> None:
        sent = {**hidden(self.client.get(self.url())), "note_truth": "不给别人"}
        other = seated(self.world.people["office"])
        session = other.session
        session["zhiheng_kept"] = {"path": act_url("cycle.advance", self.cycle), "data": urlencode(sent)}
        session.save()
        assert "不给别人" not in other.get(act_url("cycle.advance", self.cycle)).content.decode()


@pytest.mark.django_db(transaction=True)
def test_sent_eight_times_at_once_is_one_act() -> None:
    world, cycle = playing.called(orgs=2, persons=0)
    entry = draft(world, cycle, world.cast.organizations[0])
    submit(world, entry)
    city = next(who for who in world.people.values() if who.unit and who.unit.pk == entry.recommender_id)
    url = act_url("recommendation.check", entry)
    moment = clock.now()
    first = seated(city)
    preview = first.post(url, {**hidden(first.get(url)), **ALL_WELL})
    sent = {**hidden(preview), "step": "confirm"}

    def send(client: Any) -> tuple[int, str]:
        with clock.travel(moment):
            answer = client.post(url, sent)
        connection.close()
        return answer.status_code, answer.get("Location", "")

    try:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(send, [seated(city) for _ in range(8)]))
    finally:
        clock.set_to(None)
    assert {status for status, _ in answers} == {303}
    assert len({place for _, place in answers}) == 1
    assert JournalEntry.objects.filter(act="recommendation.check", kind="act").count() == 1


class TestChanceIsNotForetold(playing.Played):
    @classmethod
    def play(cls) -> Any:
        return playing.played(Stage.MATERIAL_REVIEW, share=0)

    def test_a_draw_cannot_be_rehearsed(self) -> None:
        spec = REGISTER["panel.draw"]
        with pytest.raises(ValueError, match="may not be rehearsed"):
            spec.rehearse(self.world.people["agency"], self.cycle)
        before = (Draw.objects.count(), Panel.objects.count())
        client = seated(self.world.people[self.world.cast.agency.code])
        answer = client.get(act_url("panel.draw", self.cycle))
        assert answer.status_code == 200
        assert (Draw.objects.count(), Panel.objects.count()) == before


def test_every_act_has_its_form_or_its_own_page() -> None:
    import inspect

    without = []
    for spec in REGISTER.values():
        needed = [
            p for p in inspect.signature(spec.body).parameters.values() if p.kind == p.KEYWORD_ONLY and p.default is inspect.Parameter.empty
        ]
        if needed and spec.id not in FORMS and spec.id not in ELSEWHERE:
            without.append(spec.id)
    assert without == []


NEW_EXPERT = {
    "name": "闻一新", "id_number": "130102198003072530", "code": "ZJ9001", "employer": "河北某研究院", "industries": "34",
    "categories": "organization", "max_load": "3", "kind": "assessor",
}  # fmt: skip


class TestNothingBeforeItsTime(playing.Played):
    """Looking over changes nothing, and what is secret or personal is kept in no draft and no session."""

    @classmethod
    def play(cls) -> Any:
        return playing.called(orgs=2, persons=0)

    def test_looking_over_a_new_expert_makes_nobody_known(self) -> None:
        client, url = seated(self.world.people["office"]), act_url("panel.register_expert", None)
        before = Person.objects.count()
        preview = client.post(url, {**hidden(client.get(url)), **NEW_EXPERT})
        assert preview.status_code == 200, text(preview)
        assert Person.objects.count() == before
        done = client.post(url, {**hidden(preview), "step": "confirm"})
        assert done.status_code == 303
        assert Person.objects.count() == before + 1
        assert Expert.objects.get(code="ZJ9001").person.name == "闻一新"

    def test_a_wrong_number_is_said_at_its_field(self) -> None:
        client, url = seated(self.world.people["office"]), act_url("panel.register_expert", None)
        answer = client.post(url, {**NEW_EXPERT, "id_number": "130102198003072531"})
        assert answer.status_code == 422
        assert "身份证号码校验不通过，请核对" in answer.content.decode()
        assert not Expert.objects.filter(code="ZJ9001").exists()

    def test_an_id_number_lies_in_no_draft(self) -> None:
        office = self.world.people["office"]
        answer = seated(office).post(act_url("panel.register_expert", None), {**NEW_EXPERT, "_draft": "1"})
        assert answer.status_code == 409
        assert office.person is not None
        assert not office.person.drafts.exists()

    def test_an_id_number_does_not_outlive_the_session(self) -> None:
        client, url = seated(self.world.people["office"]), act_url("panel.register_expert", None)
        sent = {**hidden(client.get(url)), **NEW_EXPERT}
        client.logout()
        assert client.post(url, sent).status_code == 302
        assert "zhiheng_kept" not in client.session
