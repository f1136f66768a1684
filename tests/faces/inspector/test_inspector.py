"""The inspector reads all that is relevant and changes nothing; what was altered is found in the browser too (L3, K7, T15)."""

import hashlib
import io
import json
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.faces.desk.test_entries import Standing
from tests.faces.seating import text
from zhiheng.foundation.acts import NotPermitted
from zhiheng.foundation.journal import triggers
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.process.register import application, panel
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.stages.application.models import Evidence
from zhiheng.stages.panel.models import Expert

HOME = "/desk/journal/"
PAGES = (HOME, f"{HOME}verify/", f"{HOME}looks/", f"{HOME}conflicts/", f"{HOME}draws/")
FOR_BOTH = {HOME, f"{HOME}verify/"}


class Journalled(Standing):
    stop = Stage.SUPERVISION

    @property
    def own(self) -> list[str]:
        return [
            *PAGES, f"{HOME}threads/{self.winner.code}/", f"{HOME}records/cycle:2024/1/",
            f"{HOME}dossiers/2024/",
        ]  # fmt: skip

    def altered(self, sql: str, values: list[object]) -> None:
        """What only the database's owner can do: the triggers are taken away, and the row is changed."""
        with connection.cursor() as cursor:
            for drop in triggers.drops(connection.vendor, triggers.JOURNAL):
                cursor.execute(drop)
            cursor.execute(sql, values)


@pytest.mark.duty("L3")
class TestWhoReads(Journalled):
    def test_the_inspector_everything_the_office_the_journal_nobody_else_anything(self) -> None:
        both = {*FOR_BOTH, f"{HOME}threads/{self.winner.code}/", f"{HOME}records/cycle:2024/1/", f"{HOME}dossiers/2024/"}
        for who in self.actors:
            browser = self.browser(who)
            for path in self.own:
                expected = 200 if who.role == Role.INSPECTOR or (who.role == Role.OFFICE and path in both) else 404
                assert browser.get(path).status_code == expected, (who.role, path)

    def test_reading_and_checking_change_nothing(self) -> None:
        browser, before = self.browser("inspector"), JournalEntry.objects.count()
        for path in self.own:
            browser.get(path)
        for path in (f"{HOME}verify/", f"{HOME}dossiers/2024/"):
            assert browser.post(path).status_code == 200
        assert JournalEntry.objects.count() == before

    def test_a_place_that_is_not_there(self) -> None:
        for path in ("records/cycle:2024/999999/", "records/cycle:1999/1/", "threads/none/", "draws/999999/", "dossiers/1999/"):
            assert self.browser("inspector").get(HOME + path).status_code == 404, path


@pytest.mark.duty("L3")
class TestReading(Journalled):
    def test_the_list_goes_by_place_and_costs_the_same_at_the_end(self) -> None:
        browser, seen, path, pages = self.browser("inspector"), 0, HOME, 0
        costs = set()
        while path:
            with CaptureQueriesContext(connection) as asked:
                page = browser.get(path).content.decode()
            if pages:
                costs.add(len(asked))
            seen += page.count("/desk/journal/records/")
            place = page.rfind('rel="next" href="?')
            path = f"{HOME}?{page[place + 18 : page.index(chr(34), place + 18)]}" if place >= 0 else ""
            pages += 1
        assert seen == JournalEntry.objects.count()
        assert pages > 5
        assert max(costs) - min(costs) <= 1, "a page without units asks for none"

    def test_filters(self) -> None:
        browser = self.browser("inspector")
        with pytest.raises(NotPermitted):
            self.world.do(application.withdraw, self.world.owners[self.winner.code], self.winner)
        refused = text(browser.get(HOME, {"kind": "refusal"}))
        assert "未准许" in refused
        assert "撤回申报" in refused
        only = browser.get(HOME, {"act": "commendation.award", "kind": "act"}).content.decode()
        assert only.count("/desk/journal/records/") == 1
        assert browser.get(HOME, {"subject": self.winner.code, "role": "applicant"}).content.decode().count("/records/") > 3
        assert "没有符合条件的记录" in text(browser.get(HOME, {"since": "2099-01-01"}))
        odd = {"chain": "x' OR 1", "kind": "x", "act": "x", "role": "x", "since": "31.12.", "before": "-1", "subject": "\x00"}
        assert browser.get(HOME, odd).content.decode().count("/records/") == 50

    def test_one_record_in_words_and_as_it_was_hashed(self) -> None:
        row = JournalEntry.objects.get(act="commendation.award", kind="act")
        page = self.browser("inspector").get(f"{HOME}records/{row.chain}/{row.seq}/")
        shown = text(page)
        for word in ("表彰并颁发证书", "省质评办", "《细则》五（一）", f"{row.chain}#{row.seq}", row.hash, "内容与其摘要", "证书编号"):
            assert word in shown, word
        assert "不符" not in shown
        assert json.loads(row.body)["prev"] in page.content.decode()

    def test_the_thread_of_an_entry_has_all_that_hangs_on_it(self) -> None:
        entry = self.winner
        shown = text(self.browser("inspector").get(f"{HOME}threads/{entry.code}/"))
        for title in (
            "新建申报",
            "提交申报",
            "发布推荐公示",
            "资格审查",
            "公示受理名单",
            "抽取评审专家",
            "提交材料评审评分表",
            "现场评审",
            "开始表决",
            "投票",
            "结束表决并计票",
            "表彰并颁发证书",
        ):
            assert title in shown, title
        others = [e.code for e in self.cycle.entries.exclude(pk=entry.pk)]
        own = JournalEntry.objects.filter(subject__in=[f"entry:{code}" for code in others])
        assert own.exists()
        assert not [code for code in others if f"entry:{code}" in shown]


@pytest.mark.duty("L3")
class TestChecking(Journalled):
    def test_a_whole_journal(self) -> None:
        shown = text(self.browser("inspector").post(f"{HOME}verify/", {"files": "1"}))
        assert "日志完整，未被改动" in shown
        assert "均与上传时相符" in shown
        assert "用时" in shown

    def test_a_changed_record_is_named_with_its_place(self) -> None:
        row = JournalEntry.objects.filter(chain="cycle:2024", act="review.score")[0]
        self.altered("UPDATE journal_journalentry SET body = replace(body, '\"passed\":true', '\"passed\":false') WHERE id = %s", [row.pk])
        shown = text(self.browser("inspector").post(f"{HOME}verify/", {"chain": "cycle:2024"}))
        assert f"cycle:2024 第 {row.seq} 条 ：记录内容与其摘要不符" in shown
        assert "不符" in text(self.browser("inspector").get(f"{HOME}records/cycle:2024/{row.seq}/"))
        assert "日志完整" in text(self.browser("inspector").post(f"{HOME}verify/", {"chain": "platform"}))

    def test_a_cut_tail_is_found_by_a_published_head(self) -> None:
        self.altered("DELETE FROM journal_journalentry WHERE chain = %s AND seq > 5", ["cycle:2024"])
        self.altered(
            "UPDATE journal_journalhead SET seq = 5, hash = (SELECT hash FROM journal_journalentry WHERE chain = 'cycle:2024' AND seq = 5) WHERE chain = %s",
            ["cycle:2024"],
        )
        assert "已公布的链头" in text(self.browser("inspector").post(f"{HOME}verify/"))


@pytest.mark.duty("K7")
class TestLooks(Journalled):
    stop = Stage.MATERIAL_REVIEW

    def test_who_looked_at_which_secret_and_when(self) -> None:
        secret, plain = Evidence.objects.order_by("pk")[:2]
        Evidence.objects.filter(pk=secret.pk).update(secret=True, title="秘方甲")
        Evidence.objects.filter(pk=plain.pk).update(secret=False, title="公开件乙")
        office = self.world.people["office"]
        for row in (secret, plain):
            self.world.do(panel.look, office, Evidence.objects.get(pk=row.pk))
        shown = text(self.browser("inspector").get(f"{HOME}looks/"))
        assert "秘方甲" in shown
        assert "公开件乙" not in shown
        assert office.person is not None
        assert office.person.name in shown
        assert "公开件乙" in text(self.browser("inspector").get(f"{HOME}looks/", {"all": "1"}))

    def test_conflicts_and_abuses(self) -> None:
        expert = Expert.objects.select_related("person").order_by("pk")[0]
        who = self.world.people[expert.code]
        self.world.do(
            panel.declare_conflict,
            who,
            self.cycle.entries.filter(status__in=["accepted", "reviewed"])[0],
            person=who.person,
            kind="declared",
            grounds="曾任顾问",
        )
        shown = text(self.browser("inspector").get(f"{HOME}conflicts/"))
        assert "曾任顾问" in shown
        assert expert.person.name in shown
        assert "没有登记的违规违纪事项" in shown


@pytest.mark.duty("L3")
class TestDossier(Journalled):
    def test_the_digest_is_that_of_the_file(self) -> None:
        browser = self.browser("inspector")
        assert "SHA-256" not in text(browser.get(f"{HOME}dossiers/2024/"))
        shown = browser.post(f"{HOME}dossiers/2024/", {"as": "digest"}).content.decode()
        answer = browser.post(f"{HOME}dossiers/2024/", {"as": "save"})
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        digest = hashlib.sha256(content).hexdigest()
        assert digest in shown
        assert f"zhiheng-2024-{digest[:12]}.zip" in answer["Content-Disposition"]
        assert "journal.jsonl" in " ".join(zipfile.ZipFile(io.BytesIO(content)).namelist())
        assert "no-store" in answer["Cache-Control"]
