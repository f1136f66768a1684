"""The pages of the expert library: who sees what, filters, the look at an account, export and import that meet (F1, K7, T1, T2)."""

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.faces.seating import seated
from tests.stages import playing
from zhiheng.foundation import clock
from zhiheng.foundation.documents.reading import ReadLimits, read_stream
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.people.models import Person
from zhiheng.process.imports import expert_run, experts
from zhiheng.process.register import library, panel
from zhiheng.rules.lifecycle import Stage
from zhiheng.stages.panel.models import BankAccount, Expert, Panel

NUMBER = "6217000099998888777"


class Library(playing.Played):
    """The material panels are drawn."""

    @classmethod
    def play(cls) -> Any:
        return playing.played(Stage.MATERIAL_REVIEW, orgs=3, persons=0, experts=24, members=1)

    def setUp(self) -> None:
        super().setUp()
        self.expert = Expert.objects.select_related("person").get(code="ZJ0004")

    def get(self, who: str, url: str) -> Any:
        return seated(self.world.people[who]).get(url)

    def page(self, who: str, url: str) -> str:
        answer = self.get(who, url)
        assert answer.status_code == 200
        return str(answer.content.decode())

    def codes(self, query: str) -> list[str]:
        return [row.code for row in self.get("office", f"/desk/experts/?{query}").context["rows"]]


@pytest.mark.duty("F1")
class TestList(Library):
    def test_each_filter_narrows(self) -> None:
        one = self.expert
        all_ = list(Expert.objects.order_by("code").values_list("code", flat=True))
        assert self.codes("") == all_
        for field in ("code", "employer", "title"):
            assert one.code in self.codes(f"q={getattr(one, field)}")
        assert self.codes(f"q={one.person.name}　{one.code}") == [one.code]
        assert self.codes("q=" + "查无此人") == []
        division = one.main_industries[0]
        assert self.codes(f"industry={division}") == [e.code for e in Expert.objects.order_by("code") if division in e.industries]
        assert self.codes(f"industry={division}&main=1") == [
            e.code for e in Expert.objects.order_by("code") if division in e.main_industries
        ]
        assert self.codes("leader=1") == list(Expert.objects.filter(leader=True).order_by("code").values_list("code", flat=True))
        assert self.codes(f"city={one.city}&kind={one.kind}") == [
            e.code for e in Expert.objects.order_by("code") if (e.city, e.kind) == (one.city, one.kind)
        ]
        assert self.codes("category=organization") == [e.code for e in Expert.objects.order_by("code") if "organization" in e.categories]
        assert self.codes("city=nowhere&status=?&industry=ZZ&sort=x&size=7") == all_  # what is not on offer narrows nothing

    def test_by_status_and_free_dates(self) -> None:
        self.world.do(panel.suspend_expert, "office", self.expert, remove=False, reason="核查")
        assert self.codes("status=suspended") == ["ZJ0004"]
        assert "ZJ0004" not in self.codes("status=fit")
        Expert.objects.filter(code="ZJ0005").update(approved_on="2020-01-01", confirmed_on=None)
        assert self.codes("status=late") == ["ZJ0005"]
        self.world.do(library.update_profile, "ZJ0006", Expert.objects.get(code="ZJ0006"), leader=True, city="")
        assert self.codes("status=changing") == ["ZJ0006"]
        day = clock.today().replace(year=2029)
        self.world.do(library.set_absences, "ZJ0007", Expert.objects.get(code="ZJ0007"), periods=[(day, day, "")])
        assert "ZJ0007" not in self.codes(f"free_from={day}&free_until={day}")
        assert "ZJ0007" in self.codes(f"free_from={day.replace(year=2028)}")

    def test_as_many_queries_for_three_as_for_all(self) -> None:
        client = seated(self.world.people["office"])
        client.get("/desk/experts/")
        counts = []
        for query in ("?q=ZJ000", ""):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                client.get(f"/desk/experts/{query}")
            counts.append(len(asked))
        assert counts[0] == counts[1]
        assert 5 < counts[0] < 25

    def test_who_has_the_list(self) -> None:
        for who in ("office", "agency", "inspector"):
            assert self.expert.person.name in self.page(who, "/desk/experts/")
        owner = next(iter(self.world.owners.values()))
        for client in (seated(owner), seated(self.world.people["ZJ0004"]), seated(self.world.people["chair"])):
            assert client.get("/desk/experts/").status_code == 404
        assert seated(owner).get("/desk/experts/ZJ0004/").status_code == 404


@pytest.mark.duty("F1", "K7")
class TestPage(Library):
    def setUp(self) -> None:
        super().setUp()
        self.world.do(library.set_bank, "ZJ0004", self.expert, bank="某银行某支行", holder="户主某", number=NUMBER)

    def test_the_account_is_masked_and_not_there_for_the_agency(self) -> None:
        for who in ("office", "inspector", "ZJ0004"):
            page = self.page(who, "/desk/experts/ZJ0004/")
            assert "**** 8777" in page
            assert not any(secret in page for secret in (NUMBER, "某银行某支行", "户主某"))
        agency = self.page("agency", "/desk/experts/ZJ0004/")
        assert "收款账户" not in agency
        assert "8777" not in agency

    def test_the_office_opens_it_once_and_on_record(self) -> None:
        client, url = seated(self.world.people["office"]), "/desk/experts/ZJ0004/bank/"
        assert client.get(url).status_code == 303
        assert not JournalEntry.objects.filter(act="panel.look_bank").exists()
        answer = client.post(url)
        assert NUMBER in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        assert JournalEntry.objects.filter(act="panel.look_bank", kind="look").count() == 1
        for who in ("agency", "inspector", "ZJ0004"):
            assert seated(self.world.people[who]).post(url).status_code == 404
        BankAccount.objects.all().delete()
        assert client.post(url).status_code == 303

    def test_ones_own_record_and_nobody_elses(self) -> None:
        assert self.expert.person.name in self.page("ZJ0004", "/desk/profile/")
        assert self.get("ZJ0004", "/desk/experts/ZJ0005/").status_code == 404
        assert self.get("office", "/desk/profile/").status_code == 404

    def test_what_may_be_done_next(self) -> None:
        office, own, inspector = (self.page(who, "/desk/experts/ZJ0004/") for who in ("office", "ZJ0004", "inspector"))
        assert "/desk/do/panel.suspend_expert/" in office
        assert "/desk/do/panel.reinstate_expert/" not in office
        assert "/desk/do/panel.update_profile/" in own
        assert "/desk/do/" not in inspector

    def test_an_appraisal_is_not_shown_to_whom_it_is_about(self) -> None:
        one = Panel.objects.filter(sheets__isnull=False).distinct()[0]
        who = Expert.objects.filter(sheets__panel=one).distinct()[0]
        self.world.do(library.appraise, "agency", one, expert=who, rating="fair", text="按时完成，评语偏简")
        assert "评语偏简" in self.page("agency", f"/desk/experts/{who.code}/")
        assert "评语偏简" not in self.page(who.code, "/desk/profile/")

    def test_confirming_stands_in_front_once_it_is_due(self) -> None:
        button = 'class="btn{}" href="/desk/do/panel.confirm_profile/'
        assert button.format("") in self.page("ZJ0004", "/desk/profile/")
        Expert.objects.filter(code="ZJ0004").update(approved_on="2020-01-01", confirmed_on=None)
        assert button.format(" btn-primary") in self.page("ZJ0004", "/desk/profile/")

    def test_a_change_is_shown_side_by_side(self) -> None:
        self.world.do(library.update_profile, "ZJ0004", self.expert, employer="河北新某研究院", grounds="调动")
        row = self.expert.revisions.get()
        for url in ("/desk/experts/ZJ0004/", f"/desk/do/panel.rule_on_revision/revision:{row.pk}/"):
            page = self.page("office", url)
            assert self.expert.employer in page
            assert "河北新某研究院" in page
        assert self.get("agency", f"/desk/do/panel.rule_on_revision/revision:{row.pk}/").status_code == 404


@pytest.mark.duty("F1")
class TestSheets(Library):
    def take(self, who: str = "office", **data: str) -> bytes:
        answer = seated(self.world.people[who]).post("/desk/library/export/", data)
        assert answer["Content-Disposition"].startswith("attachment")
        return bytes(answer.content)

    def send(self, data: bytes, who: str = "office", **more: str) -> Any:
        return seated(self.world.people[who]).post("/desk/library/import/", {"file": SimpleUploadedFile("专家.xlsx", data), **more})

    def rows(self, data: bytes) -> list[experts.ExpertRow]:
        read = read_stream("a.xlsx", io.BytesIO(data), ReadLimits())
        assert read.value is not None
        found, problems = experts.read(read.value, self.world.pack, clock.today())
        assert problems == []
        return found

    def test_what_is_taken_out_can_be_brought_in_and_changes_nothing(self) -> None:
        rows = self.rows(self.take())
        found, problems = expert_run.plan(rows)
        assert (problems, found.new, found.changed, found.same) == ([], (), (), 24)
        last = JournalEntry.objects.latest("pk")
        assert (last.act, json.loads(last.body)["payload"]) == ("panel.export_experts", {"experts": 24, "narrowed": {}})

    def test_a_part_is_taken_out_and_on_record_as_such(self) -> None:
        rows = self.rows(self.take("agency", city=self.expert.city))
        assert {row.values["city"] for row in rows} == {self.expert.city}
        assert json.loads(JournalEntry.objects.latest("pk").body)["payload"]["narrowed"] == {"city": self.expert.city}

    def test_a_changed_row_is_corrected_by_the_office(self) -> None:
        data = self.take()
        Expert.objects.filter(code="ZJ0004").update(title="改动过")
        assert "更新 1 名" in self.send(data, step="check").content.decode()
        assert Expert.objects.get(code="ZJ0004").title == "改动过"
        assert self.send(data, "agency", step="import").status_code == 422  # a correction is the office's
        assert self.send(data, step="import").status_code == 303
        assert Expert.objects.get(code="ZJ0004").title == self.expert.title
        assert JournalEntry.objects.latest("pk").act == "panel.amend_expert"

    def test_somebody_else_under_a_known_code_is_a_fault_with_its_place(self) -> None:
        data = self.take()
        Person.objects.filter(pk=self.expert.person_id).update(name="他人")
        answer = self.send(data, step="import")
        assert answer.status_code == 422
        assert [(p.column, p.wrong) for p in answer.context["problems"]] == [("姓名", "专家编号“ZJ0004”已在库中，姓名与此不同")]

    def test_what_is_no_workbook(self) -> None:
        for data in (b"", b"PK\x03\x04broken", b"<html>"):
            assert self.send(data, step="import").status_code == 422
        assert seated(self.world.people["office"]).post("/desk/library/import/", {}).status_code == 422
        assert self.get("inspector", "/desk/library/import/").status_code == 404
        assert self.get("office", "/desk/library/template.xlsx").status_code == 200
