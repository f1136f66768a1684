"""What can be taken out of the room: the attendance sheet, the minutes; what the committee reads of a candidate (I1, I2, L3)."""

from io import BytesIO

import docx

from tests.faces.committee.sitting import Rooms
from tests.faces.rooms import text
from zhiheng.foundation import clock
from zhiheng.foundation.people.models import Unit
from zhiheng.foundation.publicity.models import Notice, Objection
from zhiheng.process.register import committee


def words(data: bytes) -> str:
    """Everything that a document says."""
    paper = docx.Document(BytesIO(data))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in paper.paragraphs] + cells)


class TestPapers(Rooms):
    def test_the_minutes_come_after_the_meeting_and_name_what_was_counted(self) -> None:
        assert self.get("office", "minutes").status_code == 404
        for number in range(3):
            motion = self.opened(number)
            self.cast(motion, range(2, 14), "yes" if number else "no")
            self.close(motion)
        self.world.do(committee.resolve, "chair", self.room, minutes="会议逐一审议。")
        for who in ("office", "chair", "member2", "inspector"):
            answer = self.get(who, "minutes")
            assert answer["Content-Disposition"].startswith("attachment")
        said = words(answer.content)
        assert "会议逐一审议。" in said
        assert "应到" in said or "委员总数" in said
        assert self.candidates[1].name in said

    def test_the_record_of_a_failed_quorum(self) -> None:
        self.world.do(committee.adjourn, "chair", self.room, reason="突发情况，择期再开。")
        said = words(self.get("member2", "minutes").content)
        assert "突发情况，择期再开。" in said

    def test_the_attendance_sheet_says_who_signed_in_and_how(self) -> None:
        said = words(self.get("office", "attendance").content)
        assert "应到25人，法定人数17人，实到17人" in said
        assert said.count("本人账号") == 17
        assert self.get("member2", "attendance").status_code == 404


class TestCandidate(Rooms):
    def test_scores_and_what_came_of_objections(self) -> None:
        entry = self.candidates[0]
        notice = Notice.objects.create(
            code="GS-1", cycle=self.cycle, kind="shortlist", title="入围公示", body="", unit=Unit.objects.first(), posted_at=clock.now(),
            digest="x", journal_head="x",
        )  # fmt: skip
        Objection.objects.create(
            number="YY-1", notice=notice, entry=entry.code, name="canary-name", contact="canary-contact", content="canary-content",
            received_at=clock.now(), formal=True, status="dismissed", answered_at=clock.now(),
        )  # fmt: skip
        page = self.get("member2", "candidate", self.room.pk, entry.code)
        assert "最终得分 600.00" in text(page)
        assert "入围公示：" in text(page)
        assert "不属实" in text(page)
        assert "canary" not in page.text

    def test_only_candidates_of_this_meeting_have_a_sheet(self) -> None:
        assert self.get("member2", "candidate", self.room.pk, "2024-Z-9999").status_code == 404
