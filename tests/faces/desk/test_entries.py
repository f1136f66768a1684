"""The list of entries and the page of one: who opens what, what nobody may learn from it, and that it costs the same for many (T1, T2, T4)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.faces.seating import seated, text
from tests.stages.playing import Played, played
from zhiheng.foundation.acts import ActError, Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.parties.models import Party
from zhiheng.foundation.publicity.models import Objection
from zhiheng.process import reach
from zhiheng.process.register import application, panel
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import Entry
from zhiheng.stages.panel.models import Expert
from zhiheng.stages.review.models import Sheet

LIST = "/desk/entries/"


def url(entry: Entry) -> str:
    return f"/desk/entries/{entry.code}/"


class Standing(Played):
    stop = Stage.SUPERVISION
    experts = 40

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        return played(cls.stop, orgs=5, persons=2, experts=cls.experts, members=5)

    @property
    def actors(self) -> list[Acting]:
        """One of each role, and of applicants and recommenders two."""
        found: dict[Role, list[Acting]] = {}
        for who in [*self.world.people.values(), *self.world.owners.values()]:
            if who not in found.setdefault(who.role, []):
                found[who.role].append(who)
        return [who for some in found.values() for who in some[:2]]

    def browser(self, who: str | Acting) -> Client:
        return seated(self.world.people[who] if isinstance(who, str) else who)

    @property
    def winner(self) -> Entry:
        return self.cycle.entries.filter(status="awarded").select_related("owner", "recommender").order_by("code")[0]


@pytest.mark.duty("L1")
class TestWhoOpensWhat(Standing):
    def test_every_role_opens_just_what_it_reaches(self) -> None:
        for who in self.actors:
            browser = self.browser(who)
            open_to = set(reach.entries(who).values_list("code", flat=True))
            shown = text(browser.get(LIST))
            for entry in Entry.objects.all():
                expected = 200 if entry.code in open_to else 404
                assert browser.get(url(entry)).status_code == expected, (who.role, entry.code)
                assert (entry.code in shown) == (entry.code in open_to), (who.role, entry.code)

    def test_not_signed_in_is_sent_to_sign_in(self) -> None:
        for path in (LIST, url(self.winner)):
            answer = Client().get(path)
            assert answer.status_code == 302
            assert answer["Location"].endswith(f"next={path}")

    def test_nothing_is_kept_by_a_cache(self) -> None:
        answer = self.browser("office").get(url(self.winner))
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]
        assert "Cookie" in answer["Vary"]

    def test_the_office_reads_the_whole_file(self) -> None:
        shown = text(self.browser("office").get(url(self.winner)))
        for title in (
            "申报表",
            "证实性材料",
            "推荐意见",
            "资格审查",
            "公示公告",
            "专家评分表",
            "评审得分",
            "现场评审",
            "审议表决",
            "证书和奖金",
            "办理记录",
        ):
            assert title in shown, title
        sheet = Sheet.objects.filter(entry=self.winner).select_related("expert__person").first()
        assert sheet is not None
        assert sheet.expert.person.name in shown
        assert "登记奖金发放" in shown

    def test_the_days_of_a_form_are_written_as_days(self) -> None:
        incident = {"kind": "quality", "major": False, "on": "2023-04-05"}
        entry = self.cycle.entries.filter(party__kind="organization").order_by("code")[0]
        Entry.objects.filter(pk=entry.pk).update(form={"established_on": "2009-05-01", "incidents": [incident]})
        shown = text(self.browser("office").get(url(entry)))
        assert "成立日期 2009年5月1日" in shown
        assert "质量事故（一般），2023年4月5日" in shown

    def test_text_is_only_text(self) -> None:
        entry = self.winner
        Entry.objects.filter(pk=entry.pk).update(name='<script>alert("n")</script>', form={"achievements": "<img src=x onerror=alert(1)>"})
        for page in (LIST, url(entry)):
            answer = self.browser("office").get(page).content.decode()
            assert "<script>alert" not in answer
            assert "<img src=x" not in answer

    def test_an_address_with_odd_characters_is_not_found(self) -> None:
        for code in ("x", "%00", "' OR 1=1", "2024-Z-0001%0a", "../../etc"):
            assert self.browser("office").get(f"/desk/entries/{code}/").status_code == 404, code


@pytest.mark.duty("F2")
class TestWhatNobodyLearns(Standing):
    def canaries(self) -> list[str]:
        """Names and codes of all experts, and their persons' codes."""
        rows = Expert.objects.select_related("person")
        return [word for row in rows for word in (row.person.name, row.code, row.person.code)]

    def test_no_expert_is_named_to_the_judged_or_their_recommender(self) -> None:
        canaries, scored = self.canaries(), 0
        for who in [*self.world.owners.values(), *(w for w in self.world.people.values() if w.role == Role.RECOMMENDER)]:
            browser = self.browser(who)
            pages = [browser.get(LIST).content.decode()]
            for entry in reach.entries(who):
                pages.append(browser.get(url(entry)).content.decode())
                scored += Sheet.objects.filter(entry=entry).count()
            page = "".join(pages)
            assert [word for word in canaries if word in page] == [], who.role
        assert scored > 0, "the pages had something that could leak"
        office = self.browser("office").get(url(self.winner)).content.decode()
        assert any(word in office for word in canaries), "the search finds what is there"

    def test_no_score_before_the_feedback_is_released(self) -> None:
        self.cycle.feedback_release.delete() if hasattr(self.cycle, "feedback_release") else None
        entry = self.winner
        totals = {f"{float(row.total):.2f}" for row in [*entry.results.all(), *entry.finals.all(), *entry.sheets.all()]}
        assert totals
        page = self.browser(self.world.owners[entry.code]).get(url(entry)).content.decode()
        assert [total for total in totals if total in page] == []
        assert [total for total in totals if total in self.browser("office").get(url(entry)).content.decode()] != []

    def test_who_objects_is_not_told_to_whom_they_object(self) -> None:
        entry = self.winner
        notice = self.cycle.notices.filter(kind="proposed_winners")[0]
        Objection.objects.create(
            number="YY-CANARY", notice=notice, entry=entry.code, name="举报人甲", contact="13900000000", content="内情若干",
            received_at=notice.posted_at, formal=True,
        )  # fmt: skip
        words = ("YY-CANARY", "举报人甲", "13900000000", "内情若干")
        for who, told in (
            (self.world.owners[entry.code], False),
            (self.world.people["office"], True),
            (self.world.people["inspector"], True),
        ):
            page = self.browser(who).get(url(entry)).content.decode()
            assert [word in page for word in words] == [told] * 4, who.role

    def test_refusals_are_for_who_oversees(self) -> None:
        entry = self.winner
        with pytest.raises(ActError):
            self.world.do(application.withdraw, self.world.owners[entry.code], entry)
        assert "未准许" in text(self.browser("office").get(url(entry)))
        assert "未准许" not in text(self.browser(self.world.owners[entry.code]).get(url(entry)))

    def test_who_is_recused_reads_nothing_of_the_content(self) -> None:
        entry, office = self.winner, self.world.people["office"]
        Entry.objects.filter(pk=entry.pk).update(form={"achievements": "独有的业绩"})
        before = self.browser(office).get(url(entry)).content.decode()
        assert "独有的业绩" in before
        assert "/do/commendation.pay/" in before
        self.world.do(panel.declare_conflict, office, entry, person=office.person, kind="declared", grounds="亲属任职")
        page = self.browser(office).get(url(entry))
        shown = text(page)
        assert "您已回避本项申报" in shown
        assert "独有的业绩" not in shown
        assert 'id="judged"' not in page.content.decode()
        assert "/do/commendation.pay/" not in page.content.decode()


@pytest.mark.duty("F2")
class TestUnderTheVeil(Standing):
    """The scores are handed over and the list is not yet public."""

    stop = Stage.SHORTLIST

    def setUp(self) -> None:
        super().setUp()
        below = self.cycle.entries.filter(status="reviewed").order_by("code")[0]
        Entry.objects.filter(pk=below.pk).update(status="below_material")
        self.below = Entry.objects.select_related("recommender").get(pk=below.pk)
        self.passed = self.cycle.entries.filter(status="reviewed").order_by("code")[0]

    def test_who_passed_shows_in_no_status_filter_or_count(self) -> None:
        for entry in (self.below, self.passed):
            unit = next(w for w in self.world.people.values() if w.unit and w.unit.pk == entry.recommender_id)
            for who in (self.world.owners[entry.code], unit):
                browser = self.browser(who)
                for page in (browser.get(LIST), browser.get(url(entry))):
                    shown = text(page).replace("全部状态", "")
                    badges = page.content.decode()
                    assert '"badge tone-over">材料评审' not in badges
                    assert "已受理" in shown
                filtered = text(browser.get(LIST, {"status": "accepted"}))
                assert entry.code in filtered, who.role
                for status in ("reviewed", "below_material"):
                    assert entry.code not in text(browser.get(LIST, {"status": status})), (who.role, status)

    def test_the_office_sees_where_each_stands(self) -> None:
        assert self.below.code in text(self.browser("office").get(LIST, {"status": "below_material"}))
        assert self.below.code not in text(self.browser("office").get(LIST, {"status": "accepted"}))

    def test_no_button_tells_it_either(self) -> None:
        for entry in (self.below, self.passed):
            shown = text(self.browser(self.world.owners[entry.code]).get(url(entry)))
            assert "未达标" not in shown
            assert "当前状态为" not in shown


@pytest.mark.duty("F2")
class TestScoring(Standing):
    """The material review has begun, and some sheets are in."""

    stop = Stage.MATERIAL_REVIEW

    def test_a_sheet_is_asked_for_once_and_the_panels_are_read_after_ones_own(self) -> None:
        sheet = Sheet.objects.filter(voided_at=None).select_related("expert__person", "entry", "panel")[0]
        browser = self.browser(sheet.expert.code)
        assert "/do/review.submit_sheet/" not in browser.get(url(sheet.entry)).content.decode()
        others = [one.expert.code for one in sheet.panel.sheets.filter(entry=sheet.entry).select_related("expert") if one.pk != sheet.pk]
        assert others
        assert all(code in text(browser.get(url(sheet.entry))) for code in others)
        Sheet.objects.filter(pk=sheet.pk).update(voided_at=self.moment)
        page = browser.get(url(sheet.entry))
        assert "review/" in page.content.decode() or "/do/review.submit_sheet/" in page.content.decode()
        assert [code for code in others if code in text(page)] == []


class TestList(Standing):
    def test_filters_narrow_and_unknown_values_do_not(self) -> None:
        browser, entry = self.browser("office"), self.winner
        everything = text(browser.get(LIST))
        assert entry.code in text(browser.get(LIST, {"q": entry.name[:4]}))
        assert entry.code not in text(browser.get(LIST, {"q": "没有这个名字"}))
        assert "没有符合条件的申报项目" in text(browser.get(LIST, {"q": "没有这个名字"}))
        assert entry.code in text(browser.get(LIST, {"award": entry.award, "status": "awarded", "city": entry.recommender.code}))
        other = "individual" if entry.award == "organization" else "organization"
        assert entry.code not in text(browser.get(LIST, {"award": other}))
        odd = {"sort": "owner__person__name", "page": "x", "page_size": "10000000", "status": "' OR 1", "cycle": "1999", "q": "\x00"}
        assert text(browser.get(LIST, odd)) == everything

    def test_orders(self) -> None:
        browser = self.browser("office")
        for order, first in (("code", "code"), ("newest", "-submitted_at"), ("oldest", "submitted_at")):
            page = browser.get(LIST, {"sort": order}).content.decode()
            codes = list(reach.entries(self.world.people["office"]).order_by(first, "code").values_list("code", flat=True))
            places = [page.index(f">{code}<") for code in codes]
            assert places == sorted(places), order

    def test_the_same_number_of_queries_for_seven_and_for_seven_hundred(self) -> None:
        for name in ("office", "agency", "inspector"):
            who = self.world.people.get(name) or next(w for w in self.world.people.values() if w.role.value == name)
            browser = self.browser(who)
            browser.get(LIST)
            with CaptureQueriesContext(connection) as few:
                browser.get(LIST, {"page_size": "500"})
            self.grow(700)
            with CaptureQueriesContext(connection) as many:
                answer = browser.get(LIST, {"page_size": "500"})
            assert answer.content.decode().count("<tr") > 400
            assert len(few) == len(many), name
            Entry.objects.filter(code__startswith="Y-").delete()
            Party.objects.filter(identity__startswith="y:").delete()

    def grow(self, number: int) -> None:
        like = self.winner
        parties = Party.objects.bulk_create(Party(identity=f"y:{n}", kind="organization", name=f"公司{n}") for n in range(number))
        Entry.objects.bulk_create(
            Entry(
                code=f"Y-{n:04d}", cycle=like.cycle, party=party, owner=like.owner, recommender=like.recommender, award=like.award,
                category=like.category, status="awarded", name=f"公司{n}", industry="13", submitted_at=like.submitted_at,
            )
            for n, party in enumerate(parties)
        )  # fmt: skip

    def test_only_staff_may_have_five_hundred_on_a_page(self) -> None:
        self.grow(120)
        owner = self.world.owners[self.winner.code]
        assert self.browser("office").get(LIST, {"page_size": "500"}).content.decode().count("<tr") > 100
        page = self.browser(owner).get(LIST, {"page_size": "500"})
        assert page.content.decode().count('<tr role="row"><td') == 50
        assert "第 1 页，共 3 页" in text(page)

    def test_a_page_costs_the_same_however_much_hangs_on_the_entry(self) -> None:
        entry = self.winner
        for who in self.actors:
            if not reach.entries(who).filter(pk=entry.pk).exists():
                continue
            browser = self.browser(who)
            browser.get(url(entry))
            with CaptureQueriesContext(connection) as few:
                browser.get(url(entry))
            first = entry.evidence.select_related("file").order_by("pk")[0]
            for n in range(12):
                entry.evidence.create(file=first.file, title=f"又一件{n}", proves=first.proves)
                Sheet.objects.filter(entry=entry).first()
            with CaptureQueriesContext(connection) as many:
                browser.get(url(entry))
            assert len(few) == len(many), who.role
            assert len(many) <= 65, (who.role, len(many))
