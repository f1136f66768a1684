"""The material review: sheets, sealed until one's own is locked; consensus; scores exact at the threshold (F2, F3, K7; Q2, Q4, Q6)."""

import json
from fractions import Fraction
from typing import Any

import pytest

from tests.stages.drawing import conflict, other_agency, payload, sha
from tests.stages.scored import TEXTS, Reviewing, even
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, NotPermitted, Refused
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.people.models import RoleGrant
from zhiheng.process.register import application, panel, review
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Expert, Seat
from zhiheng.stages.review.models import Consensus, Handover, Report, Result, Sheet
from zhiheng.stages.review.selectors import visible_sheets

CANARY = "只有本人和本组提交后方可见的评语"


@pytest.mark.duty("F2")
class TestSheets(Reviewing):
    def test_a_sheet_is_kept_exactly_and_locked(self) -> None:
        marks = even(self.entry, "50", i4_6="45", i1_1="100%")
        sheet = self.submit(self.codes[0], self.entry, marks, {"1.1": {"strengths": "领导重视", "improvements": ""}})
        sheet.refresh_from_db()
        points = {i.code: i.points for i in self.world.pack.scheme("organization", "organization").items}
        assert sum(points.values()) == 1000
        assert sheet.total == 500 + points["1.1"] / 2 - points["4.6"] / 20
        kept = {c: "100" if c == "1.1" else "45" if c == "4.6" else "50" for c in points}
        assert sheet.marks == kept
        plain = {"entry": self.entry.code, "expert": self.codes[0], "marks": kept, "round": "material"}
        assert sheet.digest == sha(json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
        told = payload("review.submit_sheet")
        assert (told["sheet_digest"], told["expert"], told["panel"], told["entry"]) == (
            sheet.digest,
            self.codes[0],
            self.panel.code,
            self.entry.code,
        )
        assert "领导重视" not in json.dumps(told, ensure_ascii=False)
        again = self.refused(review.submit_sheet, self.codes[0], self.entry, marks=even(self.entry, "90"))
        assert [(r.code, r.text) for r in again.refusals] == [("locked", "您已提交该申报的评分表，提交后不得修改")]
        assert Sheet.objects.get().marks == kept

    def test_the_grid_the_range_and_every_item(self) -> None:
        good, first = even(self.entry, "50"), next(iter(even(self.entry, "50")))
        less = {k: v for k, v in good.items() if k != first}
        cases: list[tuple[dict[str, Any], list[str]]] = [
            (good | {first: "53"}, ["mark.grid"]),
            (good | {first: "52.5"}, ["mark.grid"]),
            (good | {first: "105"}, ["mark.range"]),
            (good | {first: "-5"}, ["mark.range"]),
            (good | {first: 50.0}, ["mark.number"]),
            (good | {first: "五十"}, ["mark.number"]),
            (good | {first: ""}, ["mark.missing"]),
            (less, ["mark.missing"]),
            (good | {"8.1": "50"}, ["mark.unknown"]),
            ({}, ["mark.missing"] * 23),
        ]
        for marks, codes in cases:
            said = self.refused(review.submit_sheet, self.codes[0], self.entry, marks=marks)
            assert [r.code for r in said.refusals] == codes
            assert {r.duty for r in said.refusals} == {"F2"}
        assert Sheet.objects.count() == 0

    def test_points_of_a_person_go_by_halves(self) -> None:
        code = self.people.seats.order_by("expert__code")[0].expert.code
        first, points = next((i.code, i.points) for i in self.world.pack.scheme("individual", self.person.category).items)
        for wrong, reason in (("7.3", "mark.grid"), (str(float(points) + 0.5), "mark.range")):
            said = self.refused(review.submit_sheet, code, self.person, marks=even(self.person, "20") | {first: wrong})
            assert [r.code for r in said.refusals] == [reason]
        items = len(even(self.person, "20"))
        assert self.submit(code, self.person, even(self.person, "20") | {first: "19.5"}).total == 20 * items - Fraction(1, 2)

    def test_comments_that_are_too_long(self) -> None:
        good = even(self.entry, "50")
        for comments in ({"1.1": {"strengths": "优" * 4001}}, {"1.1": "优" * 4001}):
            said = self.why(review.submit_sheet, self.codes[0], self.entry, marks=good, comments=comments)
            assert said == "每条评语请控制在 4000 字以内"
        assert self.submit(self.codes[0], self.entry, good, {"1.1": {"strengths": "优" * 4000}}).pk

    def test_only_a_seated_expert_in_service_of_this_panel(self) -> None:
        good = even(self.entry, "50")
        elsewhere = self.people.seats.select_related("expert")[0].expert.code
        unseated = Expert.objects.exclude(pk__in=Seat.objects.values("expert"))[0].code
        for code in (elsewhere, unseated):
            said = self.refused(review.submit_sheet, code, self.entry, marks=good)
            assert [(r.code, r.text) for r in said.refusals] == [("seat", "您不是该申报的评审专家，不能评分")]
        RoleGrant.objects.filter(person=self.world.people[self.codes[0]].person, role="expert").update(revoked_at=clock.now())
        assert self.refused(review.submit_sheet, self.codes[0], self.entry, error=NotPermitted, marks=good).refusals[0].code == "role"
        self.world.do(application.withdraw, self.world.owners[self.entry.code], self.entry, reason="另有安排")
        assert self.refused(review.submit_sheet, self.codes[1], self.entry, marks=good).refusals[0].code == "closed"
        self.cycle.stage = Stage.SHORTLIST.value
        self.cycle.save()
        assert self.refused(review.submit_sheet, self.codes[1], self.entries[1], error=NotPermitted, marks=good).refusals[0].code == "stage"


@pytest.mark.duty("F2", "K7")
class TestSealed(Reviewing):
    """Nobody reads another's sheet before their own is locked (T2)."""

    def seen(self, who: str | Acting, entry: Entry | None = None) -> str:
        acting = self.world.people[who] if isinstance(who, str) else who
        rows = visible_sheets(acting, entry or self.entry)
        return json.dumps([[s.expert.code, s.comments, s.marks, str(s.total)] for s in rows], ensure_ascii=False)

    def put(self, code: str) -> None:
        self.submit(code, self.entry, even(self.entry, "55"), {"1.1": {"strengths": f"{CANARY}{code}"}})

    def test_an_expert_sees_the_panel_only_after_their_own(self) -> None:
        a, b, c = self.codes
        self.put(a)
        assert CANARY + a in self.seen(a)
        assert self.seen(b) == "[]"
        assert self.seen(c) == "[]"
        self.put(b)
        assert [CANARY + x in self.seen(b) for x in (a, b)] == [True, True]
        assert [CANARY + x in self.seen(a) for x in (a, b)] == [True, True]
        assert self.seen(c) == "[]"
        other = self.entries[1]
        self.submit(c, other, even(other, "50"))
        assert self.seen(c) == "[]", "a sheet for another entry opens nothing"

    def test_staff_read_all_and_nobody_else_any(self) -> None:
        for code in self.codes:
            self.put(code)
        for who in ("office", "agency", "inspector"):
            assert [CANARY + x in self.seen(who) for x in self.codes] == [True] * 3
        elsewhere = self.people.seats.select_related("expert")[0].expert.code
        outsiders = ["admin", "chair", "member2", "sjz", "fgw", elsewhere, other_agency(), self.world.owners[self.entry.code]]
        assert [self.seen(who) for who in outsiders] == ["[]"] * 8
        assert self.seen(Acting(Role.PUBLIC)) == "[]"

    def test_a_claimed_role_a_conflict_a_lost_seat_or_role_opens_nothing(self) -> None:
        for code in self.codes:
            self.put(code)
        person = self.world.people[self.codes[0]].person
        assert self.seen(Acting(Role.INSPECTOR, person)) == "[]"
        self.world.do(panel.replace, "agency", self.panel, out=Expert.objects.get(code=self.codes[1]), reason="因病")
        assert [CANARY + x in self.seen(self.codes[1]) for x in self.codes] == [False, True, False]
        conflict(self.entry, Expert.objects.get(code=self.codes[0]))
        assert self.seen(self.codes[0]) == "[]"
        RoleGrant.objects.filter(person=self.world.people[self.codes[2]].person).update(revoked_at=clock.now())
        assert self.seen(self.codes[2]) == "[]"

    def test_staff_who_judge_the_entry_themselves_read_as_experts(self) -> None:
        self.put(self.codes[0])
        office = self.world.people["office"]
        judge = Expert.objects.get(code=self.codes[1])
        RoleGrant.objects.create(person=judge.person, role="office", unit=office.unit, granted_at=clock.now())
        assert self.seen(Acting(Role.OFFICE, judge.person, office.unit)) == "[]"
        self.put(self.codes[1])
        assert CANARY + self.codes[0] in self.seen(Acting(Role.OFFICE, judge.person, office.unit))


@pytest.mark.duty("F2")
class TestConsensus(Reviewing):
    """Compulsory beyond 20 points of an item or 100 of the total; only after all independent sheets; with other sheets, again (Q2)."""

    def waits(self, *marks: dict[str, str]) -> bool:
        """Whether scores wait for consensus, the sheets being these."""
        self.fill_others()
        self.fill(self.entry, *marks)
        try:
            self.world.do(review.score, "agency", self.cycle)
        except Refused:
            said = self.refused(review.score, "agency", self.cycle)
            assert [(r.code, r.duty) for r in said.refusals] == [("consensus", "F2")]
            assert said.refusals[0].text.startswith(self.entry.code)
            return True
        return False

    def test_twenty_points_on_an_item_are_no_cause(self) -> None:
        assert not self.waits(even(self.entry, "50"), even(self.entry, "50", i4_6="70"), even(self.entry, "55"))

    def test_twenty_five_points_on_an_item_are(self) -> None:
        assert self.waits(even(self.entry, "50"), even(self.entry, "50", i4_6="75"), even(self.entry, "50"))

    def test_a_hundred_points_of_the_total_are_no_cause(self) -> None:
        assert not self.waits(even(self.entry, "50"), even(self.entry, "60"), even(self.entry, "55"))

    def test_more_than_a_hundred_points_of_the_total_are(self) -> None:
        assert self.waits(even(self.entry, "50"), even(self.entry, "60", i4_6="65"), even(self.entry, "55"))

    def test_only_after_every_independent_sheet_and_by_the_panel(self) -> None:
        a, b, c = self.codes
        for code in (a, b):
            self.submit(code, self.entry, even(self.entry, "50"))
        details: dict[str, Any] = {"entry": self.entry, "marks": even(self.entry, "60"), "reason": "逐条讨论"}
        assert self.why(review.record_consensus, a, self.panel, **details) == f"专家 {c} 尚未提交独立评分，合议须在独立评分之后进行"
        self.submit(c, self.entry, even(self.entry, "50"))
        assert self.why(review.record_consensus, a, self.panel, **details | {"entry": self.person}) == "该申报不由本组评审"
        assert self.why(review.record_consensus, a, self.panel, **details | {"reason": " "}) == "请填写合议说明"
        said = self.refused(review.record_consensus, a, self.panel, **details | {"marks": even(self.entry, "60", i4_6="62")})
        assert [r.code for r in said.refusals] == ["mark.grid"]
        elsewhere = self.people.seats.select_related("expert")[0].expert.code
        for stranger in (elsewhere, other_agency()):
            assert self.refused(review.record_consensus, stranger, self.panel, error=NotPermitted, **details).refusals[0].code == "scope"
        conflict(self.entry, Expert.objects.get(code=b))
        assert self.refused(review.record_consensus, b, self.panel, **details).refusals[0].code == "conflict"
        row = self.agree()
        told = payload("review.record_consensus")
        assert (told["version"], told["marks"], told["entry"]) == (1, even(self.entry, "60"), self.entry.code)
        assert row.sheets == sorted(Sheet.objects.filter(entry=self.entry).values_list("digest", flat=True))

    def test_it_stands_in_place_of_the_mean_and_every_version_is_kept(self) -> None:
        self.fill_others()
        self.fill(self.entry, even(self.entry, "40"), even(self.entry, "50"), even(self.entry, "90"))
        self.agree("60")
        self.agree("65", who="agency")
        self.world.do(review.score, "agency", self.cycle)
        row = Result.objects.get(entry=self.entry)
        assert (row.total, row.method, len(row.sheets)) == (650, "consensus", 3)
        assert [(c.version, c.marks["4.6"]) for c in Consensus.objects.order_by("version")] == [(1, "60"), (2, "65")]
        assert sorted(s.total for s in Sheet.objects.filter(entry=self.entry)) == [400, 500, 900]
        assert Result.objects.get(entry=self.entries[1]).method == "mean"

    def test_an_agreement_on_other_sheets_does_not_count(self) -> None:
        self.fill_others()
        self.fill(self.entry, even(self.entry, "50"), even(self.entry, "50"), even(self.entry, "90"))
        self.agree("80")
        out = Expert.objects.get(code=self.codes[2])
        conflict(self.entry, out)
        self.world.do(review.void_sheet, "office", Sheet.objects.get(entry=self.entry, expert=out), reason="应当回避")
        new = self.world.do(panel.replace, "agency", self.panel, out=out, reason="应当回避").value
        self.submit(new.code, self.entry, even(self.entry, "50"))
        said = self.refused(review.score, "agency", self.cycle)
        assert [r.text for r in said.refusals] == [f"{self.entry.code} 合议之后评分表有变化，须重新合议"]
        self.agree("50")
        self.world.do(review.score, "agency", self.cycle)
        assert self.total(self.entry) == (500, True)


@pytest.mark.duty("F3")
class TestScores(Reviewing):
    """The threshold is met exactly or not at all (Q1); the hand-over moves the entries."""

    def test_the_worked_figures(self) -> None:
        full, low = [even(e, "50") for e in self.entries], [even(e, "50", i4_6="45") for e in self.entries]
        self.fill(self.entries[0], full[0])
        self.fill(self.entries[1], low[1])
        self.fill(self.entries[2], full[2], full[2], low[2])
        self.fill(self.entries[3], even(self.entries[3], "50", i4_6="55"), low[3], full[3])
        a, b = self.people.entries.order_by("code")
        codes = list(even(a, "20"))
        points = {i.code: i.points for i in self.world.pack.scheme("individual", a.category).items}
        assert sum(points.values()) == 80
        ten_off = {c: str(p) for c, p in points.items()} | {codes[0]: str(points[codes[0]] - 10)}
        self.fill(a, ten_off)
        self.fill(b, ten_off | {codes[0]: str(float(points[codes[0]]) - 10.5)})
        self.world.do(review.score, "agency", self.cycle)
        got = [self.total(e) for e in (*self.entries, a, b)]
        quarter = Fraction(1, 4)
        assert got == [
            (500, True),
            (500 - quarter, False),
            (500 - quarter / 3, False),
            (500, True),
            (70, True),
            (Fraction(139, 2), False),
        ]
        told = payload("review.score")
        assert told["round"] == "material"
        assert [(r["entry"], r["version"], r["passed"]) for r in told["results"]] == [
            (e.code, 1, p) for e, (_, p) in sorted(zip((*self.entries, a, b), got, strict=True), key=lambda pair: pair[0].code)
        ]
        self.world.do(review.hand_over, "agency", self.cycle, summary="汇总情况")
        told = payload("review.hand_over")
        assert told == {
            "passed": sorted([self.entries[0].code, self.entries[3].code, a.code]),
            "below": sorted([self.entries[1].code, self.entries[2].code, b.code]),
        }
        for code, status in [(c, "reviewed") for c in told["passed"]] + [(c, "below_material") for c in told["below"]]:
            assert Entry.objects.get(code=code).status == status
        assert Handover.objects.get().summary == "汇总情况"
        assert Notification.objects.filter(to="role:office", title="收到材料评审结果").get().text == "材料评审达标 3 项，未达标 3 项"

    def test_nothing_is_scored_while_something_is_missing(self) -> None:
        a, b, c = self.codes
        self.fill_others()
        self.submit(a, self.entry, even(self.entry, "50"))
        said = self.refused(review.score, "agency", self.cycle)
        assert [(r.code, r.text) for r in said.refusals] == [("sheet", f"{self.entry.code} 尚缺专家 {b}、{c} 的评分表")]
        self.fill(self.entry, even(self.entry, "50"), report=False)
        said = self.refused(review.score, "agency", self.cycle)
        assert [(r.code, r.text) for r in said.refusals] == [("report", f"{self.entry.code} 尚无材料评审报告")]
        assert Result.objects.count() == 0
        assert self.why(review.hand_over, "agency", self.cycle, summary="汇总") == "2024-G-0001 等 6 项尚未汇总得分"

    def test_the_hand_over_wants_scores_of_the_sheets_that_stand(self) -> None:
        self.fill_others()
        self.fill(self.entry, even(self.entry, "50"))
        self.world.do(review.score, "agency", self.cycle)
        assert self.why(review.hand_over, "agency", self.cycle, summary=" ") == "请填写材料评审汇总情况"
        self.agree("45")
        said = self.why(review.hand_over, "agency", self.cycle, summary="汇总")
        assert said == f"{self.entry.code} 等 1 项汇总之后评分有变化，请重新汇总得分"
        self.world.do(review.score, "agency", self.cycle)
        stranger = other_agency()
        for act, details in ((review.hand_over, {"summary": "汇总"}), (review.score, {})):
            assert self.refused(act, stranger, self.cycle, error=NotPermitted, **details).refusals[0].code == "scope"
        self.world.do(review.hand_over, "agency", self.cycle, summary="汇总")
        assert Entry.objects.get(pk=self.entry.pk).status == "below_material"
        assert self.why(review.hand_over, "agency", self.cycle, summary="汇总") == "材料评审结果已经提交"

    @pytest.mark.duty("F2")
    def test_a_report_for_each_applicant_by_its_panel_once(self) -> None:
        a = self.codes[0]
        said = self.why(review.submit_report, a, self.panel, entry=self.entry, **TEXTS)
        assert said == f"专家 {'、'.join(self.codes)} 尚未提交独立评分，评审报告须在独立评分之后进行"
        self.fill(self.entry, even(self.entry, "50"), report=False)
        for name in TEXTS:
            said = self.why(review.submit_report, a, self.panel, entry=self.entry, **TEXTS | {name: " "})
            assert said == "材料评审报告须写明主要优势、改进机会和评审结论"
        assert self.why(review.submit_report, a, self.panel, entry=self.person, **TEXTS) == "该申报不由本组评审"
        elsewhere = self.people.seats.select_related("expert")[0].expert.code
        assert (
            self.refused(review.submit_report, elsewhere, self.panel, error=NotPermitted, entry=self.entry, **TEXTS).refusals[0].code
            == "scope"
        )
        self.world.do(review.submit_report, a, self.panel, entry=self.entry, **TEXTS)
        assert Report.objects.get().conclusion == TEXTS["conclusion"]
        assert self.why(review.submit_report, a, self.panel, entry=self.entry, **TEXTS) == "该申报的材料评审报告已提交"
