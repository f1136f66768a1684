"""Every clock of a cycle, where it stands, and who sees it; nothing is guessed, and the queries do not grow (L1, L2, G5, K3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.faces.office import cycles
from tests.faces.public import data
from zhiheng.foundation import clock
from zhiheng.foundation.packs.models import CalendarYear
from zhiheng.foundation.parties.models import Ban
from zhiheng.foundation.publicity.models import Objection
from zhiheng.process.deadlines import KINDS, Deadline, Kind, State, by_day, deadlines, pressing, undated
from zhiheng.rules.lifecycle import EntryStatus, Role, Stage
from zhiheng.stages.commendation.models import Approval, Certificate, LedgerLine, UseReport
from zhiheng.stages.committee.models import Meeting
from zhiheng.stages.panel.models import Draw, Panel
from zhiheng.stages.review.models import Handover
from zhiheng.stages.sitevisit.models import Visit
from zhiheng.stages.survey.models import Poll

E = EntryStatus


@pytest.fixture
def world(db: None) -> Iterator[cycles.World]:
    made = cycles.world()
    with clock.travel(cycles.NOW):
        yield made


def on(day: date, world: cycles.World, role: Role = Role.OFFICE, hour: int = 10) -> list[Deadline]:
    with clock.travel(clock.at(day, hour)):
        return deadlines(world.people[role], world.cycle)


def only(found: list[Deadline], kind: Kind) -> Deadline:
    [one] = [one for one in found if one.kind is kind]
    return one


def item(world: cycles.World, number: int = 1) -> dict[str, Any]:
    return data.item(f"2026-Z-{number:04d}", "某公司", award="组织奖")


def test_applying_runs_to_the_minute(world: cycles.World) -> None:
    day = date(2026, 4, 28)
    assert [only(on(d, world, hour=h), Kind.APPLICATION).state for d, h in ((date(2026, 3, 8), 9), (day, 17), (day, 18))] == [
        State.AHEAD, State.RUNNING, State.DONE,
    ]  # fmt: skip
    one = only(on(day, world), Kind.APPLICATION)
    assert (one.first, one.last, one.at, one.article) == (date(2026, 3, 9), day, clock.at(day, 18), "四(一)")
    world.cycle.pinned_at = None
    assert [one.kind for one in on(day, world)] == []


def test_a_notice_runs_is_due_and_is_done(world: cycles.World) -> None:
    notice = data.notice(
        world.cycle, world.cities[1], "city_publicity", clock.at(date(2026, 5, 6)), [item(world, 1), item(world, 2)], days=5
    )
    assert notice.ends_on == date(2026, 5, 12)  # Saturday the 9th is worked
    running = only(on(date(2026, 5, 12), world), Kind.PUBLICITY)
    assert (running.state, running.left, running.note) == (State.RUNNING, 1, "2026年5月13日起可以办理结束公示")
    assert only(on(date(2026, 5, 7), world), Kind.PUBLICITY).left == 5
    assert running.title.endswith("（唐山市）")
    due = only(on(date(2026, 5, 13), world), Kind.PUBLICITY)
    assert (due.state, due.note, due.left) == (State.DUE, "公示期满，可以办理结束公示", None)
    assert due.entries == ("2026-Z-0001", "2026-Z-0002")
    assert due.pressing
    notice.closed_at = clock.at(date(2026, 5, 13))
    notice.save()
    done = only(on(date(2026, 5, 14), world), Kind.PUBLICITY)
    assert (done.state, done.entries, done.pressing) == (State.DONE, (), False)


def test_an_announcement_has_no_clock(world: cycles.World) -> None:
    data.notice(world.cycle, world.office, "call_announcement", clock.at(date(2026, 3, 5)), words={"deadline": "2026年4月28日"})
    assert [one.kind for one in on(date(2026, 5, 15), world)] == [Kind.APPLICATION]


def objection(notice: Any, **more: Any) -> Objection:
    fields = {"name": "张三", "contact": "10000000000", "content": "不实", "formal": True, "entry": "2026-Z-0001"}
    number = f"YY{notice.code}-{notice.objections.count() + 1}"
    return Objection.objects.create(number=number, notice=notice, received_at=clock.at(date(2026, 5, 8)), **{**fields, **more})


def test_an_objection_holds_the_closing(world: cycles.World) -> None:
    notice = data.notice(world.cycle, world.cities[0], "city_publicity", clock.at(date(2026, 5, 6)), [item(world)], days=5)
    row = objection(notice)
    objection(notice, formal=False, status="lead")
    found = on(date(2026, 5, 12), world)
    assert only(found, Kind.OBJECTION).state is State.RUNNING
    assert only(found, Kind.PUBLICITY).note == "2026年5月13日起可以办理结束公示；尚有1件正式异议未办结，答复后方可结束公示"
    found = on(date(2026, 5, 13), world)
    one = only(found, Kind.OBJECTION)
    assert (one.state, one.last, one.entries, one.notice) == (State.DUE, date(2026, 5, 12), ("2026-Z-0001",), notice.code)
    assert "张三" not in f"{one}"
    assert only(found, Kind.PUBLICITY).note == "尚有1件正式异议未办结，答复后方可结束公示"
    row.status = "dismissed"
    row.save()
    assert [one.kind for one in on(date(2026, 5, 13), world)] == [Kind.PUBLICITY, Kind.APPLICATION]


def test_objections_are_seen_by_whom_they_concern(world: cycles.World) -> None:
    for city in world.cities[:2]:
        objection(data.notice(world.cycle, city, "city_publicity", clock.at(date(2026, 5, 6)), [item(world)], days=5))
    seen = {role: sum(one.kind is Kind.OBJECTION for one in on(date(2026, 5, 12), world, role)) for role in KINDS}
    assert seen == {Role.OFFICE: 2, Role.INSPECTOR: 2, Role.CHAIR: 0, Role.AGENCY: 0, Role.RECOMMENDER: 1}


def test_the_survey_is_one_window(world: cycles.World) -> None:
    for number in (1, 2):
        entry = world.person(number, E.REVIEWED, f"王{number}", "研究所")
        Poll.objects.create(entry=entry, cycle=world.cycle, opened_at=clock.at(date(2026, 5, 11)), closes_at=clock.at(date(2026, 5, 19), 0))
    one = only(on(date(2026, 5, 18), world), Kind.SURVEY)
    assert (one.title, one.first, one.last, one.state) == ("公众满意度测评（2名）", date(2026, 5, 11), date(2026, 5, 18), State.RUNNING)
    late = only(on(date(2026, 5, 19), world), Kind.SURVEY)
    assert (late.state, late.note, len(late.entries)) == (State.DUE, "测评已经截止，可以统计结果", 2)
    Poll.objects.update(closed_at=clock.at(date(2026, 5, 19)))
    assert only(on(date(2026, 5, 19), world), Kind.SURVEY).state is State.DONE


def visit(world: cycles.World, number: int, first: date, last: date, ended: date | None = None) -> Visit:
    entry = world.entry(number, E.SHORTLISTED)
    draw, _ = Draw.objects.get_or_create(
        cycle=world.cycle, round="site", defaults={"frozen": {}, "pool_digest": "0", "frozen_at": cycles.NOW}
    )
    kind = {"award": "organization", "category": "organization", "round": "site"}
    panel = Panel.objects.create(code=f"S{number}", cycle=world.cycle, draw=draw, **kind)
    panel.entries.add(entry)
    fields = {"plan": "计划", "planned_from": first, "planned_until": last, "planned_at": cycles.NOW, "ended_on": ended}
    return Visit.objects.create(entry=entry, panel=panel, cycle=world.cycle, **fields)


def test_a_visit_past_its_plan_is_late(world: cycles.World) -> None:
    visit(world, 1, date(2026, 5, 11), date(2026, 5, 12))
    late = only(on(date(2026, 5, 13), world), Kind.VISIT)
    assert (late.state, late.title, late.entries) == (State.OVERDUE, "现场评审 2026-Z-0001", ("2026-Z-0001",))
    Visit.objects.update(ended_on=date(2026, 5, 13))
    assert only(on(date(2026, 5, 13), world), Kind.VISIT).note == "末次会议：2026年5月13日"


def test_the_agency_has_its_working_days_after_the_last_closing_meeting(world: cycles.World) -> None:
    world.cycle.stage = Stage.SITE_VISIT.value
    visit(world, 1, date(2026, 5, 11), date(2026, 5, 12), date(2026, 5, 12))
    visit(world, 2, date(2026, 5, 14), date(2026, 5, 15))
    assert Kind.HANDOVER not in {one.kind for one in on(date(2026, 5, 14), world)}  # not while one is under way
    Visit.objects.filter(ended_on=None).update(ended_on=date(2026, 5, 15))
    one = only(on(date(2026, 5, 18), world, Role.AGENCY), Kind.HANDOVER)
    assert (one.first, one.last, one.state, one.left) == (date(2026, 5, 15), date(2026, 5, 29), State.RUNNING, 10)
    assert only(on(date(2026, 5, 29), world), Kind.HANDOVER).left == 1
    assert only(on(date(2026, 5, 30), world), Kind.HANDOVER).state is State.OVERDUE
    Handover.objects.create(
        cycle=world.cycle, round="site", summary="x", handed_at=clock.at(date(2026, 6, 1)), due_on=date(2026, 5, 29), overdue=True
    )
    done = only(on(date(2026, 6, 2), world), Kind.HANDOVER)
    assert (done.state, done.note) == (State.DONE, "2026年6月1日提交，逾期")


def test_where_the_calendar_does_not_reach_no_day_is_named(world: cycles.World) -> None:
    world.cycle.stage = Stage.SITE_VISIT.value
    CalendarYear.objects.filter(year__gt=2026).delete()
    visit(world, 1, date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 25))
    one = only(on(date(2026, 12, 28), world), Kind.HANDOVER)
    assert (one.state, one.last) == (State.UNKNOWN, None)
    assert "未收录2027年放假安排" in one.note
    assert on(date(2026, 12, 28), world)[-1] == one  # at the end: it has no day to stand by


def test_a_meeting_is_due_until_it_has_ended(world: cycles.World) -> None:
    meeting = Meeting.objects.create(code="M1", cycle=world.cycle, members=5, held_on=date(2026, 5, 15))
    states = [only(on(date(2026, 5, day), world), Kind.MEETING).state for day in (14, 15, 16)]
    assert states == [State.AHEAD, State.RUNNING, State.DUE]
    meeting.status = "failed"
    meeting.save()
    assert only(on(date(2026, 5, 16), world, Role.CHAIR), Kind.MEETING).note == "未达法定人数"


def won(world: cycles.World) -> Any:
    entry = world.entry(3, E.AWARDED)
    Approval.objects.create(cycle=world.cycle, entries=[entry.code], approved_on=date(2026, 2, 28))
    return entry


def test_after_the_award_the_window_and_the_bans_run(world: cycles.World) -> None:
    entry = won(world)
    Ban.objects.create(party=entry.party, from_on=date(2026, 5, 1), until=date(2031, 5, 1), duty="K1", article="七(一)", cause="虚假材料")
    found = on(date(2026, 5, 15), world, Role.RECOMMENDER)
    window, ban = only(found, Kind.WINDOW), only(found, Kind.BAN)
    assert (window.last, window.title, window.state) == (date(2029, 2, 28), "获奖之日起3年监督期", State.RUNNING)
    assert (ban.title, ban.last, ban.state) == ("不予受理期届满 2026-Z-0003", date(2031, 5, 1), State.RUNNING)
    assert {one.kind for one in on(date(2026, 5, 15), world, Role.AGENCY)} == {Kind.APPLICATION}


def test_what_is_open_without_a_date(world: cycles.World) -> None:
    entry = won(world)
    LedgerLine.objects.create(entry=entry, kind="awarded", amount=500_000, on=date(2026, 3, 1))
    Certificate.objects.create(number="Z1", entry=entry, cycle=world.cycle, issued_on=date(2026, 3, 1))
    titles = lambda role: [one.title for one in undated(world.people[role], world.cycle)]  # noqa: E731
    assert titles(Role.OFFICE) == titles(Role.INSPECTOR) == ["奖金待发放"]
    assert titles(Role.RECOMMENDER) == titles(Role.CHAIR) == []
    LedgerLine.objects.create(entry=entry, kind="paid", amount=500_000, on=date(2026, 3, 2))
    assert titles(Role.OFFICE) == ["奖励经费使用情况待报告"]
    UseReport.objects.create(entry=entry, purpose="x", amount=500_000, text="x", reported_at=cycles.NOW)
    assert titles(Role.OFFICE) == []
    entry.status = E.REVOKED.value
    entry.save()
    LedgerLine.objects.create(entry=entry, kind="recall", amount=500_000, on=date(2026, 3, 3))
    Certificate.objects.update(revoked_on=date(2026, 3, 3))
    assert titles(Role.OFFICE) == ["奖金待追缴", "证书、奖牌或者奖杯待收回"]


def test_late_and_due_ones_stand_in_front(world: cycles.World) -> None:
    data.notice(world.cycle, world.office, "accepted_list", clock.at(date(2026, 5, 6)), [item(world)], days=5)
    data.notice(world.cycle, world.cities[0], "city_publicity", clock.at(date(2026, 5, 13)), [item(world)], days=5)
    visit(world, 1, date(2026, 5, 13), date(2026, 5, 14))
    found = on(date(2026, 5, 15), world)
    assert [(one.kind, one.state) for one in found] == [
        (Kind.VISIT, State.OVERDUE), (Kind.PUBLICITY, State.DUE), (Kind.APPLICATION, State.DONE), (Kind.PUBLICITY, State.RUNNING),
    ]  # fmt: skip
    assert pressing(found) == found[:2]
    days = by_day(found, date(2026, 5, 1), date(2026, 5, 14))
    assert {day.day: [one.kind for one in ones] for day, ones in days.items()} == {
        13: [Kind.VISIT, Kind.PUBLICITY], 14: [Kind.VISIT], 12: [Kind.PUBLICITY], 6: [Kind.PUBLICITY],
    }  # fmt: skip


@pytest.mark.parametrize("role", [role for role in Role if role not in KINDS and role is not Role.PUBLIC])
def test_nobody_else_sees_any(world: cycles.World, role: Role) -> None:
    data.notice(world.cycle, world.office, "accepted_list", clock.at(date(2026, 5, 6)), [item(world)], days=5)
    assert on(date(2026, 5, 15), world, role) == []


def test_the_queries_do_not_grow(world: cycles.World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            deadlines(world.people[Role.OFFICE], world.cycle)
            undated(world.people[Role.OFFICE], world.cycle)
        return len(captured)

    def more(first: int, number: int) -> None:
        for n in range(first, first + number):
            posted = clock.at(date(2026, 5, 6) + timedelta(days=n % 3))
            notice = data.notice(world.cycle, world.cities[n % 3], "city_publicity", posted, [item(world, n)], days=5)
            objection(notice)
            visit(world, n, date(2026, 5, 11), date(2026, 5, 12))
            entry = world.entry(1000 + n, E.AWARDED)
            LedgerLine.objects.create(entry=entry, kind="awarded", amount=1, on=date(2026, 3, 1))
            Ban.objects.create(party=entry.party, from_on=date(2026, 5, 1), until=date(2031, 5, 1), duty="K1", article="七(一)", cause="x")

    won(world)
    more(10, 1)
    asked()
    one = asked()
    more(20, 12)
    assert asked() == one
