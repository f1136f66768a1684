"""A panel agrees: side by side by codes, what lies too far apart, agreed marks with reasons, the report (F2, Q2; X6)."""

import re
from typing import Any

import pytest
from django.urls import reverse

from tests.faces.expert.judging import Judging
from tests.faces.expert.test_review import selected
from tests.faces.rooms import hidden, text
from zhiheng.process.register import review
from zhiheng.stages.panel.models import Seat
from zhiheng.stages.review.models import Consensus, Report

FORM = '<form method="post" class="agreeing"'
SURE = '<form class="consequences"'


class Agreeing(Judging):
    """All sheets of one entry are in: alike but on 1.1 and 7.1."""

    def setUp(self) -> None:
        super().setUp()
        for code, first, last in zip(self.codes, ("40", "60", "65"), ("60", "60", "80"), strict=False):
            self.submit(code, self.entry, self.even("60", i1_1=first, i7_1=last))

    def send(self, who: str, step: str, marks: dict[str, str], reason: str = "逐条核对材料", **_: Any) -> Any:  # type: ignore[override]
        page = self.as_(who).get(self.agreeing())
        form = hidden(page, FORM) | {f"mark-{code}": mark for code, mark in marks.items()} | {"reason": reason, "step": step}
        return self.as_(who).post(self.agreeing(), form)


@pytest.mark.duty("F2")
class TestTable(Agreeing):
    def test_experts_stand_there_by_their_codes_and_never_by_name(self) -> None:
        page = self.as_(self.codes[0]).get(self.agreeing()).text
        assert re.findall(r'<th scope="col" class="number">(ZJ\d+)</th>', page) == self.codes
        names = Seat.objects.filter(panel=self.panel).values_list("expert__person__name", flat=True)
        main = page[page.index("<main") :]
        assert [name for name in names if name in main] == []

    def test_what_lies_too_far_apart_is_marked(self) -> None:
        page = self.as_(self.codes[0]).get(self.agreeing())
        wide = re.findall(r'<tr class="wide" id="line-([\d.]+)">', page.text)
        assert wide == ["1.1"], "25 points are too many, 20 are not"
        row = text(page).split("1.1 高层领导的作用")[1].split("1.2 ")[0].split()
        assert row[:4] == ["40", "60", "65", "25"]
        assert "有1项条款评分差异超过规定范围，须先行合议，再汇总得分。" in text(page)

    def test_totals_alone_may_lie_too_far_apart(self) -> None:
        other = self.entries[1]
        for code, mark in zip(self.codes, ("50", "60", "65"), strict=False):
            self.submit(code, other, self.even(mark, other))
        shown = text(self.as_(self.codes[0]).get(self.agreeing(other)))
        assert "总分相差150分，超过规定范围，须先行合议，再汇总得分。" in shown
        assert "项条款评分差异超过" not in shown

    def test_where_all_agree_the_mark_is_there_and_nowhere_else(self) -> None:
        page = self.as_(self.codes[0]).get(self.agreeing())
        assert (selected(page, "2.1"), selected(page, "1.1"), selected(page, "7.1")) == ("60", "", "")

    def test_an_incomplete_panel_cannot_agree(self) -> None:
        other = self.entries[1]
        self.submit(self.codes[0], other, self.even("60", other))
        page = self.as_(self.codes[0]).get(self.agreeing(other))
        assert f"专家{'、'.join(self.codes[1:])}尚未提交独立评分，合议须在独立评分之后进行" in text(page)
        assert self.as_(self.codes[0]).post(self.agreeing(other), {"step": "confirm"}).status_code == 409


@pytest.mark.duty("F2")
class TestAgreement(Agreeing):
    def test_agreed_marks_are_previewed_recorded_and_shown(self) -> None:
        marks = self.even("60", i1_1="55", i7_1="65")
        sure = self.send(self.codes[0], "preview", marks)
        assert (sure.status_code, Consensus.objects.count()) == (200, 0)
        assert "合议合计 601.00" in text(sure)
        form = hidden(sure, SURE) | {"step": "confirm"}
        one, two = (self.as_(self.codes[0]).post(self.agreeing(), form) for _ in range(2))
        assert (one.status_code, one["Location"]) == (303, two["Location"])
        (row,) = Consensus.objects.all()
        assert (row.marks["1.1"], row.marks["7.1"], row.reason, row.version) == ("55", "65", "逐条核对材料", 1)
        for who in self.codes:
            page = self.as_(who).get(self.agreeing())
            assert "记录第1次合议。逐条核对材料" in text(page)
            assert selected(page, "1.1") == "55"

    def test_missing_marks_and_reasons_are_named_and_what_was_chosen_stays(self) -> None:
        answer = self.send(self.codes[0], "preview", self.even("60", i1_1=""), reason="")
        assert (answer.status_code, "请填写合议说明" in text(answer)) == (422, True)
        answer = self.send(self.codes[0], "preview", self.even("60", i1_1="", i2_1="75"))
        assert (answer.status_code, "“1.1 高层领导的作用”尚未评分，请评分后再提交" in text(answer)) == (422, True)
        assert (selected(answer, "2.1"), "逐条核对材料</textarea>" in answer.text) == ("75", True)
        assert Consensus.objects.count() == 0

    def test_the_agency_may_record_it_and_the_office_may_not(self) -> None:
        agency = self.world.cast.agency.code
        sure = self.send(agency, "preview", self.even("60"))
        self.as_(agency).post(self.agreeing(), hidden(sure, SURE) | {"step": "confirm"})
        assert Consensus.objects.count() == 1
        assert self.as_("office").get(self.agreeing()).status_code == 404

    def test_a_voided_sheet_calls_for_a_new_agreement(self) -> None:
        self.world.do(review.record_consensus, self.codes[0], self.panel, entry=self.entry, marks=self.even("60"), reason="一致")
        Consensus.objects.update(sheets=["0" * 64])
        assert "合议之后评分表有变化，须重新合议" in text(self.as_(self.codes[0]).get(self.agreeing()))


@pytest.mark.duty("F2")
class TestReport(Agreeing):
    TEXTS = {"strengths": "战略清晰\n展开充分", "improvements": "标杆对比不足", "conclusion": "建议进入下一环节"}

    def path_of(self) -> str:
        return reverse("expert:report", args=[self.panel.pk, self.entry.code])

    def test_written_previewed_handed_in_once(self) -> None:
        client = self.as_(self.codes[0])
        page = client.get(self.path_of())
        empty = client.post(self.path_of(), hidden(page, '<form method="post" class="block') | {"strengths": "甲", "step": "preview"})
        assert (empty.status_code, "材料评审报告须写明主要优势、改进机会和评审结论" in text(empty)) == (422, True)
        assert "甲</textarea>" in empty.text
        sure = client.post(self.path_of(), hidden(page, '<form method="post" class="block') | self.TEXTS | {"step": "preview"})
        assert Report.objects.count() == 0
        form = {**hidden(sure, SURE), **self.TEXTS, "step": "confirm"}
        one, two = client.post(self.path_of(), form), client.post(self.path_of(), form)
        assert (one.status_code, one["Location"], Report.objects.count()) == (303, two["Location"], 1)
        assert Report.objects.get().improvements == "标杆对比不足"
        other = self.as_(self.codes[1]).post(self.path_of(), {**form, "token": "another"})
        assert (other.status_code, "该申报的材料评审报告已提交" in text(other)) == (422, True)
        assert "战略清晰" in text(self.as_(self.codes[1]).get(self.path_of()))

    def test_only_after_all_sheets(self) -> None:
        path = reverse("expert:report", args=[self.panel.pk, self.entries[1].code])
        assert "尚未提交独立评分，评审报告须在独立评分之后提交" in text(self.as_(self.codes[0]).get(path))
        assert self.as_(self.codes[0]).post(path, {**self.TEXTS, "step": "confirm"}).status_code == 409
