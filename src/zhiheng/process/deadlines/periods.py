"""Clocks of the procedure: applying, notices, objections, the survey, visits, the agency's summary, meetings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Count, Q

from zhiheng.foundation import clock
from zhiheng.process.deadlines.model import Deadline, Kind, State
from zhiheng.process.deadlines.view import View
from zhiheng.rules import clocks
from zhiheng.rules.calendar import UnknownYear, WorkCalendar
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.lifecycle import Role, Stage
from zhiheng.stages.review.models import Handover
from zhiheng.stages.sitevisit.models import Visit

WAITING = ("received", "investigating")


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.SHANGHAI).date()


def workdays(first: date, last: date, days: WorkCalendar) -> int | None:
    """Working days from `first` to `last`, both included; None where the calendar does not reach."""
    try:
        return sum(days.is_workday(first + timedelta(days=n)) for n in range((last - first).days + 1))
    except UnknownYear:
        return None


def _left(view: View, first: date, last: date, state: State) -> int | None:
    return workdays(max(first, view.today), last, view.days) if state is State.RUNNING else None


def _state(view: View, first: date, last: date, then: State, *, done: bool = False) -> State:
    """Where something from `first` to `last` stands today; then: what it is once its last day is over and it is not done."""
    if done:
        return State.DONE
    return State.AHEAD if view.today < first else State.RUNNING if view.today <= last else then


def application(view: View) -> Iterator[Deadline]:
    """From the first day of applying to the deadline's minute (C1)."""
    cycle = view.cycle
    if cycle.opens_on is None or cycle.deadline is None or cycle.pinned_at is None:
        return
    last = _day(cycle.deadline)
    state = _state(view, cycle.opens_on, last, State.DONE, done=clock.now() >= cycle.deadline)
    article = view.article("C1", "四(一)")
    yield Deadline(f"application:{cycle.code}", Kind.APPLICATION, "申报期", cycle.opens_on, last, article, "C1", state, at=cycle.deadline)


def publicity(view: View) -> Iterator[Deadline]:
    """Each notice with a clock; one whose last day is over may be closed, once its formal objections are answered (L2)."""
    waiting = Count("objections", filter=Q(objections__formal=True, objections__status__in=WAITING))
    timed = view.notices.filter(days__gt=0, ends_on__isnull=False)
    fields = ("code", "title", "unit__kind", "unit__city", "posted_at", "ends_on", "closed_at", "waiting")
    rows = timed.annotate(waiting=waiting).order_by("pk").values_list(*fields)
    listed = {code: items for code, items in timed.filter(closed_at=None).values_list("code", "items")}  # noqa: C416 - a query, not pairs
    for code, title, kind, city, posted, ends, closed, open_ones in rows:
        assert ends is not None  # a clock has an end
        state = _state(view, _day(posted), ends, State.DUE, done=closed is not None)
        entries = tuple(str(item["code"]) for item in listed.get(code, ()) if "code" in item)
        article, whose = view.article("L2", "四"), f"（{city}）" if kind == Role.RECOMMENDER and city else ""
        yield Deadline(
            f"notice:{code}", Kind.PUBLICITY, f"{title}{whose}", _day(posted), ends, article, "L2", state,
            note=_closing(state, ends, open_ones), entries=entries, notice=code, left=_left(view, _first(view, _day(posted)), ends, state),
        )  # fmt: skip


def _first(view: View, posted: date) -> date:
    """The first day that a notice's clock counts (Q14)."""
    return posted if view.pack.parameters.posting_day_counts.value else posted + timedelta(days=1)


def _closing(state: State, ends: date, waiting: int) -> str:
    """When the notice may be closed, or what it waits for."""
    held = f"尚有{waiting}件正式异议未办结，答复后方可结束公示" if waiting else ""
    if state is State.DUE:
        return held or "公示期满，可以办理结束公示"
    if state is State.RUNNING:
        opens = f"{chinese_date(ends + timedelta(days=1))}起可以办理结束公示"
        return f"{opens}；{held}" if held else opens
    return ""


def objections(view: View) -> Iterator[Deadline]:
    """Formal objections that wait for an answer: they hold the closing of their notice (J2, Q15)."""
    rows = view.objections.filter(formal=True, status__in=WAITING).select_related("notice").defer("notice__items", "notice__body")
    for row in rows.order_by("pk"):
        ends = row.notice.ends_on
        state = State.RUNNING if ends is None or view.today <= ends else State.DUE
        note = "" if state is State.RUNNING else "公示期满，异议答复后方可结束公示"
        yield Deadline(
            f"objection:{row.number}", Kind.OBJECTION, f"异议 {row.number} 待答复", min(_day(row.received_at), ends or view.today), ends,
            view.article("J2", "四(八)2"), "J2", state, note=note, entries=(row.entry,) if row.entry else (), notice=row.notice.code,
        )  # fmt: skip


def survey(view: View) -> Iterator[Deadline]:
    """The survey's window; polls that end together are one (F5)."""
    rows = view.polls.order_by("closes_at", "entry__code")
    windows: dict[datetime, list[tuple[str, datetime, bool]]] = {}
    for code, opened, closes, closed in rows.values_list("entry__code", "opened_at", "closes_at", "closed_at"):
        windows.setdefault(closes, []).append((code, opened, closed is not None))
    for closes, polls in windows.items():
        first, last = _day(min(opened for _, opened, _ in polls)), _day(closes - timedelta(seconds=1))
        waiting = tuple(code for code, _, closed in polls if not closed)
        state = _state(view, first, last, State.DUE, done=not waiting)
        yield Deadline(
            f"survey:{view.cycle.code}:{last.isoformat()}", Kind.SURVEY, f"公众满意度测评（{len(polls)}名）", first, last,
            view.article("F5", "四(四)5"), "F5", state, note="测评已经截止，可以统计结果" if state is State.DUE else "", entries=waiting,
        )  # fmt: skip


def visits(view: View) -> Iterator[Deadline]:
    """Visits as their leaders planned them, until the closing meeting (G2)."""
    rows = view.visits.order_by("planned_from", "entry__code")
    for code, first, last, ended in rows.values_list("entry__code", "planned_from", "planned_until", "ended_on"):
        state = _state(view, first, last, State.OVERDUE, done=ended is not None)
        note = f"末次会议：{chinese_date(ended)}" if ended else "已过计划结束日，尚未召开末次会议" if state is State.OVERDUE else ""
        article = view.article("G2", "四(五)2")
        yield Deadline(f"visit:{code}", Kind.VISIT, f"现场评审 {code}", first, last, article, "G2", state, note=note, entries=(code,))


def handover(view: View) -> Iterator[Deadline]:
    """The agency's working days after the last closing meeting; where the calendar does not reach, no date is named (G5, Q28)."""
    key, title, article = f"handover:{view.cycle.code}", "相关机构提交现场评审汇总情况及材料", view.article("G5", "四(五)4")
    handed = Handover.objects.filter(cycle=view.cycle, round="site").first()
    ends = list(Visit.objects.filter(cycle=view.cycle).values_list("ended_on", flat=True))
    closing = [day for day in ends if day is not None]
    if not closing or (handed is None and (len(closing) < len(ends) or view.cycle.stage != Stage.SITE_VISIT.value)):
        return
    if handed is not None and handed.due_on is not None:
        note = f"{chinese_date(_day(handed.handed_at))}提交" + ("，逾期" if handed.overdue else "")
        yield Deadline(key, Kind.HANDOVER, title, max(closing), handed.due_on, article, "G5", State.DONE, note=note)
        return
    days = view.pack.parameters.handover_days.value
    due = clocks.handover(max(closing), days, view.today, view.days)
    if due.value is None:
        yield Deadline(key, Kind.HANDOVER, title, max(closing), None, article, "G5", State.UNKNOWN, note=due.refusals[0].text)
        return
    state = State.OVERDUE if due.warnings else State.RUNNING
    note = f"末次会议后{days}个工作日内"
    left = _left(view, max(closing) + timedelta(days=1), due.value, state)
    yield Deadline(key, Kind.HANDOVER, title, max(closing), due.value, article, "G5", state, note=note, left=left)


def meetings(view: View) -> Iterator[Deadline]:
    """The committee's meetings (I1)."""
    for code, on, status in view.meetings.order_by("held_on", "pk").values_list("code", "held_on", "status"):
        state = _state(view, on, on, State.DUE, done=status != "open")
        note = "未达法定人数" if status == "failed" else "会议尚未结束" if state is State.DUE else ""
        article = view.article("I1", "四(七)1")
        yield Deadline(f"meeting:{code}", Kind.MEETING, "省质评委全体委员会议", on, on, article, "I1", state, note=note)
