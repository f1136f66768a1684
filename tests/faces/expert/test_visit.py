"""A site visit on its page: plan, steps in order, own sheets, the leader's consensus, report and papers (G2–G4; T1, X6)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.faces.expert.judging import FORM, fields
from tests.faces.rooms import entered, hidden, text
from tests.stages.scored import even
from tests.stages.test_sitevisit import ORGANIZATION, Visiting
from zhiheng.foundation import clock
from zhiheng.foundation.notifications.models import Notification
from zhiheng.stages.application.models import Entry
from zhiheng.stages.review.models import Consensus, Report, Sheet
from zhiheng.stages.sitevisit.models import Papers, Visit, VisitStep

SURE = '<form class="consequences"'


class TestVisit(Visiting):
    def setUp(self) -> None:
        super().setUp()
        self.browsers: dict[str, Client] = {}

    def as_(self, who: str) -> Client:
        if who not in self.browsers:
            self.browsers[who] = entered(self.world.people[who])
        return self.browsers[who]

    def path(self, entry: Entry | None = None) -> str:
        return reverse("expert:visit", args=[(entry or self.entry).code])

    def post(self, who: str, **form: str) -> Any:
        page = self.as_(who).get(self.path())
        return self.as_(who).post(self.path(), {"token": hidden(page, "<form")["token"], **form})

    @pytest.mark.duty("G2")
    def test_the_leader_plans_and_the_applicant_is_told(self) -> None:
        day = clock.today().isoformat()
        wrong = self.post(self.leader, step="plan", text="日程", start="", end="x")
        assert (wrong.status_code, "请填写计划开始和结束日期" in text(wrong), "日程</textarea>" in wrong.text) == (422, True, True)
        early = self.post(self.leader, step="plan", text="日程", start="2020-01-01", end=day)
        assert (early.status_code, "开始日期不得早于今日" in text(early)) == (422, True)
        assert self.post(self.leader, step="plan", text="日程与分工", start=day, end=day).status_code == 303
        assert Visit.objects.get(entry=self.entry).plan == "日程与分工"
        assert Notification.objects.filter(title="现场评审安排", to=f"person:{self.entry.owner.code}").count() == 1

    @pytest.mark.duty("G2")
    def test_steps_go_in_their_order_each_once(self) -> None:
        self.plan(self.entry)
        out = self.post(self.leader, step="record", code="closing", note="末次会议")
        assert (out.status_code, "请先完成“召开首次会议”" in text(out), "末次会议</textarea>" in out.text) == (422, True, True)
        for code in ORGANIZATION:
            form = hidden(self.as_(self.leader).get(self.path()), '<form method="post" data-once')
            one = self.as_(self.leader).post(self.path(), form | {"step": "record", "code": code, "note": f"记录{code}"})
            two = self.as_(self.leader).post(self.path(), form | {"step": "record", "code": code, "note": f"记录{code}"})
            assert (one.status_code, two.status_code) == (303, 303)
        assert list(VisitStep.objects.order_by("pk").values_list("code", flat=True)) == ORGANIZATION
        assert "记录closing" in text(self.as_(self.others[0]).get(self.path()))

    @pytest.mark.duty("G2")
    def test_members_read_and_the_leader_alone_writes(self) -> None:
        self.plan(self.entry)
        page = self.as_(self.others[0]).get(self.path())
        assert (page.status_code, 'name="note"' in page.text) == (200, False)
        assert self.as_(self.others[0]).post(self.path(), {"step": "record", "code": "opening", "note": "x"}).status_code == 404
        stranger, _ = self.seated(self.people)
        assert self.as_(stranger).get(self.path()).status_code == 404
        for who in ("office", "inspector"):
            assert self.as_(who).get(self.path()).status_code == 404

    @pytest.mark.duty("G3", "G4")
    def test_from_the_first_step_to_the_papers(self) -> None:
        sheet = reverse("expert:review", args=[self.entry.code])
        early = self.as_(self.leader).get(sheet)
        assert "现场评审尚未开始。可以先行查阅材料、填写草稿" in text(early)
        self.walk(self.entry)
        for code in (self.leader, *self.others):
            page = self.as_(code).get(sheet)
            form = hidden(page, FORM) | fields(even(self.entry, "60")) | {"step": "confirm"}
            assert self.as_(code).post(sheet, form).status_code == 303
        assert Sheet.objects.filter(round="site").count() == 1 + len(self.others)
        self.agree_by_page()
        self.report_by_page()
        self.papers_by_page()

    def agree_by_page(self) -> None:
        path = reverse("expert:consensus", args=[self.panel.pk, self.entry.code])
        assert "现场评审的合议评分由组长记录" in text(self.as_(self.others[0]).get(path))
        page = self.as_(self.leader).get(path)
        marks = {f"mark-{code}": "60" for code in even(self.entry, "60")}
        sure = self.as_(self.leader).post(
            path, hidden(page, '<form method="post" class="agreeing"') | marks | {"reason": "一致", "step": "preview"}
        )
        assert self.as_(self.leader).post(path, hidden(sure, SURE) | {"step": "confirm"}).status_code == 303
        assert Consensus.objects.filter(round="site").count() == 1

    def report_by_page(self) -> None:
        path = reverse("expert:report", args=[self.panel.pk, self.entry.code])
        assert "现场评审报告由组长提交" in text(self.as_(self.others[0]).get(path))
        texts = {"strengths": "甲", "improvements": "乙", "conclusion": "丙"}
        assert self.as_(self.leader).post(path, texts | {"step": "confirm", "token": "t"}).status_code == 303
        assert Report.objects.filter(round="site").count() == 1

    def papers_by_page(self) -> None:
        path = reverse("expert:papers", args=[self.panel.pk])
        assert self.as_(self.others[0]).get(path).status_code == 404
        for entry in self.entries[1:]:
            self.walk(entry)
            self.sheets(entry, "60")
            self.agree(entry, "60")
            self.report(entry)
        page = self.as_(self.leader).get(path)
        assert page.text.count("<fieldset") == 1 + len(self.others)
        form = hidden(page, '<form method="post" class="block') | {"opinion": "现场评审意见", "step": "preview"}
        missing = self.as_(self.leader).post(path, form)
        assert (missing.status_code, "评价" in text(missing)) == (422, True)
        rated = form | {f"rating-{code}": "good" for code in (self.leader, *self.others)}
        sure = self.as_(self.leader).post(path, rated)
        assert (sure.status_code, "评审得分排序表" in text(sure)) == (200, True)
        done = self.as_(self.leader).post(path, hidden(sure, SURE) | {"step": "confirm"})
        assert (done.status_code, Papers.objects.get().opinion) == (303, "现场评审意见")
        assert "现场评审意见" in text(self.as_(self.leader).get(done["Location"]))
