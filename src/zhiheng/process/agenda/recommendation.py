"""What applications wait for at their recommender (D4, D5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.process.agenda.listed import held, objections
from zhiheng.process.agenda.related import related
from zhiheng.process.agenda.scope import Scope
from zhiheng.process.agenda.todo import Todo, line, todo
from zhiheng.rules.eligibility import checked
from zhiheng.rules.lifecycle import Stage
from zhiheng.stages.application.models import Entry
from zhiheng.stages.recommendation import facts
from zhiheng.stages.recommendation.models import CityOpinion, Recommendation

STAGE = Stage.RECOMMENDATION


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of one submitted application: the record, whether departments were heard, which are against, and the objections to
    its notice: upheld against it, and how many of the notice still wait. unanswered: findings of Q11 that nobody has answered.
    """

    entry: Entry
    record: Recommendation | None
    heard: bool
    against: tuple[str, ...]
    upheld: str
    waiting: int
    unanswered: bool


def todos(scope: Scope) -> Iterator[Todo]:
    """For each submitted application what comes next, and for each recommender the list that may be published."""
    ready: dict[tuple[int, int], list[Entry]] = defaultdict(list)
    for known in _gather(scope):
        entry, record = known.entry, known.record
        if record is None or record.checked_at is None:
            yield _of(known, "recommendation.check")
        if not known.heard:
            yield _of(known, "recommendation.city_opinion")
        elif known.against:
            yield _of(known, "recommendation.city_opinion", title="请不同意见的部门复核", why=f"（{'、'.join(known.against)}有不同意见）")
        if record is None or record.checked_at is None or not known.heard:
            continue
        if against := _stands_against(known):
            yield from _refuse(known, against)
        elif record.notice is None:
            ready[entry.cycle_id, entry.recommender_id].append(entry)
        elif record.notice.closed_at is not None:
            yield from _conclude(known, record)
    for entries in ready.values():
        cycle = entries[0].cycle
        what = line(entries[0]) if len(entries) == 1 else f"{line(entries[0])}等{len(entries)}项"
        yield todo("recommendation.publish", cycle, cycle, what, count=len(entries), details={"entries": tuple(entries)})


def _of(known: Around, act: str, title: str = "", why: str = "", blocked: str = "") -> Todo:
    return todo(act, known.entry, known.entry.cycle, line(known.entry) + why, title=title, blocked=blocked)


def _stands_against(known: Around) -> str:
    """Why the application cannot be recommended as things stand; empty where nothing stands against it."""
    assert known.record is not None
    wanted = rules_of(known.entry.cycle).checks_at(STAGE)
    if known.upheld:
        return f"异议 {known.upheld} 经查属实"
    if known.against:
        return "同级有关部门有不同意见"
    return "" if checked(facts.sides(known.record.sides), wanted, "审核", "D4").ok else "审核存在不符合项"


def _refuse(known: Around, against: str) -> Iterator[Todo]:
    cycle = known.entry.cycle
    if (
        Stage(cycle.stage) == Stage.APPLICATION
        and cycle.deadline
        and clock.now() < cycle.deadline
        and not known.upheld
        and not known.waiting
    ):
        local = cycle.deadline.astimezone(clock.SHANGHAI)
        yield todo("recommendation.return", known.entry, cycle, f"{line(known.entry)}（{against}）", until=local.date(), term=True)
    yield _of(known, "recommendation.decline", why=f"（{against}）")


def _conclude(known: Around, record: Recommendation) -> Iterator[Todo]:
    """The publicity is over: opinion, consent, recommendation, one after the other."""
    late = held(known.waiting)
    if known.unanswered:
        yield _of(known, "recommendation.check", title="核实并说明关联申报情况", why="（有同一集团或者本单位人员同时申报）")
        return
    if record.signed_at is None:
        yield _of(known, "recommendation.sign", blocked=late)
    elif record.consented_at is None:
        yield _of(known, "recommendation.consent")
    else:
        yield _of(known, "recommendation.recommend", blocked=late)


def _gather(scope: Scope) -> Iterator[Around]:
    cycles = {pk: c for pk, c in scope.cycles.items() if STAGE in rules_of(c).line}
    rows = scope.standing(STAGE).filter(cycle__in=list(cycles))
    entries = scope.read(rows, "warnings_answer")
    if not entries:
        return
    tied = related(entries)
    kept = (
        Recommendation.objects.filter(entry__in=rows.values("pk"))
        .select_related("notice")
        .defer("opinion", "reason", "notice__items", "notice__body")
    )
    records = {record.entry_id: record for record in kept}
    said: dict[int, list[CityOpinion]] = defaultdict(list)
    for opinion in CityOpinion.objects.filter(entry__in=rows.values("pk")).defer("text").order_by("pk"):
        said[opinion.entry_id].append(opinion)
    upheld, waiting = objections(scope, "city_publicity")
    for entry in entries:
        record = records.get(entry.pk)
        since = entry.submitted_at
        words = {o.department: o.positive for o in said[entry.pk] if since is None or o.given_at >= since}
        notice = record.notice_id or 0 if record else 0
        against = tuple(name for name, positive in words.items() if not positive)
        unanswered = entry.pk in tied and not entry.warnings_answer.strip()
        yield Around(entry, record, bool(words), against, upheld[notice].get(entry.code, ""), waiting[notice], unanswered)
