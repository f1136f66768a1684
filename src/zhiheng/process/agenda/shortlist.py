"""What lies between the scores and the visits: opinion, approval, publicity, survey, list, notification (F4–F6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.publicity.models import Notice
from zhiheng.process.agenda.grouping import some
from zhiheng.process.agenda.listed import held, objections
from zhiheng.process.agenda.scope import Scope
from zhiheng.process.agenda.todo import Todo, line, todo
from zhiheng.rules.clocks import chinese_date
from zhiheng.rules.lifecycle import Stage
from zhiheng.stages.application.models import Entry
from zhiheng.stages.shortlist.models import Shortlist
from zhiheng.stages.survey.models import Poll
from zhiheng.stages.survey.selectors import last_day

STAGE = Stage.SHORTLIST


@dataclass(frozen=True, slots=True)
class Survey:
    """The polls of a cycle: how many individuals are to be asked, how many polls there are, how many of them are open and until when."""

    asked: int
    polls: int
    open: int
    closes: datetime | None


def todos(scope: Scope) -> Iterator[Todo]:
    """The one next act of each cycle, and beside it the survey."""
    records = {
        r.cycle_id: r
        for r in Shortlist.objects.filter(cycle__in=list(scope.cycles)).select_related("notice").defer("notice__body", "notice__items")
    }
    incoming = scope.tally(STAGE)
    _, waiting = objections(scope, "shortlist_publicity")
    surveys = _surveys(scope, records)
    for pk, cycle in scope.cycles.items():
        record = records.get(pk)
        if record is None or record.authority_at is None:
            if incoming.get(pk):
                yield todo("shortlist.authority_opinion", cycle, cycle, f"{cycle.title}入围建议名单（{incoming[pk]} 项）")
        elif record.approved_at is None:
            yield todo("shortlist.approve", cycle, cycle, f"{cycle.title}入围名单")
        elif record.notice is None:
            yield todo("shortlist.publish", cycle, cycle, cycle.title)
        else:
            yield from _published(cycle, record, record.notice, surveys[pk], waiting[record.notice.pk])


def few(scope: Scope) -> Iterator[Todo]:
    """Surveys with too few answers, until the office has decided (Q24)."""
    rows = Poll.objects.filter(cycle__in=list(scope.cycles), closed_at__isnull=False, score=None)
    if scope.entry is not None:
        rows = rows.filter(entry=scope.entry)

    def make(poll: Poll) -> Todo:
        poll.cycle = scope.cycles[poll.cycle_id]
        return todo("survey.decide_few", poll, poll.cycle, line(poll.entry), title="公众满意度测评样本不足，作出处理决定")

    rows = rows.select_related("entry").only("cycle", "closed_at", "score", "entry__code", "entry__name")
    yield from some(scope, rows.order_by("entry__code"), make)


def _published(cycle: Cycle, record: Shortlist, notice: Notice, survey: Survey, waiting: int) -> Iterator[Todo]:
    if survey.asked and not survey.polls:
        yield todo("survey.open", cycle, cycle, f"{survey.asked} 名申报个人", until=notice.ends_on, term=True)
    elif survey.closes:
        last = last_day(survey.closes)
        runs = clock.today() <= last
        why = f"测评期至{chinese_date(last)}24时届满" if runs else ""
        yield todo("survey.close", cycle, cycle, f"{survey.open} 名申报个人", until=last if runs else None, blocked=why)
    if record.settled_at is None:
        if notice.closed_at is not None:
            yield todo("shortlist.settle", cycle, cycle, cycle.title, blocked=held(waiting))
    elif record.notified_at is None:
        yield todo("shortlist.notify", cycle, cycle, cycle.title)


def _surveys(scope: Scope, records: dict[int, Shortlist]) -> dict[int, Survey]:
    """Who was published and is to be asked, and the polls there are."""
    polls: dict[int, list[datetime | None]] = defaultdict(list)
    for cycle, closed, closes in Poll.objects.filter(cycle__in=list(scope.cycles)).values_list("cycle", "closed_at", "closes_at"):
        polls[cycle].append(None if closed else closes)
    listed = {code for r in records.values() if r.notice_id for code in set(r.proposed) - set(r.authority_against)}
    asked: dict[int, int] = defaultdict(int)
    rows = Entry.objects.filter(cycle__in=list(scope.cycles), status__in=scope.entering(STAGE))
    for cycle, code, award in rows.values_list("cycle", "code", "award"):
        full = rules_of(scope.cycles[cycle]).award(award).survey_full.value
        asked[cycle] += code in listed and full > 0
    open_ = {pk: [closes for closes in polls[pk] if closes] for pk in scope.cycles}
    return {pk: Survey(asked[pk], len(polls[pk]), len(open_[pk]), max(open_[pk], default=None)) for pk in scope.cycles}
