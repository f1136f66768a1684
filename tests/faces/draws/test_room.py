"""The room of a draw and its wall: what is next for whom, what is shown when, to whom, and at what cost (F1, G1, K7, L3)."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tests.faces.draws.drawing import NUMBERS, ROOM, Composing
from tests.faces.rooms import queries, text
from tests.faces.seating import seated
from zhiheng.foundation.canonical import digest
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.process.register import panel, review
from zhiheng.process.replay import replay
from zhiheng.rules.compose import MOST_EXPERTS
from zhiheng.simulation import reviewing
from zhiheng.simulation.cast import comments_for
from zhiheng.stages.panel.lotteries import prepare
from zhiheng.stages.panel.models import Draw, Expert, Lottery, Panel, Seat
from zhiheng.stages.review.scoring import scheme_of

ACT = "/desk/do/{}/cycle:2024/"


def buttons(page: Any) -> set[str]:
    """The acts whose buttons the page has."""
    return {act for act in ("regroup", "freeze", "publish_lottery", "commit_seed", "reveal_seed", "draw", "consent_again", "discard_seeds")
            if ACT.format(f"panel.{act}") in page.content.decode()}  # fmt: skip


@pytest.mark.duty("F1")
class TestSteps(Composing):
    def test_each_step_offers_just_what_is_next(self) -> None:
        agency, inspector = self.browser("agency"), self.browser("inspector")
        assert buttons(agency.get(ROOM)) == {"regroup", "freeze"}
        assert buttons(inspector.get(ROOM)) == set()
        self.world.do(panel.freeze, "agency", self.cycle)
        assert buttons(agency.get(ROOM)) == {"regroup", "freeze"}
        assert "即将在后台形成" in text(agency.get(ROOM))
        assert "抽签方案正在形成，请稍候" in text(agency.get(ROOM))
        prepare.call(Draw.objects.get().pk)
        assert buttons(agency.get(ROOM)) == {"regroup", "freeze", "publish_lottery"}
        self.world.do(panel.publish_lottery, "agency", self.cycle)
        assert buttons(agency.get(ROOM)) == {"regroup", "freeze", "commit_seed", "draw"} - {"draw"}
        assert "须有两方以上提交种子承诺" in text(agency.get(ROOM))
        assert buttons(inspector.get(ROOM)) == {"commit_seed"}
        self.committed()
        assert buttons(inspector.get(ROOM)) == {"reveal_seed"}
        assert buttons(agency.get(ROOM)) == {"regroup", "freeze", "reveal_seed", "discard_seeds"}
        self.world.do(panel.reveal_seed, "office", self.cycle, number=NUMBERS["office"])
        assert buttons(agency.get(ROOM)) == {"reveal_seed"}, "what needs the inspector's consent is shown as not to be done yet"
        assert "须先由监督人员同意" in text(agency.get(ROOM))
        assert "consent_again" in buttons(inspector.get(ROOM))
        for role in ("agency", "inspector"):
            self.world.do(panel.reveal_seed, role, self.cycle, number=NUMBERS[role])
        assert "draw" in buttons(agency.get(ROOM))
        self.world.do(panel.draw, "agency", self.cycle)
        assert buttons(agency.get(ROOM)) == set()
        assert "等待专家答复，已有0名接受" in text(agency.get(ROOM))

    def test_the_task_made_the_tickets_or_nobody_works(self) -> None:
        self.world.do(panel.freeze, "agency", self.cycle)
        draw = Draw.objects.get()
        Lottery.objects.filter(draw=draw).update(ready=250)
        assert "即将在后台形成" in text(self.browser("office").get(ROOM))
        DBTaskResult.objects.all().delete()
        assert "后台程序没有运行或者正在处理其他任务，抽签方案尚未形成。" in text(self.browser("office").get(ROOM))
        prepare.call(draw.pk)
        assert "抽签方案已形成，共1000张签" in text(self.browser("office").get(ROOM))

    def test_what_collides_is_said_in_words(self) -> None:
        Expert.objects.all().update(status="suspended")
        Expert.objects.filter(pk__in=list(Expert.objects.values_list("pk", flat=True)[:2])).update(status="active")
        self.world.do(panel.freeze, "agency", self.cycle)
        prepare.call(Draw.objects.get().pk)
        shown = text(self.browser("agency").get(ROOM))
        assert "按现有要求不能抽取" in shown
        assert "以下要求不能同时满足：组织奖第1组" in shown, "panels by their titles, not by their codes"
        assert "organization-" not in shown.partition("冻结的分组")[0]
        assert "作以下调整即可抽取" in shown

    def test_what_there_is_to_draw_from_is_seen_before_the_freeze(self) -> None:
        fit = Expert.objects.filter(status="active").count()
        assert f"今日可以抽取的专家{fit}名" in text(self.browser("agency").get(ROOM))
        home = self.browser("agency").get("/desk/").content.decode()
        assert f'href="{ROOM}"' in home, "the task leads to the room, where the groups are seen"

    def test_a_failed_task_leaves_the_office_a_way(self) -> None:
        self.world.do(panel.freeze, "agency", self.cycle)
        DBTaskResult.objects.update(status=TaskResultStatus.FAILED)
        shown = self.browser("office").get(ROOM)
        assert "后台未能形成抽签方案。可以直接公布抽签方案" in text(shown)
        assert "publish_lottery" in buttons(shown)

    def test_balls_are_entered_and_corrected_by_each_party(self) -> None:
        self.published(method="balls")
        office, inspector = self.browser("office"), self.browser("inspector")
        assert "录入号码球的号码" in text(office.get(ROOM))
        self.world.do(panel.reveal_seed, "office", self.cycle, number="528")
        assert "更正录入的号码" in text(office.get(ROOM))
        assert "更正录入的号码" not in text(inspector.get(ROOM))
        assert "省质评办 528" in text(inspector.get(ROOM))
        wrong = inspector.post(ACT.format("panel.reveal_seed"), {"number": "582", "step": "preview", "token": "c" * 20})
        assert wrong.status_code == 422
        assert "请当场核对号码球后重新录入" in text(wrong)
        for who in ("office", "inspector"):
            self.world.do(panel.reveal_seed, who, self.cycle, number="582")
        assert "更正录入的号码" not in text(office.get(ROOM))
        self.world.do(panel.draw, "agency", self.cycle, present=["周工"])
        assert "号码球所示582即为签号" in text(office.get(f"{ROOM}screen/"))

    def test_a_wrong_number_is_refused_before_it_is_confirmed(self) -> None:
        self.published()
        self.committed()
        sent = {"number": "4" * 24, "step": "preview", "token": "d" * 20}
        answer = self.browser("office").post(ACT.format("panel.reveal_seed"), sent)
        assert answer.status_code == 422
        assert "揭示的种子与承诺不符，请核对抄存的数字" in text(answer)

    def test_the_pulse_is_silent_until_something_changes(self) -> None:
        browser = self.browser("office")
        self.published()
        page = browser.get(ROOM).content.decode()
        mark = page.split('name="board" value="')[1][:16]
        assert browser.get(f"{ROOM}pulse/", {"board": mark}).status_code == 204
        self.committed()
        answer = browser.get(f"{ROOM}pulse/", {"board": mark})
        assert answer.status_code == 200
        assert "3方已承诺" in text(answer)

    def test_a_round_that_has_not_come_and_one_that_is_none(self) -> None:
        for path in ("2024/draws/site/", "2024/draws/other/", "1999/draws/material/", "draws/999/"):
            assert self.browser("office").get(f"/desk/cycles/{path}").status_code == 404, path


@pytest.mark.duty("F1", "L3")
class TestShown(Composing):
    def test_earlier_attempts_stay_with_their_causes(self) -> None:
        first = self.published()
        self.committed()
        self.world.do(panel.discard_seeds, "agency", self.cycle, cause="一方缺席")
        shown = text(self.browser("inspector").get(ROOM))
        assert "一方缺席" in shown
        assert digest(NUMBERS["office"].encode()) in shown
        self.world.do(panel.freeze, "agency", self.cycle, cause="专家库补充")
        shown = text(self.browser("inspector").get(ROOM))
        assert "专家库补充" in shown
        assert f"/desk/cycles/draws/{first.pk}/" in self.browser("inspector").get(ROOM).content.decode()
        old = text(self.browser("inspector").get(f"/desk/cycles/draws/{first.pk}/"))
        assert "已由后一次取代" in old
        assert "一方缺席" in old

    def test_what_allowed_another_attempt_is_shown(self) -> None:
        self.drawn()
        self.world.do(panel.consent_again, "inspector", self.cycle, reason="分组确有错误")
        assert "监督人员已同意再次抽取：分组确有错误" in text(self.browser("agency").get(ROOM))
        self.world.do(panel.freeze, "agency", self.cycle, cause="更正分组")
        shown = text(self.browser("agency").get(ROOM))
        assert "监督人员同意 分组确有错误" in shown
        assert "监督人员已同意再次抽取" not in shown, "it holds once"
        old = Draw.objects.get(version=1)
        assert "已取代" not in text(self.browser("agency").get(f"/desk/cycles/draws/{old.pk}/")), "nobody took the seats yet"

    def test_who_has_handed_in_a_sheet_has_answered(self) -> None:
        self.drawn()
        seat = self.seat()
        entry = seat.panel.entries.order_by("code")[0]
        scheme = scheme_of(entry)
        marks = reviewing.mark(self.world, entry, seat.expert, scheme, 0)
        comments = comments_for(scheme, self.world.rng)
        assert "已有0名接受" in text(self.browser("agency").get(ROOM))
        self.world.do(review.submit_sheet, seat.expert.code, entry, marks=marks, comments=comments)
        shown = text(self.browser("agency").get(ROOM))
        assert shown.count("已参加评审") == 1
        assert "已有1名接受" in shown

    def test_the_minutes_are_at_hand_where_they_are_signed(self) -> None:
        self.drawn()
        page = self.browser("office").get(ROOM).content.decode()
        assert 'action="/desk/cycles/2024/files/take/"' in page
        assert 'name="what" value="draws"' in page

    def test_names_on_the_page_and_codes_on_the_wall(self) -> None:
        self.drawn()
        seat = self.seat()
        room, wall = self.browser("office").get(ROOM).content.decode(), self.browser("office").get(f"{ROOM}screen/").content.decode()
        assert seat.expert.person.name in room
        assert seat.expert.code in wall
        assert not [name for name in Expert.objects.values_list("person__name", flat=True) if name in wall]
        assert "<form" not in wall
        assert "密钥" in wall

    def test_the_wall_stands_still_once_the_ticket_has_fallen(self) -> None:
        self.drawn()
        browser = self.browser("office")
        mark = browser.get(f"{ROOM}screen/").content.decode().split('name="board" value="')[1][:16]
        seat = self.seat()
        self.world.do(panel.answer, seat.expert.code, seat, answer="declined", reason="出差")
        assert browser.get(f"{ROOM}screen/pulse/", {"board": mark}).status_code == 204

    def test_chances_by_probability_by_code_and_found_by_name(self) -> None:
        draw = self.published()
        made = Lottery.objects.get().made
        path, browser = f"/desk/cycles/draws/{draw.pk}/chances/", self.browser("agency")
        lines = browser.get(path).context["page"].object_list
        assert [one.tickets for one in lines] == sorted(made["chances"].values())
        assert [one.code for one in browser.get(path, {"sort": "code"}).context["page"].object_list] == sorted(made["experts"])
        one = lines[3]
        assert [line.code for line in browser.get(path, {"q": one.name}).context["page"].object_list].count(one.code) == 1
        assert "没有符合条件的专家" in text(browser.get(path, {"q": "无此人"}))
        assert browser.get(path, {"page": "x", "sort": "x", "q": "%00"}).status_code == 200

    def test_exclusions_are_found_by_reason(self) -> None:
        draw = self.published()
        out = draw.frozen["excluded"]
        found = self.browser("office").get(f"/desk/cycles/draws/{draw.pk}/excluded/")
        assert found.context["page"].paginator.count == len(out)
        assert out, "somebody is excluded"
        grounds = found.context["reasons"]
        assert sum(times for _ground, times in grounds) == sum(len(why.split("；")) for _panel, _expert, why in out)
        assert not [ground for ground, _times in grounds if "ZJ" in ground or "2024-" in ground], "sorts of reasons, not single ones"
        path = f"/desk/cycles/draws/{draw.pk}/excluded/"
        assert self.browser("office").get(path, {"q": out[0][1]}).context["page"].paginator.count >= 1
        assert "没有符合条件的记录" in text(self.browser("office").get(path, {"q": "无此理由"}))

    def test_files_are_what_was_hashed(self) -> None:
        self.world.do(panel.freeze, "agency", self.cycle)
        draw, browser = Draw.objects.get(), self.browser("agency")
        assert browser.get(f"/desk/cycles/draws/{draw.pk}/lottery.json").status_code == 404
        self.world.do(panel.publish_lottery, "agency", self.cycle)
        answer = browser.get(f"/desk/cycles/draws/{draw.pk}/lottery.json")
        assert digest(answer.content) == Lottery.objects.get().digest
        assert "attachment" in answer["Content-Disposition"]
        rows = list(csv.reader(io.StringIO(browser.get(f"/desk/cycles/draws/{draw.pk}/tickets.csv").content.decode("utf-8-sig"))))
        assert len(rows) == 1001
        record = json.loads(browser.get(f"/desk/cycles/draws/{draw.pk}/record.json").content)
        assert (record["round"], record["version"], record["ticket"]) == ("material", 1, None)
        assert "chain_root" not in json.dumps(record)

    def test_reading_and_replaying_change_nothing(self) -> None:
        draw = self.drawn()
        before = JournalEntry.objects.count()
        shown = self.browser("inspector").post(f"/desk/cycles/draws/{draw.pk}/")
        assert all(check.ok for check in shown.context["checks"])
        assert len(shown.context["checks"]) == 12
        assert JournalEntry.objects.count() == before

    def test_a_draw_that_was_tampered_with_does_not_agree(self) -> None:
        draw = self.drawn()
        Draw.objects.filter(pk=draw.pk).update(ticket=draw.ticket % 1000 + 1)
        wrong = [check.title for check in replay(Draw.objects.get(pk=draw.pk)) if not check.ok]
        assert "抽中的签" in wrong
        assert "各组席位与抽中的签" in wrong
        assert "不符" in text(self.browser("inspector").post(f"/desk/cycles/draws/{draw.pk}/"))
        draw.seeds = dict.fromkeys(draw.seeds, "9" * 24)
        assert "各方揭示的数与事先承诺" in [check.title for check in replay(draw) if not check.ok]
        draw.frozen["pool"] = draw.frozen["pool"][:-1]
        assert replay(draw)[0].ok is False


@pytest.mark.duty("F1")
class TestCost(Composing):
    def test_as_many_queries_for_many_panels_as_for_few(self) -> None:
        draw = self.drawn()
        browser = self.browser("agency")
        paths = [ROOM, f"{ROOM}pulse/", f"{ROOM}screen/", f"/desk/cycles/draws/{draw.pk}/chances/"]
        few = [queries(browser, path) for path in paths]
        like = Panel.objects.order_by("pk")[0]
        experts = list(Expert.objects.exclude(pk__in=like.seats.values("expert")).order_by("pk")[:12])
        for number in range(12):
            more = Panel.objects.create(
                code=f"more-{number:02d}", cycle=self.cycle, round="material", award=like.award, category=like.category, draw=draw
            )
            more.entries.set(like.entries.all())
            Seat.objects.create(panel=more, expert=experts[number])
        assert [queries(browser, path) for path in paths] == few


@pytest.mark.duty("F1")
class TestForms(Composing):
    def test_groups_in_a_table_each_and_the_changes_before_they_are_made(self) -> None:
        browser, path = self.browser("agency"), ACT.format("panel.regroup")
        page = browser.get(path)
        form = page.context["form"]
        assert {row["code"] for table in form.tables() for row in table["rows"]} == {
            e.code for e in self.cycle.entries.all() if f"to-{e.code}" in form.fields
        }
        data = {name: form[name].initial for name in form.fields} | {"step": "preview", "token": "a" * 20, "seen": page.context["seen"]}
        code = form.tables()[-1]["rows"][0]["code"]
        sent = data | {f"to-{code}": "new", "size-0": "4", "reason": "平衡工作量"}
        shown = text(browser.post(path, sent))
        assert "调至新设的组" in shown
        assert "调整后各组" in shown
        assert "专家由3名改为4名" in shown
        wrong = browser.post(path, sent | {"size-0": str(MOST_EXPERTS + 1), "reason": ""})
        assert wrong.status_code == 422
        assert wrong.context["form"][f"to-{code}"].value() == "new", "what was chosen stays"

    def test_the_number_stands_on_a_slip_and_nowhere_else(self) -> None:
        self.published()
        browser, path = self.browser("office"), ACT.format("panel.commit_seed")
        number = "9876 5432 1098 7654 3210"
        page = browser.get(path)
        assert len(page.context["form"]["number"].value().replace(" ", "")) == 24
        sent = {"number": number, "step": "preview", "token": "b" * 20, "seen": page.context["seen"]}
        asked = browser.post(path, sent)
        for word in (number, digest(number.replace(" ", "").encode()), "材料评审（第1次冻结）", "省质评办", "种子抄存单"):
            assert word in text(asked), word
        assert browser.post(path, sent | {"step": "draft"}).status_code == 409
        wrong = browser.post(path, sent | {"number": "0123"})
        assert wrong.status_code == 422
        assert wrong.context["form"]["number"].value() == "0123"
        done = browser.post(path, sent | {"step": "confirm"}, follow=True)
        assert "办理回执" in text(done)
        assert ROOM in done.content.decode(), "the receipt leads back to the room"
        bare = number.replace(" ", "")
        kept = [*JournalEntry.objects.values_list("body", flat=True), str(Draw.objects.values()), str(dict(browser.session))]
        assert not [one for one in kept if bare in one or number in one]


@pytest.mark.duty("F1", "K7")
class TestOutside(Composing):
    def test_of_the_applicants_the_representative_alone_sees_the_wall(self) -> None:
        entry = self.cycle.entries.filter(status="accepted").order_by("code")[0]
        owner = self.world.owners[entry.code]
        stranger = next(who for code, who in self.world.owners.items() if who != owner and self.cycle.entries.filter(code=code).exists())
        wall = f"{ROOM}screen/"
        self.world.do(panel.freeze, "agency", self.cycle, representative=entry)
        assert seated(owner).get(wall).status_code == 200
        assert seated(owner).get(f"{wall}pulse/").status_code == 200
        assert seated(stranger).get(wall).status_code == 404
        assert seated(owner).get(ROOM).status_code == 404
        assert seated(owner).get(f"/desk/cycles/draws/{Draw.objects.get().pk}/record.json").status_code == 404
        self.world.do(panel.freeze, "agency", self.cycle, cause="另选代表")
        assert seated(owner).get(wall).status_code == 404, "named for one draw, not for the next"

    def test_nobody_else_comes_in(self) -> None:
        draw = self.published()
        paths = [ROOM, f"{ROOM}pulse/", f"{ROOM}screen/", f"{ROOM}screen/pulse/", *(f"/desk/cycles/draws/{draw.pk}/{p}" for p in ("", "chances/", "excluded/", "lottery.json", "tickets.csv", "record.json"))]  # fmt: skip
        expert = Expert.objects.order_by("code")[0].code
        for who in ("chair", expert, "admin"):
            for path in paths:
                if who in self.world.people:
                    assert self.browser(who).get(path).status_code == 404, (who, path)
        assert Client().get(ROOM).status_code == 302
