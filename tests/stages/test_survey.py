"""The public satisfaction survey: its window, one answer an identity, exact points, nobody behind an answer (F5, H2; Q24, Q25, T12)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from tests.stages.drawing import payload
from tests.stages.playing import PUBLIC, Played, played
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, NotPermitted
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.packs.models import PackVersion
from zhiheng.foundation.parties.models import Party
from zhiheng.foundation.people.models import Person, Unit
from zhiheng.process.register import application, publicity, shortlist, survey
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.simulation.applying import letter
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import Entry
from zhiheng.stages.survey.models import Answer, Poll

CANARY = "130102199001011234"
CHOICES = ("satisfied", "basically_satisfied", "dissatisfied", "unknown")


def answers(poll: Poll, *counts: int) -> None:
    """So many answers of each choice, each of another identity."""
    number = 0
    for choice, count in zip(CHOICES, counts, strict=True):
        for _ in range(count):
            number += 1
            assert survey.answer(poll, f"voter-{number}", choice).ok


@pytest.mark.duty("F5", "H2")
class TestSurvey(Played):
    """The list is published since a minute: four organizations and several persons, of whom the authority spoke for two."""

    @classmethod
    def play(cls) -> tuple[World, Cycle]:
        world, cycle = played(Stage.SHORTLIST, persons=5)
        persons = list(cycle.entries.filter(award="individual", status="reviewed").order_by("code"))
        assert len(persons) > 2
        against = {e.code: "另有处分" for e in persons[2:]}
        world.do(shortlist.authority_opinion, "office", cycle, letter=letter("省表彰奖励主管部门", "函1号"), against=against)
        world.do(shortlist.approve, "chair", cycle)
        world.do(shortlist.publish, "office", cycle)
        world.minute()
        return world, cycle

    def setUp(self) -> None:
        super().setUp()
        self.notice = self.cycle.notices.get(kind="shortlist_publicity")
        assert self.notice.ends_on is not None
        self.end = clock.at(self.notice.ends_on + timedelta(days=1), 0)

    def why(self, act: Any, who: str | Acting, subject: Any = None, **details: Any) -> str:
        """The first reason of a refusal."""
        found: str = self.refused(act, who, subject, **details).refusals[0].text
        return found

    def opened(self) -> list[Poll]:
        self.world.do(survey.open_polls, "office", self.cycle)
        return list(Poll.objects.order_by("entry__code"))

    def said(self, poll: Poll, identity: str, choice: str = "satisfied") -> str:
        decision = survey.answer(poll, identity, choice)
        assert not decision.ok
        return decision.refusals[0].text

    def test_each_published_individual_is_surveyed_until_the_end_of_the_publicity(self) -> None:
        polls = self.opened()
        persons = self.cycle.entries.filter(award="individual", status="reviewed").order_by("code")
        assert [p.entry.code for p in polls] == [e.code for e in persons[:2]]
        assert {p.closes_at for p in polls} == {self.end}
        told = payload("survey.open")
        assert told["entries"] == [p.entry.code for p in polls]
        assert datetime.fromisoformat(told["closes_at"]) == self.end
        assert self.why(survey.open_polls, "office", self.cycle) == "测评已经启动"
        assert self.refused(survey.open_polls, "agency", self.cycle, error=NotPermitted).refusals[0].code == "role"

    def test_one_that_was_forgotten_runs_as_long_as_a_publicity_and_says_that_it_is_late(self) -> None:
        clock.set_to(self.end - timedelta(seconds=1))
        assert survey.open_polls.rehearse(self.world.people["office"], self.cycle).decision.warnings == ()
        clock.set_to(clock.at(date(2024, 9, 9), 9))
        told = self.world.do(survey.open_polls, "office", self.cycle).decision.warnings
        assert [reason.text for reason in told] == ["测评未与入围公示同时启动，自即日起单独进行，至2024年9月14日24时截止"]
        assert {p.closes_at for p in Poll.objects.all()} == {clock.at(date(2024, 9, 15), 0)}

    def test_where_nobody_is_to_be_asked_there_is_nothing_to_open(self) -> None:
        self.notice.items = [item for item in self.notice.items if "-Z-" in item["code"]]
        self.notice.save(update_fields=["items"])
        assert self.why(survey.open_polls, "office", self.cycle) == "公示的入围名单中没有须测评的申报个人，无须启动测评"

    def test_the_window(self) -> None:
        poll = self.opened()[0]
        closed = "测评已经截止，感谢您的关注"
        clock.set_to(self.moment - timedelta(seconds=1))
        assert self.said(poll, "a") == closed
        clock.set_to(self.moment)
        assert survey.answer(poll, "a", "satisfied").ok
        clock.set_to(self.end - timedelta(microseconds=1))
        assert survey.answer(poll, "b", "unknown").ok
        clock.set_to(self.end)
        assert self.said(poll, "c") == closed
        assert poll.answers.count() == 2

    def test_one_answer_an_identity_and_poll_however_it_is_written(self) -> None:
        first, second = self.opened()
        assert survey.answer(first, "13010219900101123x", "dissatisfied").ok
        for same in (
            "13010219900101123x",
            "13010219900101123X",
            " 13010219900101123x ",
            "1301 0219 9001 0112 3X",
            "１３０１０２１９９００１０１１２３Ｘ",
        ):
            assert self.said(first, same) == "您已参加对该申报人的测评，每人限评一次"
        assert survey.answer(second, "13010219900101123x", "satisfied").ok
        assert list(first.answers.values_list("choice", flat=True)) == ["dissatisfied"]
        for nobody in ("", "  "):
            assert self.said(first, nobody) == "请先完成身份核验"

    def test_only_the_four_answers(self) -> None:
        poll = self.opened()[0]
        for wrong in ("", "very", "满意", "SATISFIED"):
            assert self.said(poll, "a", wrong) == "请选择满意、基本满意、不满意或不了解"
        with pytest.raises(IntegrityError), transaction.atomic():
            Answer.objects.create(poll=poll, voter="x", choice="very")
        Answer.objects.create(poll=poll, voter="x", choice="unknown")
        with pytest.raises(IntegrityError), transaction.atomic():
            Answer.objects.create(poll=poll, voter="x", choice="satisfied")

    def test_the_points_are_exact_and_the_unknowing_left_out(self) -> None:
        first, second = self.opened()
        answers(first, 60, 30, 10, 20)
        answers(second, 100, 0, 0, 0)
        clock.set_to(self.end)
        self.world.do(survey.close, "office", self.cycle)
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.score, second.score) == (Fraction(88, 5), 20)
        counts = dict(zip(CHOICES, (60, 30, 10, 20), strict=True))
        assert first.counts == counts
        told = payload("survey.close")["polls"]
        assert [(p["entry"], p["counts"]) for p in told] == [(first.entry.code, counts), (second.entry.code, second.counts)]
        assert self.why(survey.close, "office", self.cycle) == "测评已经结束"
        assert self.said(first, "late") == "测评已经截止，感谢您的关注"

    def test_it_is_not_closed_early(self) -> None:
        assert self.why(survey.close, "office", self.cycle) == "测评尚未启动"
        self.opened()
        clock.set_to(self.end - timedelta(seconds=1))
        assert self.why(survey.close, "office", self.cycle) == f"测评至{chinese_date(self.notice.ends_on)}24时截止，不得提前结束"
        assert Poll.objects.filter(closed_at=None).count() == 2

    def test_too_few_answers_are_for_the_office_to_decide_with_a_reason(self) -> None:
        few, enough = self.opened()
        answers(few, 99, 0, 0, 50)
        answers(enough, 50, 49, 1, 0)
        assert self.why(survey.decide_few, "office", few, points="10", reason="研究") == "该测评不属于样本不足的情形"
        clock.set_to(self.end)
        receipt = self.world.do(survey.close, "office", self.cycle)
        assert [r.text[:12] for r in receipt.decision.warnings] == [f"{few.entry.code} "]
        few.refresh_from_db()
        assert few.score is None
        details = {"points": "15", "reason": "参照上届平均水平"}
        assert self.refused(survey.decide_few, "agency", few, error=NotPermitted, **details).refusals[0].code == "role"
        for points in ("", "abc", "-1", "1/3", "1e3", "nan", "15.12345", "1" * 4):
            assert self.why(survey.decide_few, "office", few, points=points, reason="研究") == "请填写有效分数"
        for points, reason in (("20.5", "研究"), ("15", "  ")):
            assert self.why(survey.decide_few, "office", few, points=points, reason=reason) == "请填写 0 至 20 分之间的得分和处理理由"
        self.world.do(survey.decide_few, "office", few, **details)
        few.refresh_from_db()
        assert (few.score, few.decided_by_office) == (15, "参照上届平均水平")
        assert payload("survey.decide_few")["reason"] == "参照上届平均水平"
        for poll in (few, enough):
            assert self.why(survey.decide_few, "office", poll, **details) == "该测评不属于样本不足的情形"

    def test_nothing_leads_from_an_answer_to_a_person(self) -> None:
        first, second = self.opened()
        before = JournalEntry.objects.count()
        assert survey.answer(first, CANARY, "dissatisfied").ok
        assert survey.answer(second, CANARY, "dissatisfied").ok
        assert self.said(first, CANARY)
        assert JournalEntry.objects.count() == before
        a, b = Answer.objects.order_by("poll__entry__code")
        assert a.voter != b.voter, "the same identity looks different in each poll"
        assert {f.name for f in Answer._meta.get_fields()} == {"id", "poll", "voter", "choice"}
        found = []
        with connection.cursor() as cursor:
            for model in apps.get_models(include_auto_created=True):
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
                found += [model.__name__ for row in cursor if CANARY in repr(row)]
        assert found == []
        answer = Person.objects.create(name=CANARY)
        with connection.cursor() as cursor:
            cursor.execute('SELECT * FROM "people_person"')
            assert any(CANARY in repr(row) for row in cursor), "the search would have found it"
        answer.delete()

    def test_a_withdrawn_candidate_keeps_the_poll_but_goes_no_further(self) -> None:
        poll = self.opened()[0]
        self.world.do(application.withdraw, self.world.owners[poll.entry.code], poll.entry, reason="另有安排")
        self.world.outlast(self.notice)
        self.world.do(publicity.close, "office", self.notice)
        self.world.do(survey.close, "office", self.cycle)
        self.world.do(shortlist.settle, "office", self.cycle)
        assert poll.entry.code not in payload("shortlist.settle")["shortlisted"]


def test_the_public_has_no_act_in_it() -> None:
    assert PUBLIC.role == Role.PUBLIC
    assert all(Role.PUBLIC not in act.roles for act in (survey.open_polls, survey.close, survey.decide_few))


@pytest.mark.duty("F5")
@pytest.mark.django_db(transaction=True)
def test_one_identity_many_times_at_once_is_one_answer() -> None:
    """The database refuses the second answer, however many come in the same moment."""
    now = clock.at(datetime(2024, 8, 1, tzinfo=clock.SHANGHAI).date(), 9)
    pack = PackVersion.objects.create(pack_id="p", version="1", digest="0" * 64, content="{}", stored_at=now)
    cycle = Cycle.objects.create(code="2024", year=2024, title="2024", pack=pack, stage=Stage.SHORTLIST.value)
    unit, person = Unit.objects.create(code="u", kind="recommender", name="某局"), Person.objects.create(name="某人")
    party = Party.objects.create(identity="id:x", kind="person", name="某人", person=person)
    fields = {"cycle": cycle, "party": party, "owner": person, "recommender": unit, "award": "individual", "category": "other"}
    entry = Entry.objects.create(code="2024-G-0001", name="某人", **fields)
    poll = Poll.objects.create(entry=entry, cycle=cycle, opened_at=now, closes_at=now + timedelta(days=7))

    def once(number: int) -> tuple[bool, str]:
        try:
            with clock.travel(now):
                done = survey.answer(poll, f"voter-{number % 2}", CHOICES[number % 4])
            return done.ok, done.text()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(once, range(32)))
    assert sum(ok for ok, _ in results) == 2
    assert {text.split("（")[0] for ok, text in results if not ok} == {"您已参加对该申报人的测评，每人限评一次"}
    assert Answer.objects.filter(poll=poll).count() == 2
