"""Publicity that runs or is ripe, and the objections to it (L2, J2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.people.models import Unit
from zhiheng.foundation.publicity.models import Notice, Objection
from zhiheng.process.agenda.scope import Scope
from zhiheng.process.agenda.todo import Todo, todo
from zhiheng.rules.clocks import PublicityFacts, chinese_date, may_close_publicity
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.recommendation.models import Recommendation

OWNERS = (Role.OFFICE, Role.RECOMMENDER)
WAITING = ("received", "investigating")


def todos(scope: Scope) -> Iterator[Todo]:
    """The unit's own notices to close and objections to answer; for the inspector the notices that run."""
    rows = Notice.objects.filter(cycle__in=list(scope.cycles), days__gt=0).select_related("unit").defer("items", "body")
    if scope.role in OWNERS:
        rows = rows.filter(unit=scope.unit)
    if scope.entry is not None:
        published = Recommendation.objects.filter(entry=scope.entry).values("notice")
        rows = rows.exclude(kind="city_publicity") | rows.filter(pk__in=published)
    open_rows = list(rows.filter(closed_at=None).order_by("ends_on", "pk"))
    if scope.role == Role.INSPECTOR:
        yield from (_watched(scope, notice) for notice in open_rows)
        return
    waiting = _objections(scope)
    yield from (_close(scope, notice, len(waiting.get(notice.pk, ()))) for notice in open_rows)
    for found in waiting.values():
        for objection in found:
            if scope.entry is None or objection.entry == scope.entry.code:
                yield _objection(scope, objection)


def owner(unit: Unit) -> tuple[Role, ...]:
    """Which role's the notices of a unit are."""
    return tuple(role for role in OWNERS if role.value == unit.kind) or OWNERS


def running(notice: Notice) -> str:
    """Why a notice may not be closed before its last day is over; empty afterwards."""
    assert notice.ends_on is not None  # a timed notice has an end
    return f"公示期至{chinese_date(notice.ends_on)}24时届满" if clock.today() <= notice.ends_on else ""


def _watched(scope: Scope, notice: Notice) -> Todo:
    cycle = scope.cycles[notice.cycle_id]
    return todo("publicity.object", notice, cycle, notice.title, title="公示监督：如有问题可提出异议", until=notice.ends_on)


def _close(scope: Scope, notice: Notice, objections: int) -> Todo:
    assert notice.ends_on is not None  # a timed notice has an end
    notice.cycle = scope.cycles[notice.cycle_id]
    why = running(notice)
    if not why:
        on = notice.posted_at.astimezone(clock.SHANGHAI).date()
        facts = PublicityFacts(on, notice.days, objections, notice.title)
        ended = may_close_publicity(facts, scope.days.known, clock.now(), rules_of(notice.cycle).parameters)
        why = "" if ended.ok else ended.text()
    elif objections:
        why = f"{why}，且有{objections}件正式异议未办结"
    until = notice.ends_on if clock.today() <= notice.ends_on else None  # afterwards it waits for no date
    what = notice.title if until else f"{notice.title}（公示期已届满）"
    return todo("publicity.close", notice, notice.cycle, what, until=until, blocked=why, roles=owner(notice.unit))


def _objections(scope: Scope) -> dict[int, list[Objection]]:
    """Notice pk → formal objections to it that nobody has answered yet."""
    rows = Objection.objects.filter(notice__cycle__in=list(scope.cycles), formal=True, status__in=WAITING)
    if scope.role in OWNERS:
        rows = rows.filter(notice__unit=scope.unit)
    rows = rows.select_related("notice__unit").only(
        "number", "entry", "status", "formal", "notice__cycle", "notice__title", "notice__unit__kind"
    )
    found: dict[int, list[Objection]] = defaultdict(list)
    for row in rows.order_by("pk"):
        found[row.notice_id].append(row)
    return found


def _objection(scope: Scope, objection: Objection) -> Todo:
    notice = objection.notice
    notice.cycle = scope.cycles[notice.cycle_id]
    begun = objection.status == "investigating"
    what = "、".join(part for part in (objection.number, objection.entry) if part) + f"（《{notice.title}》）"
    act, title = ("publicity.answer", "答复异议") if begun else ("publicity.investigate", "调查异议")
    return todo(act, objection, notice.cycle, what, title=title, roles=owner(notice.unit))
