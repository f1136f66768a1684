"""One door for stored files: a look is recorded, by POST; what is sent runs nowhere; what is not theirs does not exist (T3, T6)."""

import io

import pytest

from tests.faces.desk.test_entries import Standing
from tests.faces.seating import text
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.files.models import Letter, StoredFile
from zhiheng.foundation.files.services import store
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.process import reach
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.stages.application.models import Evidence

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)


def looks() -> int:
    return JournalEntry.objects.filter(act="evidence.look", kind="look").count()


class Files(Standing):
    stop = Stage.MATERIAL_REVIEW

    @property
    def paper(self) -> Evidence:
        return Evidence.objects.filter(entry__cycle=self.cycle).select_related("file", "entry").order_by("pk")[0]

    def url(self, row: Evidence) -> str:
        return f"/desk/files/evidence/{row.pk}/"


@pytest.mark.duty("D2")
class TestEvidence(Files):
    def test_asking_is_no_look_and_looking_is(self) -> None:
        before, browser, paper = looks(), self.browser("office"), self.paper
        page = browser.get(self.url(paper))
        assert page.status_code == 200
        assert "查阅材料将记入评审日志" in text(page)
        assert browser.head(self.url(paper)).status_code == 200
        assert looks() == before
        answer = browser.post(self.url(paper), {"as": "save"})
        assert b"".join(answer.streaming_content) == paper.file.content.open("rb").read()  # type: ignore[attr-defined]
        assert looks() == before + 1
        line = JournalEntry.objects.filter(act="evidence.look").latest("pk")
        assert (line.actor, line.role, line.subject) == (self.world.people["office"].code, "office", f"entry:{paper.entry.code}")
        assert paper.file.sha256 in line.body

    def test_what_is_sent_runs_nowhere_and_stays_nowhere(self) -> None:
        answer = self.browser("office").post(self.url(self.paper), {"as": "view"})
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"

    def test_only_a_picture_is_shown_in_the_window(self) -> None:
        paper = self.paper
        picture = store("图.png", io.BytesIO(PNG), f"entry:{paper.entry.code}").value
        assert picture is not None
        Evidence.objects.filter(pk=paper.pk).update(file=picture)
        shown = self.browser("office").post(self.url(paper), {"as": "view"})
        assert (shown["Content-Type"], shown["Content-Disposition"].split(";")[0]) == ("image/png", "inline")
        saved = self.browser("office").post(self.url(paper), {"as": "save"})
        assert saved["Content-Disposition"].startswith("attachment")

    def test_a_name_breaks_out_of_no_header(self) -> None:
        paper = self.paper
        StoredFile.objects.filter(pk=paper.file_id).update(name='a"; filename="x.exe\r\nSet-Cookie: x=1.pdf')
        answer = self.browser("office").post(self.url(paper))
        assert "\r" not in answer["Content-Disposition"]
        assert "Set-Cookie" not in answer
        assert answer["Content-Disposition"].count('filename="') <= 1

    def test_every_role_opens_just_what_it_reaches(self) -> None:
        opened = 0
        for who in self.actors:
            browser, mine = self.browser(who), set(reach.evidence(who).values_list("pk", flat=True))
            for row in Evidence.objects.order_by("pk")[:40]:
                expected = 200 if row.pk in mine else 404
                assert browser.get(self.url(row)).status_code == expected, who.role
                before = looks()
                assert browser.post(self.url(row)).status_code == expected, who.role
                assert looks() - before == (expected == 200)
                opened += expected == 200
        assert opened > 40

    def test_what_cannot_be_read_is_not_looked_at(self) -> None:
        paper, before = self.paper, looks()
        StoredFile.objects.filter(pk=paper.file_id).update(content="00/gone")
        answer = self.browser("office").post(self.url(paper))
        assert answer.status_code == 503
        assert "没有登记查阅" in text(answer)
        assert looks() == before

    def test_a_form_from_elsewhere_looks_at_nothing(self) -> None:
        browser, before = self.browser("office"), looks()
        browser.handler.enforce_csrf_checks = True
        assert browser.post(self.url(self.paper)).status_code == 403
        assert looks() == before


class TestOtherFiles(Files):
    def url_of(self, file: StoredFile) -> str:
        return f"/desk/files/{file.pk}/"

    def test_a_letter_is_for_who_handles_the_entry(self) -> None:
        entry = self.cycle.entries.filter(recommendation__consent__scan__isnull=False)[0]
        scan = entry.recommendation.consent.scan
        other = next(w for w in self.world.people.values() if w.role == Role.RECOMMENDER and w.unit and w.unit.pk != entry.recommender_id)
        unit = next(w for w in self.world.people.values() if w.unit and w.unit.pk == entry.recommender_id)
        StoredFile.objects.filter(pk=scan.pk)
        readers: list[tuple[Acting, int]] = [
            (self.world.people["office"], 200), (self.world.people["inspector"], 200), (unit, 200),
            (self.world.owners[entry.code], 404), (self.world.people["ZJ0001"], 404), (self.world.people["admin"], 404),
        ]  # fmt: skip
        for who, status in readers:
            answer = self.browser(who).get(self.url_of(scan))
            assert answer.status_code == status, who.role
            if status == 200:
                assert answer["Content-Disposition"].startswith("attachment")
                assert "sandbox" in answer["Content-Security-Policy"]
        own = store("来文.pdf", scan.content.open("rb"), "x").value
        Letter.objects.create(issuer="某", number="1", dated=clock.today(), scan=own, cycle=self.cycle.code, purpose="x")
        assert own is not None
        assert self.browser(other).get(self.url_of(own)).status_code == 404
        assert self.browser("office").get(self.url_of(own)).status_code == 200

    def test_a_piece_of_evidence_has_no_second_door(self) -> None:
        paper = self.paper
        answer = self.browser("office").get(self.url_of(paper.file))
        assert answer.status_code == 302
        assert answer["Location"] == self.url(paper)
        foreign = next(w for code, w in self.world.owners.items() if code != paper.entry.code)
        assert self.browser(foreign).get(self.url_of(paper.file)).status_code == 404

    def test_what_somebody_uploads_and_has_not_sent_is_theirs(self) -> None:
        owner = next(iter(self.world.owners.values()))
        file = store("图.png", io.BytesIO(PNG), f"draft:{owner.code}").value
        assert file is not None
        assert self.browser(owner).get(self.url_of(file)).status_code == 200
        assert self.browser("office").get(self.url_of(file)).status_code == 404

    def test_an_unknown_file(self) -> None:
        for path in ("/desk/files/00000000-0000-0000-0000-000000000000/", "/desk/files/evidence/999999/", "/desk/files/x/"):
            assert self.browser("office").get(path).status_code == 404
