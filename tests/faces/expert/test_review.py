"""An expert's score sheet: the criteria word for word, exact sums, drafts, locked once, nobody else's before one's own (F2, K7; T1, T2, X6, X7)."""

import re
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from tests.faces.expert.judging import FORM, Judging, fields
from tests.faces.rooms import hidden, queries, text
from tests.stages.drawing import conflict, expert
from zhiheng.faces.desk import drafts
from zhiheng.faces.desk.models import Draft
from zhiheng.foundation import clock
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.files.models import StoredFile
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.process.register import review
from zhiheng.stages.application.models import Evidence
from zhiheng.stages.review.models import Sheet
from zhiheng.stages.review.scoring import scheme_of


def selected(page: Any, code: str) -> str:
    """The mark chosen on the page."""
    found = re.search(rf'<select[^>]*name="mark-{re.escape(code)}"[^>]*>(.*?)</select>', page.text)
    assert found
    chosen = re.search(r'<option value="([^"]*)" selected', found[1])
    return chosen[1] if chosen else ""


@pytest.mark.duty("F2")
class TestPage(Judging):
    def test_every_word_of_the_criteria_and_the_guides_is_in_view(self) -> None:
        page, pack = self.page(self.codes[0]).text, rules_of(self.cycle)
        wanted = []
        for item in scheme_of(self.entry).items:
            wanted += [f"{item.code} {item.title}", item.text]
            for clause in item.clauses:
                wanted += [clause.title, clause.text, *clause.details]
        for guide in pack.criteria.guides:
            wanted += [guide.title, *(text for band in guide.bands for text in band.elements.values())]
        assert len(wanted) > 200
        assert [words for words in wanted if words and str(escape(words)) not in page] == []

    def test_the_elements_of_a_band_stand_in_the_order_of_the_guide(self) -> None:
        page = self.page(self.codes[0]).text
        first = page[page.index('<ol class="bands">') :]
        assert re.findall(r"<b>(\w+)</b>", first)[:4] == ["A", "D", "L", "I"]

    def test_the_grid_of_percentages_and_of_points(self) -> None:
        found = re.search(r'name="mark-1\.1"[^>]*>(.*?)</select>', self.page(self.codes[0]).text)
        assert found
        assert re.findall(r'value="([^"]*)"', found[1]) == ["", *(str(n) for n in range(0, 101, 5))]
        seat = self.people.seats.select_related("expert").first()
        assert seat is not None
        block = scheme_of(self.person).items[0]
        found = re.search(rf'name="mark-{re.escape(block.code)}"[^>]*>(.*?)</select>', self.page(seat.expert.code, self.person).text)
        assert found
        values = re.findall(r'value="([^"]*)"', found[1])
        assert (values[1:4], values[-1], len(values)) == (["0", "0.5", "1"], str(block.points), int(block.points) * 2 + 2)

    def test_evidence_to_a_clause_stands_at_its_item_with_its_door(self) -> None:
        rows = [self.evidence("clause:1.1.2"), self.evidence("clause:4.6.1"), self.evidence("condition:c2")]
        page = self.page(self.codes[0]).text
        cards = {card[:4].strip('"'): card for card in page.split('id="item-')[1:]}
        for row, code in zip(rows, ("1.1", "4.6"), strict=False):
            assert reverse("desk:file", args=[row.pk]) in cards[code]
        assert reverse("desk:file", args=[rows[2].pk]) in page.split('id="item-')[0]

    def evidence(self, proves: str) -> Evidence:
        file = StoredFile.objects.create(
            owner=f"entry:{self.entry.code}",
            name="a.pdf",
            kind="pdf",
            mime="application/pdf",
            size=1,
            sha256="0" * 64,
            stored_at=clock.now(),
        )
        return Evidence.objects.create(entry=self.entry, file=file, title=f"材料 {proves}", proves=proves)

    def test_the_applicants_own_words_stand_at_their_item_and_run_nothing(self) -> None:
        self.entry.form["answers"] = {"2.1": "<script>alert(1)</script>战略说明"}
        self.entry.save(update_fields=["form"])
        card = self.page(self.codes[0]).text.split('id="item-2.1"')[1].split('id="item-2.2"')[0]
        assert "&lt;script&gt;alert(1)&lt;/script&gt;战略说明" in card


@pytest.mark.duty("F2")
class TestFilling(Judging):
    def test_the_sum_of_what_is_there_is_exact_and_what_is_missing_is_named(self) -> None:
        marks = {"1.1": "45", "4.6": "45", "4.2": "35"}
        self.send(self.codes[0], "draft", marks)
        page = self.page(self.codes[0])
        points = scheme_of(self.entry).item_points
        exact = sum((points[code] * int(mark) / 100 for code, mark in marks.items()), Fraction(0))
        assert exact == Fraction("34.5")
        assert "<strong data-total>34.50</strong>" in page.text
        assert "已评 3 / 23 项" in text(page)
        assert selected(page, "4.6") == "45"
        assert "<span data-points>2.25 分</span>" in page.text.replace('class="quiet" ', "")

    def test_the_band_of_a_mark_is_the_official_one(self) -> None:
        self.send(self.codes[0], "draft", {"1.1": "45", "7.1": "100"})
        page, pack = self.page(self.codes[0]).text, rules_of(self.cycle)
        guides = {guide.code: guide for guide in pack.criteria.guides}
        for code, band in (("1.1", guides["process"].bands[2]), ("7.1", guides["result"].bands[-1])):
            assert f'id="band-{code}" data-band><strong>{escape(band.label)}</strong> {escape(band.text)}</p>' in page

    def test_nothing_is_handed_in_that_is_not_whole(self) -> None:
        marks = self.even("60") | {"7.5": "", "7.6": "53"}
        answer = self.send(self.codes[0], "preview", marks, strengths_1_1="展开充分")
        assert (answer.status_code, Sheet.objects.count()) == (422, 0)
        said = text(answer)
        assert "请先处理下列问题 “7.5 过程有效性结果”尚未评分，请评分后再提交" in said
        assert "不是5%的整数倍，请按规定档次更正" in said
        assert '<a href="#mark-7.6">' in answer.text
        assert 'aria-describedby="band-7.6 error-7.6" aria-invalid="true"' in answer.text
        assert (selected(answer, "7.6"), selected(answer, "1.1")) == ("53", "60")
        assert "展开充分</textarea>" in answer.text

    def test_hostile_marks_are_answered(self) -> None:
        for mark in ("-5", "105", "NaN", "1e9", "<b>", "６０", "x" * 500, "\x00"):
            answer = self.send(self.codes[0], "preview", self.even("60") | {"1.1": mark})
            assert answer.status_code in (200, 422)
            assert "<b></option>" not in answer.text
        assert Sheet.objects.count() == 0

    def test_a_comment_too_long_is_refused_and_stays(self) -> None:
        answer = self.send(self.codes[0], "preview", self.even("60"), note_1_1="字" * 4001)
        assert (answer.status_code, "每条评语请控制在 4000 字以内" in text(answer)) == (422, True)
        assert "字" * 4001 in answer.text

    def test_preview_confirm_receipt_locked(self) -> None:
        marks = self.even("60", i1_1="45", i4_6="45")
        sure = self.send(self.codes[0], "preview", marks, strengths_1_1="优势甲", improvements_2_1="改进乙", note_7_6="备注丙")
        assert Sheet.objects.count() == 0
        assert "合计 590.25 / 1000" in text(sure)
        assert "评分表立即锁定，任何人不得修改" in text(sure)
        answer = self.as_(self.codes[0]).post(self.path(), hidden(sure, '<form class="consequences"') | {"step": "confirm"})
        (sheet,) = self.sheets
        seq = JournalEntry.objects.get(act="review.submit_sheet", kind="act").seq
        assert (answer.status_code, answer["Location"]) == (303, f"{self.path()}?done={seq}")
        assert (sheet.total, sheet.marks["1.1"], sheet.marks["4.6"]) == (Fraction("590.25"), "45", "45")
        assert sheet.comments == {"1.1": {"strengths": "优势甲"}, "2.1": {"improvements": "改进乙"}, "7.6": {"note": "备注丙"}}
        page = self.as_(self.codes[0]).get(answer["Location"])
        for said in ("已办理： 提交材料评审评分表", "已提交并锁定 合计 590.25 / 1000", "优势甲", "改进乙", "备注丙", sheet.digest):
            assert said in text(page)
        assert "<select" not in page.text.split("<main")[1]

    def test_an_individual_is_scored_in_points(self) -> None:
        seat = self.people.seats.select_related("expert").order_by("expert__code")[0]
        items = scheme_of(self.person).items
        marks = {item.code: str(item.points / 2) if item.points % 2 else "7.5" for item in items}
        self.submit_by_page(seat.expert.code, marks, self.person)
        (sheet,) = self.sheets
        assert sheet.total == sum(Fraction(mark) for mark in marks.values())

    def test_the_same_form_twice_is_one_sheet_and_another_meets_the_locked_one(self) -> None:
        who, client = self.codes[0], self.as_(self.codes[0])
        form = hidden(self.page(who), FORM) | fields(self.even("60")) | {"step": "confirm"}
        one, two = client.post(self.path(), form), client.post(self.path(), form)
        assert (one.status_code, two.status_code, one["Location"]) == (303, 303, two["Location"])
        other = client.post(self.path(), form | {"token": "another", "mark-1.1": "0"})
        assert (other.status_code, "您已提交该申报的评分表，提交后不得修改" in text(other)) == (409, True)
        assert [sheet.marks["1.1"] for sheet in self.sheets] == ["60"]
        for step in ("preview", "draft", "edit"):
            assert "已提交并锁定" in text(client.post(self.path(), form | {"step": step}))


@pytest.mark.duty("F2")
class TestDrafts(Judging):
    def save(self, who: str, marks: dict[str, str], revision: str, **more: str) -> Any:
        form = hidden(self.page(who), FORM) | fields(marks) | {"_draft": "1", "draft_revision": revision} | more
        return self.as_(who).post(self.path(), form)

    def test_a_draft_saves_itself_and_is_there_again(self) -> None:
        who = self.codes[0]
        told = self.save(who, {"1.1": "30"}, "0").json()
        assert told["revision"] == 1
        page = self.page(who)
        assert (selected(page, "1.1"), "已恢复" in text(page)) == ("30", True)
        assert "草稿" in text(self.as_(who).get(reverse("expert:home")))
        self.as_(who).post(self.path(), {"step": "drop"})
        assert (selected(self.page(who), "1.1"), Draft.objects.count()) == ("", 0)

    def test_a_draft_is_its_authors_alone(self) -> None:
        self.save(self.codes[0], {"1.1": "30"}, "0", **{"note-1.1": "canary-draft"})
        for who in (self.codes[1], self.world.cast.agency.code):
            paths = [self.path(), reverse("expert:home"), self.agreeing(), reverse("expert:panel", args=[self.panel.pk])]
            assert [path for path in paths if "canary-draft" in self.as_(who).get(path).content.decode()] == []
        assert selected(self.page(self.codes[1]), "1.1") == ""

    def test_two_windows_do_not_overwrite_each_other(self) -> None:
        who = self.codes[0]
        assert self.save(who, {"1.1": "30"}, "0").status_code == 200
        late = self.save(who, {"1.1": "70"}, "0")
        assert (late.status_code, "较新的草稿" in late.json()["stale"]) == (409, True)
        assert selected(self.page(who), "1.1") == "30"
        form = hidden(self.page(who), FORM) | fields(self.even("70")) | {"draft_revision": "0", "step": "confirm"}
        asked = self.as_(who).post(self.path(), form)
        assert (asked.status_code, "较新的草稿" in text(asked), Sheet.objects.count()) == (409, True, 0)
        sure = self.as_(who).post(self.path(), hidden(asked, '<form class="consequences"') | {"step": "confirm"})
        assert (sure.status_code, self.sheets[0].marks["1.1"], Draft.objects.count()) == (303, "70", 0)

    def test_what_was_typed_outlives_the_session(self) -> None:
        who = self.codes[0]
        form = hidden(self.page(who), FORM) | fields({"1.1": "35"}, note_1_1="登录前所写") | {"step": "preview"}
        gone = Client()
        assert gone.post(self.path(), form).status_code == 302
        person = self.world.people[who].person
        assert person is not None
        gone.force_login(person.account)
        page = gone.get(self.path())
        assert (selected(page, "1.1"), "登录前所写" in page.text, "您填写的内容已经恢复" in text(page)) == ("35", True, True)
        assert drafts.load(self.world.people[who], review.submit_sheet.id, f"entry:{self.entry.code}") is None


class TestDoors(Judging):
    def test_a_foreign_entry_does_not_exist(self) -> None:
        seats = self.people.seats.select_related("expert")
        stranger = next(s.expert.code for s in seats if s.expert.code not in self.codes)
        names = [self.path(), self.agreeing(), reverse("expert:report", args=[self.panel.pk, self.entry.code])]
        names += [reverse("expert:panel", args=[self.panel.pk]), reverse("expert:review", args=["2024-Z-9999"])]
        for path in names:
            assert self.as_(stranger).get(path).status_code == 404
            assert self.as_(stranger).post(path, {"step": "confirm"}).status_code in (404, 405)
        mixed = reverse("expert:consensus", args=[self.people.pk, self.entry.code])
        assert self.as_(self.codes[0]).get(mixed).status_code == 404
        assert self.as_(self.codes[0]).get(self.path() + "?round=site").status_code == 404

    def test_other_roles_have_no_sheet(self) -> None:
        for who in ("office", "inspector", "sjz", self.world.cast.agency.code):
            assert self.as_(who).get(self.path()).status_code == 404
            assert self.as_(who).get(reverse("expert:home")).status_code == 404
        assert Client().get(self.path()).status_code == 302

    @pytest.mark.duty("K7")
    def test_who_is_recused_reads_nothing_more(self) -> None:
        assert self.page(self.codes[0]).status_code == 200
        conflict(self.entry, expert(self.codes[0]))
        for path in (self.path(), self.agreeing(), reverse("expert:report", args=[self.panel.pk, self.entry.code])):
            assert self.as_(self.codes[0]).get(path).status_code == 404
        assert self.as_(self.codes[0]).post(self.path(), fields(self.even()) | {"step": "confirm"}).status_code == 404
        assert self.entry.name not in self.as_(self.codes[0]).get(reverse("expert:home")).text

    def test_nothing_of_the_others_before_ones_own_is_locked(self) -> None:
        one, two = self.codes[:2]
        self.submit_by_page(one, self.even("85"), strengths_1_1="canary-comment")
        total = "850.00"
        paths = [self.path(), self.agreeing(), reverse("expert:home"), reverse("expert:panel", args=[self.panel.pk])]
        paths += [reverse("expert:report", args=[self.panel.pk, self.entry.code]), "/desk/"]
        for path in paths:
            page = self.as_(two).get(path).text
            assert ("canary-comment" in page, total in page) == (False, False), path
        assert "提交之后才能看到组内其他专家的评分" in text(self.as_(two).get(self.agreeing()))
        self.submit_by_page(two, self.even("60"))
        opened = self.as_(two).get(self.agreeing()).text
        assert ("canary-comment" in opened, total in opened) == (True, True)

    def test_get_changes_nothing_and_forgery_is_refused(self) -> None:
        client = self.as_(self.codes[0])
        client.get(self.path() + "?step=confirm&mark-1.1=60")
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = client.cookies
        assert strict.post(self.path(), fields(self.even()) | {"step": "confirm"}).status_code == 403
        assert (Sheet.objects.count(), Draft.objects.count()) == (0, 0)

    def test_once_the_round_is_over_the_sheet_is_read_only(self) -> None:
        self.entry.status = "reviewed"
        self.entry.save()
        page = self.page(self.codes[0])
        assert "该申报目前不在本轮评审中，不能评分" in text(page)
        answer = self.as_(self.codes[0]).post(self.path(), fields(self.even()) | {"step": "preview"})
        assert (answer.status_code, "该申报不在本轮评审中，不能评分" in text(answer)) == (422, True)


class TestQueries(Judging):
    def test_the_page_asks_the_same_with_one_and_with_thirty_pieces_of_evidence(self) -> None:
        client = self.as_(self.codes[0])
        before = queries(client, self.path())
        file = self.entry.evidence.first()
        assert file is not None
        Evidence.objects.bulk_create(
            Evidence(entry=self.entry, file=file.file, title=f"材料{n}", proves=f"clause:{n % 7 + 1}.1.1") for n in range(30)
        )
        assert queries(client, self.path()) == before
        assert before <= 12

    def test_home_and_panel_ask_the_same_with_few_and_with_all_sheets(self) -> None:
        client, panel = self.as_(self.codes[0]), reverse("expert:panel", args=[self.panel.pk])
        self.submit(self.codes[0], self.entry, self.even("60"))
        before = queries(client, reverse("expert:home")), queries(client, panel), queries(client, self.agreeing())
        for entry in self.entries:
            for code in self.codes:
                if not Sheet.objects.filter(entry=entry, expert__code=code).exists():
                    self.submit(code, entry, self.even("60", entry))
        after = queries(client, reverse("expert:home")), queries(client, panel), queries(client, self.agreeing())
        assert after[:2] == before[:2]
        assert abs(after[2] - before[2]) <= 2, "a complete table reads the draft besides"
