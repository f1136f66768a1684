"""A conflict found after scoring: one sheet is voided, the others stand, the successor owes one, both results are on record (K7; Q18)."""

from fractions import Fraction

import pytest

from tests.stages.drawing import conflict, payload
from tests.stages.scored import Reviewing, even
from zhiheng.foundation import clock
from zhiheng.foundation.acts import NotPermitted
from zhiheng.foundation.notifications.models import Notification
from zhiheng.process.register import panel, publicity, review, shortlist
from zhiheng.rules.lifecycle import Stage
from zhiheng.simulation import applying
from zhiheng.simulation.applying import letter
from zhiheng.simulation.world import fresh
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Conflict, Expert
from zhiheng.stages.review.models import Consensus, Result, Sheet
from zhiheng.stages.review.scoring import missing_sheets
from zhiheng.stages.shortlist.models import Shortlist


@pytest.mark.duty("K7", "F2")
class TestFoundLate(Reviewing):
    def setUp(self) -> None:
        super().setUp()
        self.fill_others()
        self.fill(self.entry, even(self.entry, "60"), even(self.entry, "50"), even(self.entry, "50"))
        self.world.do(review.score, "agency", self.cycle)
        self.out = Expert.objects.get(code=self.codes[0])
        self.sheet = Sheet.objects.get(entry=self.entry, expert=self.out)

    def found(self) -> Conflict:
        return conflict(self.entry, self.out, "found")

    def void(self) -> None:
        self.found()
        self.world.do(review.void_sheet, "office", self.sheet, reason="应当回避而未回避")

    def succeed(self) -> str:
        new: Expert = self.world.do(panel.replace, "agency", self.panel, out=self.out, reason="应当回避").value
        return new.code

    def test_a_sheet_is_voided_only_where_a_conflict_stands(self) -> None:
        only = "仅在回避事项成立后方可作废评分表"
        assert self.why(review.void_sheet, "office", self.sheet, reason="评分偏高") == only
        row = conflict(self.entry, self.out, "kin", "pending")
        assert self.why(review.void_sheet, "office", self.sheet, reason="评分偏高") == only
        row.status = "rejected"
        row.save()
        conflict(self.entries[1], self.out)
        conflict(self.entry, Expert.objects.get(code=self.codes[1]))
        assert self.why(review.void_sheet, "office", self.sheet, reason="评分偏高") == only
        row.status = "standing"
        row.save()
        assert self.why(review.void_sheet, "office", self.sheet, reason=" ") == "请填写作废理由"
        assert self.refused(review.void_sheet, "agency", self.sheet, error=NotPermitted, reason="x").refusals[0].code == "role"
        self.world.do(review.void_sheet, "office", self.sheet, reason="应当回避而未回避")
        assert payload("review.void_sheet") == {
            "sheet_digest": self.sheet.digest,
            "entry": self.entry.code,
            "expert": self.out.code,
            "round": "material",
            "reason": "应当回避而未回避",
        }
        self.sheet.refresh_from_db()
        assert (self.sheet.voided_at is None, self.sheet.void_reason, self.sheet.total) == (False, "应当回避而未回避", 600)
        assert self.why(review.void_sheet, "office", self.sheet, reason="再次") == "该评分表已作废"

    def test_no_score_rests_on_a_sheet_that_ought_to_be_void(self) -> None:
        self.found()
        said = self.refused(review.score, "agency", self.cycle)
        assert [(r.code, r.duty, r.text) for r in said.refusals] == [
            ("void", "K7", f"{self.entry.code} 专家 {self.out.code} 应当回避，其评分表尚未作废")
        ]
        assert self.refused(review.hand_over, "agency", self.cycle, summary="汇总").refusals[0].code == "void"

    def test_no_score_is_handed_over_while_a_recusal_is_undecided(self) -> None:
        row = conflict(self.entry, self.out, "requested", "pending")
        for act, details in ((review.score, {}), (review.hand_over, {"summary": "汇总"})):
            said = self.refused(act, "agency", self.cycle, **details)
            assert [(r.code, r.duty, r.text) for r in said.refusals] == [
                ("recusal", "K7", f"{self.entry.code} 专家 {self.out.code} 的回避尚未审定")
            ]
        row.status = "rejected"
        row.save()
        self.world.do(review.hand_over, "agency", self.cycle, summary="汇总")

    def test_the_voided_sheet_is_missing_until_somebody_else_scores(self) -> None:
        self.void()
        assert self.refused(review.score, "agency", self.cycle).refusals[0].text == f"{self.entry.code} 尚缺专家 {self.out.code} 的评分表"
        assert self.refused(review.hand_over, "agency", self.cycle, summary="汇总").refusals[0].code == "sheet"
        said = self.refused(review.submit_sheet, self.out.code, self.entry, marks=even(self.entry, "50"))
        assert said.refusals[0].code == "conflict"

    def test_the_successor_owes_a_sheet_where_none_stands_and_nowhere_else(self) -> None:
        self.void()
        new = self.succeed()
        assert [missing_sheets(self.panel, e, "material") for e in self.entries] == [[new], [], [], []]
        for other in self.entries[1:]:
            said = self.refused(review.submit_sheet, new, other, marks=even(other, "90"))
            assert [(r.code, r.text) for r in said.refusals] == [("succeeded", "您所接替的专家对该申报的评分有效，无须重新评分")]
        assert self.refused(review.submit_sheet, self.out.code, self.entry, marks=even(self.entry, "50")).refusals[0].code == "seat"
        self.submit(new, self.entry, even(self.entry, "55"))
        self.world.do(review.score, "agency", self.cycle)
        rows = {r.version: r for r in Result.objects.filter(entry=self.entry)}
        assert (rows[1].total, rows[2].total) == (Fraction(1600, 3), Fraction(1550, 3))
        assert self.sheet.digest in rows[1].sheets
        assert self.sheet.digest not in rows[2].sheets
        assert [len(r.sheets) for r in Result.objects.filter(version=2).order_by("entry__code")] == [3] * 6
        assert Sheet.objects.filter(entry=self.entry).count() == 4

    def test_a_second_successor_answers_for_the_same_seat(self) -> None:
        self.void()
        first = self.succeed()
        self.out = Expert.objects.get(code=first)
        second = self.succeed()
        assert [missing_sheets(self.panel, e, "material") for e in self.entries] == [[second], [], [], []]

    def test_sheets_that_were_never_handed_in_fall_to_the_successor(self) -> None:
        Sheet.objects.filter(expert=self.out).exclude(entry=self.entries[1]).delete()
        new = self.succeed()
        assert [missing_sheets(self.panel, e, "material") for e in self.entries] == [[new], [], [new], [new]]


@pytest.mark.duty("K7", "F3")
class TestFoundAfterTheHandOver(Reviewing):
    """The round is over: the score is computed at once from what remains, and the list is settled by the newer one."""

    def setUp(self) -> None:
        super().setUp()
        self.fill_others()
        self.fill(self.entry, even(self.entry, "55"), even(self.entry, "50"), even(self.entry, "45"))
        self.world.do(review.score, "agency", self.cycle)
        self.world.do(review.hand_over, "agency", self.cycle, summary="汇总情况")
        applying.go_on(self.world, self.cycle)
        assert fresh(self.cycle).stage == Stage.SHORTLIST.value
        self.sheets = {s.total: s for s in Sheet.objects.filter(entry=self.entry).select_related("expert")}

    def void(self, total: int) -> None:
        conflict(self.entry, self.sheets[Fraction(total)].expert, "found")
        self.world.do(review.void_sheet, "office", self.sheets[Fraction(total)], reason="应当回避")

    def test_both_results_are_on_record(self) -> None:
        self.void(450)
        assert [(r.version, r.total, r.passed, len(r.sheets)) for r in Result.objects.filter(entry=self.entry).order_by("version")] == [
            (1, 500, True, 3),
            (2, 525, True, 2),
        ]
        told = payload("review.void_sheet")
        assert [(r["entry"], r["version"], r["passed"]) for r in told["results"]] == [(self.entry.code, 2, True)]
        text = Notification.objects.get(title="得分重新计算").text
        assert text == f"{self.entry.code} 材料评审得分由 500.00 分变为 525.00 分"

    def test_who_falls_below_does_not_go_on(self) -> None:
        self.world.do(shortlist.authority_opinion, "office", self.cycle, letter=letter("省表彰奖励主管部门", "函1号"))
        self.world.do(shortlist.approve, "chair", self.cycle)
        notice = self.world.do(shortlist.publish, "office", self.cycle).value
        self.void(550)
        assert Notification.objects.get(title="得分重新计算").text.endswith("475.00 分，达标情况改变，请依规定处理")
        self.world.outlast(notice)
        self.world.do(publicity.close, "office", notice)
        self.world.do(shortlist.settle, "office", self.cycle)
        told = payload("shortlist.settle")
        assert told["left_out"] == [self.entry.code]
        assert told["reasons"] == {self.entry.code: "专家评分依规定作废后重新计算，材料评审得分未达到分数线"}
        assert Entry.objects.get(pk=self.entry.pk).status == "not_shortlisted"
        assert Shortlist.objects.get().settled_at is not None

    def test_an_agreement_that_the_voided_sheet_had_part_in_counts_no_more(self) -> None:
        sheets = sorted(s.digest for s in self.sheets.values())
        Consensus.objects.create(
            panel=self.panel,
            entry=self.entry,
            round="material",
            version=1,
            marks=even(self.entry, "90"),
            sheets=sheets,
            reason="合议",
            agreed_at=clock.now(),
        )
        self.void(450)
        assert self.total(self.entry) == (525, True)

    def test_the_last_sheet_is_not_voided_without_a_decision(self) -> None:
        self.void(550)
        self.void(450)
        assert self.total(self.entry) == (500, True)
        conflict(self.entry, self.sheets[Fraction(500)].expert, "found")
        said = self.why(review.void_sheet, "office", self.sheets[Fraction(500)], reason="应当回避")
        assert said == "该申报已无其他有效评分表，不能重新计算得分，请先研究处理"
        self.sheets[Fraction(500)].refresh_from_db()
        assert self.sheets[Fraction(500)].voided_at is None
