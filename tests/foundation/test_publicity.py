"""Publicity: posted for working days that are counted, open to objections, closed by nobody a second early (L2, J2, Q14, Q15)."""

import json
from datetime import date, datetime
from typing import Any

import pytest

from tests.foundation.conftest import Declare, Town, hebei_pack, moment
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting, NotPermitted, Outcome, Receipt, Refused
from zhiheng.foundation.administration.calendar import extend_calendar
from zhiheng.foundation.canonical import digest_of
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.journal import services as journal
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.notifications.models import Notification
from zhiheng.foundation.packs.models import CalendarYear
from zhiheng.foundation.packs.services import store
from zhiheng.foundation.publicity import selectors, services
from zhiheng.foundation.publicity.models import Notice, Objection
from zhiheng.rules.decision import Decision
from zhiheng.rules.lifecycle import Role

pytestmark = pytest.mark.duty("L2")
ITEMS = [{"code": "2026-O-0001", "name": "甲公司"}, {"code": "2026-O-0002", "name": "乙公司"}]
PUBLIC = Acting(Role.PUBLIC)
NAMED = {"name": "王异议", "contact": "0311-00000000"}
LAST, NEXT = moment(2026, 3, 9, 23, 59, 59), moment(2026, 3, 10)


def posted(town: Town, cycle: Cycle | None = None, code: str = "sjz", **changes: Any) -> Decision[Notice]:
    return services.post(cycle or town.cycle(), town.unit(Role.RECOMMENDER, code), "city_publicity", **({"items": ITEMS} | changes))


@pytest.fixture
def notice(town: Town) -> Notice:
    """A notice of the recommender sjz, posted on Monday 2026-03-02 for five working days: to the end of 2026-03-09."""
    return known(posted(town).value)


@pytest.fixture
def owner(town: Town) -> Acting:
    return town.acting(Role.RECOMMENDER, "sjz")


def known(notice: Notice | None) -> Notice:
    assert notice is not None
    return notice


def object_to(notice: Notice, at: datetime, acting: Acting = PUBLIC, **details: Any) -> Objection:
    with clock.travel(at):
        objection = services.lodge_objection(acting, notice, **({"content": "所报业绩不实"} | details)).value
    assert isinstance(objection, Objection)
    return objection


def refusal(spec: Any, acting: Acting, subject: Any, at: datetime | None = None, **details: Any) -> str:
    with clock.travel(at), pytest.raises(Refused) as caught:
        spec(acting, subject, **details)
    return caught.value.decision.text()


def close(notice: Notice, owner: Acting, at: datetime) -> Receipt:
    with clock.travel(at):
        return services.close(owner, notice)


# ------------------------------------------------------------------ posting


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 3, 2), date(2026, 3, 9)),
        (date(2026, 2, 12), date(2026, 2, 26)),
        (date(2026, 4, 30), date(2026, 5, 11)),
        (date(2026, 9, 30), date(2026, 10, 13)),
    ],
)
def test_the_end_is_counted_in_working_days_and_written_out(town: Town, day: date, end: date) -> None:
    with clock.travel(clock.at(day, 23, 59)):
        notice = known(posted(town).value)
    assert (notice.days, notice.ends_on, notice.posted_at) == (5, end, clock.at(day, 23, 59))
    assert f"公示期为{day.year}年{day.month}月{day.day}日至{end.year}年{end.month}月{end.day}日（不少于5个工作日）" in notice.body
    assert notice.title == "关于2026年度河北省政府质量奖拟推荐名单的公示"
    assert notice.digest == digest_of({"title": notice.title, "body": notice.body, "items": ITEMS})


def test_a_longer_period_may_be_chosen_a_shorter_one_not(town: Town) -> None:
    cycle = town.cycle()
    assert known(posted(town, cycle, days=10).value).ends_on == date(2026, 3, 16)
    assert known(posted(town, cycle, days=5).value).ends_on == date(2026, 3, 9)
    for days in (4, 1, -1):
        short = posted(town, cycle, days=days)
        assert (short.value, short.text()) == (None, "公示期不得少于 5 个工作日（《细则》四）")
    assert Notice.objects.count() == 2


def test_a_period_beyond_the_known_calendar_is_refused(town: Town) -> None:
    cycle = town.cycle()
    with clock.travel(moment(2026, 12, 25)):
        beyond = posted(town, cycle)
    assert beyond.value is None
    assert beyond.text() == (
        "工作日历未收录2027年放假安排，无法确定自2026年12月25日起5个工作日的届满日；请省质评办先录入国务院办公厅公布的2027年放假安排，再办理"
    )
    assert Notice.objects.count() == 0
    with clock.travel(moment(2026, 12, 24)):
        assert known(posted(town, cycle).value).ends_on == date(2026, 12, 31)


def test_a_pack_may_count_the_posting_day(town: Town) -> None:
    pack = hebei_pack()
    counts = pack.parameters.model_copy(
        update={"posting_day_counts": pack.parameters.posting_day_counts.model_copy(update={"value": True})}
    )
    cycle = town.cycle()
    cycle.pack = store(pack.model_copy(update={"version": "9", "parameters": counts}))
    cycle.save()
    assert known(posted(town, cycle).value).ends_on == date(2026, 3, 6)


def test_codes_count_on_within_the_cycle(town: Town) -> None:
    first, second = town.cycle(), town.cycle(code="2025")
    codes = [known(posted(town, cycle).value).code for cycle in (first, first, second, first)]
    assert codes == ["GS2026-001", "GS2026-002", "GS2025-001", "GS2026-003"]


def test_a_notice_carries_the_head_of_the_journal_and_the_journal_its_digest(town: Town, declare: Declare) -> None:
    def body(acting: Acting, cycle: Cycle) -> Outcome:
        decision = posted(town, cycle)
        return Outcome(decision, services.payload_of(known(decision.value)), value=decision.value)

    act, office, cycle = declare(body), town.acting(Role.OFFICE), town.cycle()
    first: Notice = act(office, cycle).value
    second: Notice = act(office, cycle).value
    entries = JournalEntry.objects.order_by("seq")
    assert first.journal_head == f"cycle:2026#0#{'0' * 64}"
    assert second.journal_head == f"cycle:2026#1#{entries[0].hash}"
    assert json.loads(entries[1].body)["payload"] == {
        "notice": "GS2026-002",
        "kind": "city_publicity",
        "digest": second.digest,
        "days": 5,
        "posted": "2026-03-02T09:00:00+08:00",
        "ends_on": "2026-03-09",
        "head": second.journal_head,
        "entries": ["2026-O-0001", "2026-O-0002"],
    }
    assert journal.verify("cycle:2026", [first.journal_head, second.journal_head]) == []
    wrong = second.journal_head.replace(entries[0].hash, "f" * 64)
    assert [fault.seq for fault in journal.verify("cycle:2026", [wrong])] == [1]


def test_an_announcement_has_no_clock(town: Town, owner: Acting) -> None:
    notice = known(posted(town, timed=False).value)
    assert (notice.days, notice.ends_on) == (0, None)
    assert refusal(services.close, owner, notice) == "该公告不设公示期，无需结束（《细则》四）"
    assert refusal(services.lodge_objection, PUBLIC, notice, content="不实", **NAMED).startswith("该公告不设公示期，不受理异议")
    assert selectors.open_notices(notice.cycle) == []


# ------------------------------------------------------------------ closing


def test_nobody_closes_a_second_early(notice: Notice, owner: Acting) -> None:
    text = f"“{notice.title}”公示期至2026年3月9日24时届满，尚未届满，不得提前结束，请于次日零时后办理（《细则》四（三）2）"
    for early in (moment(2026, 3, 2), moment(2026, 3, 9), LAST, LAST.replace(microsecond=999999)):
        assert refusal(services.close, owner, notice, early) == text
    notice.refresh_from_db()
    assert notice.closed_at is None
    receipt = close(notice, owner, NEXT)
    notice.refresh_from_db()
    assert (notice.closed_at, receipt.at) == (NEXT, NEXT)
    assert json.loads(JournalEntry.objects.latest("pk").body)["payload"] == {
        "notice": "GS2026-001",
        "ended": "2026-03-09",
        "posted": "2026-03-02T09:00:00+08:00",
        "days": 5,
    }


def test_a_notice_is_closed_once(notice: Notice, owner: Acting) -> None:
    assert selectors.open_notices(notice.cycle) == [notice]
    close(notice, owner, NEXT)
    assert refusal(services.close, owner, notice, NEXT) == "该公示已经结束（《细则》四）"
    notice.refresh_from_db()
    assert notice.closed_at == NEXT
    assert selectors.open_notices(notice.cycle) == []


def test_only_its_own_unit_closes_it(town: Town, notice: Notice) -> None:
    for stranger in (town.acting(Role.RECOMMENDER, "ts"), town.acting(Role.OFFICE)):
        with clock.travel(NEXT), pytest.raises(NotPermitted, match="只能由与该事项对应的单位"):
            services.close(stranger, notice)
    with clock.travel(NEXT), pytest.raises(NotPermitted, match="身份不能办理"):
        services.close(PUBLIC, notice)


@pytest.mark.parametrize(
    ("holidays", "workdays", "still", "free"),
    [
        ([], [], moment(2026, 12, 28, 23, 59, 59), moment(2026, 12, 29)),
        # A make-up Saturday that became known later: the period was announced to run until the 28th.
        ([], [date(2026, 12, 26)], moment(2026, 12, 28, 23, 59, 59), moment(2026, 12, 29)),
        # A day off that became known later: five working days are not over before the 29th.
        ([date(2026, 12, 28)], [], moment(2026, 12, 29, 23, 59, 59), moment(2026, 12, 30)),
    ],
)
def test_a_calendar_that_grows_never_shortens_a_running_period(
    town: Town, owner: Acting, holidays: list[date], workdays: list[date], still: datetime, free: datetime
) -> None:
    with clock.travel(moment(2026, 12, 21)):
        notice = known(posted(town).value)
        new_year = [date(2027, 1, 1), *holidays]
        extend_calendar(town.acting(Role.OFFICE), None, year=2027, holidays=new_year, workdays=workdays, source="国办发明电〔2026〕1号")
    assert notice.ends_on == date(2026, 12, 28)
    assert "届满" in refusal(services.close, owner, notice, still)
    assert close(notice, owner, free).at == free


def test_a_notice_shorter_than_the_rules_is_not_closed(notice: Notice, owner: Acting) -> None:
    Notice.objects.update(days=4, ends_on=date(2026, 3, 6))
    assert "少于规定的5个工作日" in refusal(services.close, owner, notice, NEXT)


def test_a_notice_is_not_closed_where_the_calendar_was_lost(notice: Notice, owner: Acting) -> None:
    CalendarYear.objects.filter(year=2026).delete()
    assert "未收录2026年放假安排" in refusal(services.close, owner, notice, NEXT)


def test_what_rests_on_a_notice_waits_for_it(town: Town, notice: Notice, owner: Acting) -> None:
    def concluded(notice: Notice | None) -> str:
        return services.concluded(notice, "拟推荐名单", "四(二)", "D4").text()

    assert concluded(None) == "拟推荐名单尚未公示，请先发布公示（《细则》四（二））"
    assert concluded(notice) == "拟推荐名单公示尚未结束（截止2026年3月9日），期满且异议办结后方可继续（《细则》四（二））"
    close(notice, owner, NEXT)
    assert concluded(selectors.latest(notice.cycle, "city_publicity")) == "拟推荐名单公示期满"
    assert selectors.latest(notice.cycle, "accepted_list") is None


# ------------------------------------------------------------------ objections


@pytest.mark.duty("J2")
@pytest.mark.parametrize(
    ("at", "who", "formal"),
    [
        (moment(2026, 3, 2), NAMED, True),
        (LAST, NAMED, True),
        (NEXT, NAMED, False),
        (moment(2026, 3, 5), {}, False),
        (moment(2026, 3, 5), {"name": "王异议"}, False),
        (moment(2026, 3, 5), {"contact": "0311-00000000"}, False),
        (moment(2026, 3, 5), {"name": " ", "contact": " "}, False),
    ],
)
def test_real_name_and_in_time_is_formal_and_holds(notice: Notice, owner: Acting, at: datetime, who: dict[str, str], formal: bool) -> None:
    objection = object_to(notice, at, **who)
    assert (objection.formal, objection.status, objection.received_at) == (formal, "received" if formal else "lead", at)
    assert selectors.waiting_objections(notice) == int(formal)
    kind = "正式异议" if formal else "线索"
    assert Notification.objects.get().text == f"《{notice.title}》收到{kind} {objection.number}"
    if formal:
        text = refusal(services.close, owner, notice, NEXT)
        assert text == f"“{notice.title}”公示尚有1件正式异议未办结，请先调查并答复异议人，再结束公示（《细则》四（三）2）"
    else:
        assert close(notice, owner, NEXT).at == NEXT


def test_an_early_close_names_every_reason(notice: Notice, owner: Acting) -> None:
    object_to(notice, LAST, **NAMED), object_to(notice, LAST, **NAMED)
    text = refusal(services.close, owner, notice, LAST)
    assert "尚未届满" in text
    assert "2件正式异议未办结" in text


def test_an_objection_that_came_in_time_counts_though_its_turn_came_after_the_close(notice: Notice, owner: Acting) -> None:
    close(notice, owner, NEXT)
    objection = object_to(notice, LAST, entry="2026-O-0001", **NAMED)
    assert objection.formal
    notice.refresh_from_db()
    text = services.concluded(notice, "拟推荐名单", "四(二)", "D4").text()
    assert text == "拟推荐名单公示尚有 1 件正式异议未办结，请先调查并答复（《细则》四（二））"


@pytest.mark.duty("J2")
def test_an_objection_is_investigated_then_answered_and_the_way_is_free(notice: Notice, owner: Acting) -> None:
    objection = object_to(notice, LAST, entry="2026-O-0002", **NAMED)
    assert refusal(services.answer, owner, objection, upheld=False, text="不属实") == "请先登记调查情况，再作出答复（《细则》四（八）2）"
    assert refusal(services.investigate, owner, objection, findings=" ") == "请写明调查情况（《细则》四（八）2）"
    services.investigate(owner, objection, findings="已调阅凭证")
    services.investigate(owner, objection, findings="已走访现场")
    objection.refresh_from_db()
    assert (objection.status, objection.investigation) == ("investigating", "已调阅凭证\n已走访现场")
    assert refusal(services.answer, owner, objection, upheld=False, text="") == "请写明答复意见（《细则》四（八）2）"
    assert "1件正式异议未办结" in refusal(services.close, owner, notice, NEXT)
    with clock.travel(NEXT):
        services.answer(owner, objection, upheld=False, text="经查不属实")
    objection.refresh_from_db()
    assert (objection.status, objection.answer, objection.answered_at) == ("dismissed", "经查不属实", NEXT)
    assert refusal(services.answer, owner, objection, upheld=True, text="改") == "请先登记调查情况，再作出答复（《细则》四（八）2）"
    assert refusal(services.investigate, owner, objection, findings="再查").startswith("该异议已办结或属于线索")
    assert close(notice, owner, NEXT).at == NEXT
    assert selectors.upheld_entries(notice) == {}


@pytest.mark.duty("J2")
def test_upheld_objections_name_their_entries(notice: Notice, owner: Acting) -> None:
    upheld = {}
    for entry, holds in (("2026-O-0001", True), ("2026-O-0002", False), ("", True)):
        objection = object_to(notice, LAST, entry=entry, **NAMED)
        services.investigate(owner, objection, findings="已调查")
        services.answer(owner, objection, upheld=holds, text="已查明")
        upheld[entry] = objection.number
    assert selectors.upheld_entries(notice) == {"2026-O-0001": upheld["2026-O-0001"]}
    assert close(notice, owner, NEXT).at == NEXT


@pytest.mark.duty("J2")
def test_a_lead_is_not_answered(notice: Notice, owner: Acting) -> None:
    lead = object_to(notice, LAST)
    assert refusal(services.investigate, owner, lead, findings="查").startswith("该异议已办结或属于线索")
    assert refusal(services.answer, owner, lead, upheld=True, text="属实").startswith("请先登记调查情况")


@pytest.mark.duty("J2")
def test_only_the_notices_own_unit_handles_an_objection(town: Town, notice: Notice) -> None:
    objection = object_to(notice, LAST, **NAMED)
    for stranger in (town.acting(Role.RECOMMENDER, "ts"), town.acting(Role.OFFICE)):
        with pytest.raises(NotPermitted, match="只能由与该事项对应的单位"):
            services.investigate(stranger, objection, findings="查")
        with pytest.raises(NotPermitted, match="只能由与该事项对应的单位"):
            services.answer(stranger, objection, upheld=False, text="不属实")
    for outsider in (town.acting(Role.INSPECTOR), town.acting(Role.APPLICANT)):
        with pytest.raises(NotPermitted, match="身份不能办理"):
            services.investigate(outsider, objection, findings="查")
    objection.refresh_from_db()
    assert (objection.status, objection.investigation) == ("received", "")


@pytest.mark.duty("J2")
@pytest.mark.parametrize(
    ("details", "text"),
    [
        ({"content": " \n"}, "请写明异议内容"),
        ({"content": "字" * 5001}, "异议内容请控制在 5000 字以内，详细材料可作为附件提交"),
        ({"entry": "2026-O-0003"}, "所选申报对象不在本公示名单中，请重新选择"),
        ({"name": "名" * 61, "contact": "0311"}, "姓名（名称）请控制在 60 字以内"),
        ({"name": "名", "contact": "0" * 121}, "联系方式请控制在 120 字以内"),
    ],
)
def test_what_an_objection_must_be(notice: Notice, details: dict[str, str], text: str) -> None:
    assert refusal(services.lodge_objection, PUBLIC, notice, **({"content": "不实"} | details)) == f"{text}（《细则》四（八）2）"
    assert Objection.objects.count() == 0


def test_the_longest_that_is_taken(notice: Notice) -> None:
    objection = object_to(notice, LAST, content="字" * 5000, name="名" * 60, contact="0" * 120)
    objection.refresh_from_db()
    assert (len(objection.content), len(objection.name), len(objection.contact)) == (5000, 60, 120)


def test_who_objects_and_what_stays_out_of_the_journal(notice: Notice) -> None:
    objection = object_to(notice, LAST, content="独特内容canary", name="王异议", contact="0311-7654321")
    stored = "".join(JournalEntry.objects.values_list("body", flat=True))
    assert objection.number in stored
    for word in ("独特内容", "canary", "王异议", "7654321"):
        assert word not in stored


def test_who_may_object(town: Town, notice: Notice) -> None:
    for role in (Role.APPLICANT, Role.INSPECTOR):
        assert object_to(notice, LAST, town.acting(role), **NAMED).formal
    for role in (Role.OFFICE, Role.EXPERT, Role.ADMIN):
        with pytest.raises(NotPermitted):
            services.lodge_objection(town.acting(role), notice, content="不实", **NAMED)
