"""The clocks of the procedure: publicity periods, hand-over, years. Never closed early, never guessed (L2, G5, Q14, Q28, Q29)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from zhiheng.rules.calendar import UnknownYear, WorkCalendar
from zhiheng.rules.decision import Decision, Reason, decide, no, yes
from zhiheng.rules.pack import Parameters

#: Beijing time. China keeps no summer time, so a fixed offset is exact and needs no time-zone files.
BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class PublicityFacts:
    """A public notice. days: its announced length in working days; open_formal_objections: real-name, in time, not yet concluded (Q15)."""

    posted_on: date
    days: int
    open_formal_objections: int
    title: str = ""


def beijing_date(at: datetime) -> date:
    """The date in Beijing of an aware instant. Raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("时间须带时区（北京时间）")
    return at.astimezone(BEIJING).date()


def chinese_date(day: date) -> str:
    """A date as official documents write it: 2026年2月26日."""
    return f"{day.year}年{day.month}月{day.day}日"


def period_end(
    posted: date, days: int, calendar: WorkCalendar, posting_day_counts: bool, *, article: str = "", duty: str = "L2"
) -> Decision[date]:
    """The last day of a period of `days` working days from `posted` (L2, Q14).

    posting_day_counts: whether the first day is counted if it is a working day. The period ends at 24:00 of the value.
    Refused where the calendar does not reach: the end would be a guess.
    """
    if days < 1:
        return no(f"期限须为至少1个工作日，当前为{days}，请更正期限", article=article, duty=duty, code="period.length")
    day = posted if posting_day_counts else posted + timedelta(days=1)
    left = days
    try:
        while True:
            left -= calendar.is_workday(day)
            if left == 0:
                text = f"自{chinese_date(posted)}起{days}个工作日，至{chinese_date(day)}24时届满"
                return yes(text, day, article=article, duty=duty, code="period.end")
            day += timedelta(days=1)
    except UnknownYear as error:
        text = (
            f"工作日历未收录{error.year}年放假安排，无法确定自{chinese_date(posted)}起{days}个工作日的届满日；"
            f"请省质评办先录入国务院办公厅公布的{error.year}年放假安排，再办理"
        )
        return no(text, article=article, duty=duty, code="calendar.unknown")


def may_close_publicity(facts: PublicityFacts, calendar: WorkCalendar, at: datetime, params: Parameters) -> Decision[date]:
    """Whether a publicity period may be closed at the instant `at` (aware). Value: its last day (L2).

    Refused: announced shorter than the rules demand; before 24:00 of the last day; with formal objections open;
    where the calendar does not reach. Raises ValueError for a naive `at`.
    """
    article, least = params.publicity_days.article, params.publicity_days.value
    today, name = beijing_date(at), f"“{facts.title}”" if facts.title else "本次"
    reasons: list[Reason] = []
    if facts.days < least:
        text = f"{name}公示期为{facts.days}个工作日，少于规定的{least}个工作日，请按不少于{least}个工作日重新公示"
        reasons.append(Reason(False, text, article, "L2", "publicity.short"))
    end = period_end(facts.posted_on, facts.days, calendar, params.posting_day_counts.value, article=article)
    reasons.extend(end.refusals)
    if end.value is not None:
        last = chinese_date(end.value)
        if today > end.value:
            reasons.append(Reason(True, f"{name}公示期已于{last}24时届满", article, "L2", "publicity.ended"))
        else:
            text = f"{name}公示期至{last}24时届满，尚未届满，不得提前结束，请于次日零时后办理"
            reasons.append(Reason(False, text, article, "L2", "publicity.running"))
    if facts.open_formal_objections > 0:
        text = f"{name}公示尚有{facts.open_formal_objections}件正式异议未办结，请先调查并答复异议人，再结束公示"
        reasons.append(Reason(False, text, article, "L2", "publicity.objections"))
    return decide(reasons, end.value)


def objection_in_time(posted_on: date, ends_on: date, received_at: datetime) -> bool:
    """Whether an objection arrived within the period, first and last day included, Beijing time (Q15). ValueError for a naive time."""
    return posted_on <= beijing_date(received_at) <= ends_on


def handover(last_visit: date, days: int, at: date, calendar: WorkCalendar) -> Decision[date]:
    """When the agency's summary is due after the cycle's last closing meeting, that day not counted (G5, Q28).

    Value: the due date. Overdue is a warning, no refusal: late papers must still be taken in.
    """
    due = period_end(last_visit, days, calendar, False, article="四(五)4", duty="G5")
    if due.value is None:
        return due
    text = f"相关机构应于{chinese_date(due.value)}前（含当日）提交汇总材料"
    if at <= due.value:
        return yes(text, due.value, article="四(五)4", duty="G5", code="handover.due")
    text += "，已逾期，请省质评办督促并记录原因"
    return decide([Reason(False, text, "四(五)4", "G5", "handover.overdue", warning=True)], due.value)


def add_years(day: date, years: int) -> date:
    """The corresponding day `years` later (or earlier, if negative); 29 February becomes 28 February (Civil Code art. 202; Q29)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
