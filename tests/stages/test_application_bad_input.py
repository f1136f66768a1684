"""Bad input of applicants: files, texts, dates, fields, double and late submits, other people's numbers, two tabs (D1, D2, L1; X4–X7, T1, T5, T11)."""

import io
import json
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.stages import drafts
from tests.stages.drafts import attach
from tests.stages.playing import PUBLIC, Played, called
from zhiheng.foundation import clock
from zhiheng.foundation.acts import REGISTER, Acting, NotPermitted
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.files.limits import MEGABYTE
from zhiheng.foundation.files.models import StoredFile
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.journal.services import verify
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.people.models import RoleGrant
from zhiheng.process.register import application, panel
from zhiheng.rules.lifecycle import EntryStatus, Role
from zhiheng.simulation.cast import evidence_pdf
from zhiheng.simulation.world import World
from zhiheng.stages.application import forms
from zhiheng.stages.application.models import BonusClaim, Entry, Evidence

DEADLINE = clock.at(date(2024, 4, 28), 18)


def docx(**parts: bytes) -> bytes:
    """A zip archive with the parts of a Word file and more; `__` in a name stands for a slash, `_dot_` for a dot."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return stream.getvalue()


class BadInput(Played):
    """Two organizations' drafts, ready to be submitted, of two owners."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = called(2, 1)
        for firm in world.cast.organizations:
            drafts.draft(world, cycle, firm)
        drafts.draft(world, cycle, drafts.as_category(world.cast.persons[0], "front_line", world.cast.organizations[0]))
        return world, cycle

    def setUp(self) -> None:
        super().setUp()
        self.mine, self.theirs, self.person = (Entry.objects.get(code=c) for c in ("2024-Z-0001", "2024-Z-0002", "2024-G-0001"))
        self.me, self.them = drafts.owner(self.world, self.mine), drafts.owner(self.world, self.theirs)


class TestFiles(BadInput):
    """Uploads judged by content; what is refused leaves nothing behind (T5, X4)."""

    def upload(self, name: str, content: bytes, **changes: Any) -> str:
        """The refusal of an upload; nothing of it may be kept."""
        rows, stored = Evidence.objects.count(), StoredFile.objects.count()
        kept = {p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()}
        details = {"name": name, "stream": io.BytesIO(content), "title": "材料", "proves": "clause:4.1", **changes}
        found = self.refused(application.attach, self.me, self.mine, **details)
        assert (Evidence.objects.count(), StoredFile.objects.count()) == (rows, stored)
        assert {p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()} == kept
        assert {r.duty for r in found.refusals} == {"D1"}
        return str(found.refusals[0].code or found.refusals[0].text)

    @pytest.mark.duty("D1")
    def test_wrong_broken_and_empty_files(self) -> None:
        pdf = evidence_pdf("甲", "乙", ["丙"])
        for name, content, code in (
            ("空.pdf", b"", "file.empty"),
            ("文.pdf", b"plain text", "file.kind"),
            ("工具.exe", b"MZ" + bytes(200), "file.kind"),
            ("网页.html", b"<script>alert(1)</script>", "file.kind"),
            ("图.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "file.kind"),
            ("实为PDF.docx", pdf, "file.mismatch"),
            ("断.pdf", pdf[: len(pdf) // 2], "file.broken"),
            ("无扩展名", pdf, "file.extension"),
            ("a.pdf\0.exe", pdf, "file.name"),
        ):
            assert self.upload(name, content) == code, name
        assert attach(self.world, self.mine, "clause:4.1", stream=io.BytesIO(pdf)).file.kind == "pdf"

    @pytest.mark.duty("D1")
    def test_a_huge_file(self) -> None:
        assert self.upload("大.pdf", b"%PDF-1.7\n" + bytes(50 * MEGABYTE)) == "file.too_large"

    @pytest.mark.duty("D1")
    def test_zip_bombs(self) -> None:
        bomb = docx(word__document_dot_xml=b" " * (201 * MEGABYTE))
        assert len(bomb) < MEGABYTE
        assert "bomb" in self.upload("炸弹.docx", bomb)
        many = docx(**{f"word__p{n}_dot_xml": b"" for n in range(5001)})
        assert "entries" in self.upload("条目.docx", many)

    @pytest.mark.duty("D1", "D2")
    def test_titles_and_what_is_proved(self) -> None:
        pdf = evidence_pdf("甲", "乙", ["丙"])
        no_title, no_purpose = "请填写材料名称（120 字以内）", "请选择该材料证明的事项：申报条件、评价标准条款、加分事由或内部公示"
        assert self.upload("a.pdf", pdf, title="  ") == no_title
        assert self.upload("a.pdf", pdf, title="字" * 121) == no_title
        assert self.upload("a.pdf", pdf, title="隐\x00身") == "invisible"
        for wrong in ("", "condition:c9", "bonus:nobel", "clause:", "internal:x", "other"):
            assert self.upload("a.pdf", pdf, proves=wrong) == no_purpose
        assert self.upload("a.pdf", pdf, proves="clause:" + "1" * 40) == "too_long"
        assert attach(self.world, self.mine, "clause:4.1", title="字" * 120).title == "字" * 120


class TestForms(BadInput):
    """The form: lengths, dates, fields that are none (T11)."""

    def save(self, entry: Entry | None = None, **changes: Any) -> list[str]:
        """The refusals of a form; nothing of it may be kept."""
        entry = entry or self.mine
        found = self.refused(application.save, drafts.owner(self.world, entry), entry, form=entry.form | changes, revision=entry.revision)
        now = Entry.objects.get(pk=entry.pk)
        assert (now.form, now.revision, now.signed_by) == (entry.form, entry.revision, entry.signed_by)
        assert {(r.duty, r.article) for r in found.refusals} == {("D1", "四(二)")}
        return [r.text for r in found.refusals]

    @pytest.mark.duty("D1")
    def test_over_long_text(self) -> None:
        assert self.save(achievements="长" * 5001) == ["“主要业绩（事迹）”超过 5000 字，请精简"]
        assert self.save(profile="长" * 20001) == ["“组织简介”超过 20000 字，请精简"]
        assert self.save(violations=["长" * 201]) == ["“违法、违规、违纪行为”超过 200 字，请精简"]
        assert self.save(violations=["一"] * 51) == ["“违法、违规、违纪行为”超过 50 项，请精简"]
        assert self.save(answers={"4" * 41: "答"}) == ["“对照评价标准的说明”超过 40 字，请精简"]
        assert self.save(answers={"4.1": "答" * 20001}) == ["“对照评价标准的说明”超过 20000 字，请精简"]
        fits = self.mine.form | {"achievements": "长" * 5000, "profile": "长" * 20000}
        self.world.do(application.save, self.me, self.mine, form=fits, revision=self.mine.revision)
        assert len(Entry.objects.get(pk=self.mine.pk).form["profile"]) == 20000

    @pytest.mark.duty("D1")
    def test_characters_that_nobody_sees(self) -> None:
        for text in ("业绩\x00", "业绩\x1b[2J", "业绩\ud800"):
            assert self.save(achievements=text) == ["“主要业绩（事迹）”含有不可见字符，请删除后重新填写"]
        self.world.do(
            application.save, self.me, self.mine, form=self.mine.form | {"achievements": "一\n二\t三🎉"}, revision=self.mine.revision
        )

    @pytest.mark.duty("D1")
    def test_impossible_dates(self) -> None:
        said = "不是有效日期，请按“2024-01-31”的格式填写"
        for wrong in ("2023-02-29", "2024-13-01", "20240131", "2024/01/31", "昨天", 86400, "86400", True, "2024-01-31T00:00"):
            assert self.save(established_on=wrong) == [f"“成立日期”{said}"]
            assert self.save(incidents=[{"kind": "safety", "major": True, "on": wrong}]) == [f"“事故和突发环境事件”{said}"]
        assert self.save(established_on="1899-12-31") == ["“成立日期”不得小于 1900-01-01，请核对"]
        assert self.save(established_on="9999-12-31") == ["“成立日期”不得大于 2100-12-31，请核对"]
        assert self.save(incidents=[{"kind": "safety", "major": True, "on": "9999-12-31"}]) == [
            "“事故和突发环境事件”不得大于 2100-12-31，请核对"
        ]
        assert self.save(self.person, work_since="0001-01-01") == ["“从事质量工作起始日期”不得小于 1900-01-01，请核对"]
        self.world.do(
            application.save, self.me, self.mine, form=self.mine.form | {"established_on": "2004-02-29"}, revision=self.mine.revision
        )

    @pytest.mark.duty("D1")
    def test_fields_that_the_form_does_not_have(self) -> None:
        assert self.save(status="awarded") == ["“status”不是申报表的栏目，请删除"]
        assert self.save(work_since="2010-01-01") == ["“work_since”不是申报表的栏目，请删除"]
        nested = [{"kind": "safety", "major": True, "on": "2010-01-01", "verified": True}]
        assert self.save(incidents=nested) == ["“事故和突发环境事件”中有申报表以外的内容，请删除"]
        assert self.save(**{"x" * 1000: 1}) == [f"“{'x' * 40}”不是申报表的栏目，请删除"]
        assert len(self.save(**{f"x{n}": n for n in range(1000)})) == 20

    @pytest.mark.duty("D1")
    def test_values_of_the_wrong_kind(self) -> None:
        wrong = "填写有误，请核对"
        assert self.save(achievements=["一"]) == [f"“主要业绩（事迹）”{wrong}"]
        assert self.save(employees="很多") == [f"“职工人数”{wrong}"]
        assert self.save(employees=0) == ["“职工人数”不得小于 1，请核对"]
        assert self.save(incidents=[{"kind": "fire", "major": True, "on": "2020-01-01"}]) == [f"“事故和突发环境事件”{wrong}"]
        assert self.save(incidents="无") == [f"“事故和突发环境事件”{wrong}"]

    @pytest.mark.duty("D1")
    def test_what_may_be_empty_and_what_is_missing(self) -> None:
        empty = forms.OrganizationForm()
        assert forms.missing(empty) == ("主要业绩（事迹）", "成立日期", "主要产品（服务）")
        assert forms.missing(forms.PersonForm()) == (
            "主要业绩（事迹）",
            "职务（岗位）",
            "从事质量工作起始日期",
            "在本省从事质量工作起始日期",
        )
        self.world.do(application.save, self.me, self.mine, form={"established_on": None}, revision=self.mine.revision)

    @pytest.mark.duty("D1", "D3")
    def test_the_other_acts_of_an_applicant(self) -> None:
        proof = self.mine.evidence.get(proves="internal")
        days = {"start": date(2024, 2, 26), "end": date(2024, 3, 4), "objections": 0, "proof": proof}
        wrong = "内部公示日期有误，请核对（《细则》四（二））"
        number = "内部公示异议数须为不小于 0 的整数，请核对（《细则》四（二））"
        for changes, said in (
            ({"end": date(2024, 2, 25)}, "内部公示结束日期早于开始日期，请核对（《细则》四（二））"),
            ({"end": date.max}, wrong), ({"start": date.min}, wrong), ({"objections": -1}, number), ({"objections": 99999}, number),
            ({"proof": self.theirs.evidence.get(proves="internal")}, "证明材料不属于本申报，请重新选择（《细则》四（二））"),
        ):  # fmt: skip
            assert self.refused(application.internal_publicity, self.me, self.mine, **(days | changes)).text() == said
        for changes, code in (({"signed_by": "长" * 61}, "too_long"), ({"signed_by": "王\x07某"}, "invisible")):
            details = {"conditions": ["c1"], "signed_by": "王", "no_state_secrets": True, **changes}
            assert self.refused(application.declare, self.me, self.mine, **details).refusals[0].code == code
        strange = {"conditions": ["c1", "c9\ud800"], "signed_by": "王", "no_state_secrets": True}
        assert self.refused(application.declare, self.me, self.mine, **strange).text() == (
            "所列事项中有的不是本奖项的申报条件，请重新勾选（《细则》三）"
        )
        part = attach(self.world, self.mine, "bonus:luban")
        for typed in ({"granted_on": date(9999, 12, 31)}, {"granted_on": clock.today() + timedelta(days=1)}, {"valid_until": date.max},
                      {"granted_on": date.min}):  # fmt: skip
            found = self.refused(application.claim_bonus, self.me, self.mine, kind="luban", evidence=part, **typed)
            assert found.text() == "获得日期或有效期有误，请核对（《细则》四（六）1）"
        assert not BonusClaim.objects.exists()
        assert self.refused(application.withdraw, self.me, self.mine, reason="长" * 5001).refusals[0].code == "too_long"
        named = {"party": self.mine.party, "award": "organization", "category": "organization", "recommender": self.mine.recommender}
        for name, said in (
            ("", "请填写申报名称"),
            ("名" * 121, "“申报名称”超过 120 字，请精简"),
            ("名\x00", "“申报名称”含有不可见字符，请删除后重新填写"),
        ):
            assert self.refused(application.open_entry, self.me, self.cycle, name=name, **named).refusals[0].text == said
        drafts.sign(self.world, self.mine)
        self.world.do(application.submit, self.me, self.mine)


class TestTwiceAndLate(BadInput):
    """The same act twice, the deadline's second, two tabs (X5, X6, X7)."""

    def count(self, act: str, kind: str = "act") -> int:
        return JournalEntry.objects.filter(act=act, kind=kind).count()

    @pytest.mark.duty("D1", "L3")
    def test_the_same_request_twice_is_one_act_with_one_receipt(self) -> None:
        me = Acting(Role.APPLICANT, self.me.person, request_id="form-1")
        first = self.world.do(application.submit, me, self.mine)
        again = [self.world.do(application.submit, me, self.mine) for _ in range(3)]
        assert {(r.chain, r.seq, r.hash, r.at) for r in again} == {(first.chain, first.seq, first.hash, first.at)}
        assert [first.repeated, *(r.repeated for r in again)] == [False, True, True, True]
        assert (self.count("application.submit"), self.count("application.submit", "refusal")) == (1, 0)
        assert Notification.objects.filter(title="收到申报", subject="entry:2024-Z-0001").count() == 1

    @pytest.mark.duty("D1")
    def test_submitting_twice(self) -> None:
        self.world.do(application.submit, self.me, self.mine)
        found = self.refused(application.submit, self.me, self.mine, error=NotPermitted)
        assert found.text() == "当前状态为“已提交”，不能办理“提交申报”（《细则》四（二））"
        assert (self.count("application.submit"), self.count("application.submit", "refusal")) == (1, 1)
        assert Notification.objects.filter(title="收到申报").count() == 1

    @pytest.mark.duty("D1")
    def test_a_refused_request_may_be_sent_again_once_mended(self) -> None:
        me = Acting(Role.APPLICANT, self.me.person, request_id="form-2")
        drafts.sign(self.world, self.mine, no_state_secrets=False)
        assert self.refused(application.submit, me, self.mine).refusals[0].code == "state_secrets"
        drafts.sign(self.world, self.mine)
        assert not self.world.do(application.submit, me, self.mine).repeated

    @pytest.mark.duty("D1")
    def test_the_same_draft_opened_twice_and_the_same_request_id_for_two_acts(self) -> None:
        party = self.mine.party
        self.world.do(application.withdraw, self.me, self.mine)
        me = Acting(Role.APPLICANT, self.me.person, request_id="form-3")
        details = {"party": party, "award": "organization", "category": "organization", "recommender": self.mine.recommender, "name": "甲"}
        first = self.world.do(application.open_entry, me, self.cycle, **details)
        assert self.world.do(application.open_entry, me, self.cycle, **details).hash == first.hash
        assert Entry.objects.filter(party=party).exclude(status=EntryStatus.WITHDRAWN.value).count() == 1

    @pytest.mark.duty("D1")
    def test_one_second_before_the_close_and_at_the_close(self) -> None:
        clock.set_to(DEADLINE - timedelta(seconds=1))
        assert self.world.do(application.submit, self.me, self.mine).at == DEADLINE - timedelta(seconds=1)
        for late in (DEADLINE, DEADLINE + timedelta(days=3)):
            clock.set_to(late)
            found = self.refused(application.submit, self.them, self.theirs)
            assert [(r.code, r.duty, r.article) for r in found.refusals] == [("late", "D1", "四(二)")]
        theirs = Entry.objects.get(pk=self.theirs.pk)
        assert (theirs.status, theirs.form, theirs.submitted_at) == (EntryStatus.DRAFT.value, self.theirs.form, None)
        assert self.count("application.submit", "refusal") == 2

    @pytest.mark.duty("D1")
    def test_two_tabs_and_nothing_is_overwritten(self) -> None:
        one, two = self.mine.form | {"achievements": "第一个窗口"}, self.mine.form | {"achievements": "第二个窗口"}
        opened = self.mine.revision
        self.world.do(application.save, self.me, self.mine, form=one, revision=opened)
        found = self.refused(application.save, self.me, self.mine, form=two, revision=opened)
        assert [(r.code, r.text) for r in found.refusals] == [
            ("stale", f"该申报表已在别处保存为第 {opened + 1} 版，您打开的是第 {opened} 版，请核对两版差异后再保存")
        ]
        kept = Entry.objects.get(pk=self.mine.pk)
        assert (kept.form["achievements"], kept.revision) == ("第一个窗口", opened + 1)
        self.world.do(application.save, self.me, self.mine, form=two, revision=opened + 1)
        assert self.refused(application.save, self.me, self.mine, form=one, revision=opened + 3).refusals[0].code == "stale"
        assert Entry.objects.get(pk=self.mine.pk).form["achievements"] == "第二个窗口"


class TestOthers(BadInput):
    """Other people's entries and evidence, other roles, other cycles (T1, L1)."""

    def table(self, entry: Entry) -> dict[str, tuple[Any, dict[str, Any]]]:
        """Every act of an applicant on an entry or its evidence: its subject and lawful details."""
        part, stream = entry.evidence.get(proves="internal"), io.BytesIO(evidence_pdf("甲", "乙", ["丙"]))
        days = {"start": date(2024, 2, 26), "end": date(2024, 3, 4), "objections": 0, "proof": part}
        return {
            "evidence.look": (part, {}),
            "application.save": (entry, {"form": entry.form, "revision": entry.revision}),
            "application.attach": (entry, {"name": "a.pdf", "stream": stream, "title": "甲", "proves": "clause:4.1"}),
            "application.mark_secret": (part, {"secret": True}),
            "application.internal_publicity": (entry, days),
            "application.declare": (entry, {"conditions": drafts.CONDITIONS, "signed_by": "王", "no_state_secrets": True}),
            "application.claim_bonus": (entry, {"kind": "luban", "granted_on": date(2022, 1, 1), "evidence": part}),
            "application.submit": (entry, {}),
            "application.withdraw": (entry, {}),
        }

    @pytest.mark.duty("L1", "D1", "D2")
    def test_every_act_of_an_applicant_on_someone_elses_entry(self) -> None:
        table = self.table(self.theirs) | {"application.detach": (self.theirs.evidence.get(proves="condition:c2"), {})}
        acts = {name for name, spec in REGISTER.items() if Role.APPLICANT in spec.roles and name.startswith(("application.", "evidence."))}
        assert acts - {"application.open"} == set(table)
        before = Entry.objects.filter(pk=self.theirs.pk).values().get(), list(self.theirs.evidence.values())
        for name, (subject, details) in table.items():
            found = self.refused(REGISTER[name], self.me, subject, error=NotPermitted, **details)
            assert [r.code for r in found.refusals] == ["scope"], name
            assert found.text().startswith(f"“{REGISTER[name].title}”只能由与该事项对应的单位或人员办理"), name
        assert (Entry.objects.filter(pk=self.theirs.pk).values().get(), list(self.theirs.evidence.values())) == before
        for name, (subject, details) in table.items():  # the owner may do each of them
            assert self.world.do(REGISTER[name], self.them, subject, **details).decision.ok
            if name in ("application.save", "application.attach"):
                drafts.sign(self.world, self.theirs)
            if name == "application.withdraw":
                break

    @pytest.mark.duty("L1")
    def test_roles_that_are_not_the_applicant(self) -> None:
        for who in ("office", self.mine.recommender.code, "inspector", "admin", PUBLIC):
            for name, (subject, details) in self.table(self.mine).items():
                if name != "evidence.look":
                    found = self.refused(REGISTER[name], who, subject, error=NotPermitted, **details)
                    assert [r.code for r in found.refusals] == ["role"], (who, name)
        office = self.world.people["office"]
        posing = Acting(Role.APPLICANT, office.person)
        assert self.refused(application.submit, posing, self.mine, error=NotPermitted).refusals[0].code == "role"

    @pytest.mark.duty("L1", "D2")
    def test_looking_at_evidence(self) -> None:
        part = self.mine.evidence.get(proves="internal")
        other = next(u for u in self.world.people if self.world.people[u].role == Role.RECOMMENDER and u[-1].isalpha()
                     and self.world.people[u].unit != self.mine.recommender)  # fmt: skip
        for who in (other, self.them):
            assert self.refused(panel.look, who, part, error=NotPermitted).refusals[0].code == "scope"
        assert self.world.do(panel.look, self.me, part).value == part.file
        look = JournalEntry.objects.filter(act="evidence.look", kind="look").latest("pk")
        assert json.loads(look.body)["payload"] == {"evidence": part.pk, "secret": False, "sha256": part.file.sha256}

    @pytest.mark.duty("L1")
    def test_a_role_granted_for_another_cycle(self) -> None:
        RoleGrant.objects.filter(person=self.me.person).update(cycle="2022")
        assert self.refused(application.submit, self.me, self.mine, error=NotPermitted).refusals[0].code == "role"
        RoleGrant.objects.filter(person=self.me.person).update(cycle="2024")
        assert self.world.do(application.submit, self.me, self.mine).decision.ok

    @pytest.mark.duty("L1")
    def test_an_entry_of_a_cycle_at_another_stage(self) -> None:
        other = Cycle.objects.create(code="2023", year=2023, title="2023", pack=self.cycle.pack, stage="material_review")
        Entry.objects.filter(pk=self.mine.pk).update(cycle=other)
        found = self.refused(application.submit, self.me, self.mine, error=NotPermitted)
        assert found.text() == "“提交申报”须在申报阶段办理，当前为材料评审阶段（《细则》四（二））"
        assert JournalEntry.objects.filter(chain="cycle:2023", kind="refusal").count() == 1

    @pytest.mark.duty("L3")
    def test_every_refusal_is_on_record_with_its_reasons(self) -> None:
        self.refused(application.submit, self.me, self.theirs, error=NotPermitted)
        last = JournalEntry.objects.filter(kind="refusal").latest("pk")
        body = json.loads(last.body)
        assert self.me.person is not None
        assert (body["act"], body["actor"], body["subject"]) == ("application.submit", self.me.person.code, "entry:2024-Z-0002")
        assert body["payload"] == {
            "why": "NotPermitted",
            "reasons": [{"code": "scope", "duty": "D1", "article": "四(二)", "text": "“提交申报”只能由与该事项对应的单位或人员办理"}],
        }
        assert verify("cycle:2024") == []
