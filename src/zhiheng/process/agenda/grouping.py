"""Many alike become one line with their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count, Model, QuerySet, Window

from zhiheng.process.agenda.scope import Scope
from zhiheng.process.agenda.todo import Todo
from zhiheng.rules.lifecycle import Role

M = TypeVar("M", bound=Model)
#: More of one kind than this are one line. Who works through them one by one sees each.
MANY = 12
ONE_BY_ONE = frozenset({Role.EXPERT, Role.APPLICANT, Role.MEMBER, Role.CHAIR})


def together(first: Todo, count: int, until: date | None = None, *, overdue: bool = False) -> Todo:
    """One todo that stands for `count` like the first, on which it begins; `of` names what they are done on."""
    return replace(
        first,
        what=f"{first.what}等 {count} 项",
        until=until,
        overdue=overdue,
        count=count,
        of=first.subject._meta.model_name,
    )


def some(scope: Scope, rows: QuerySet[M], make: Callable[[M], Todo]) -> Iterator[Todo]:
    """A todo a row. Where very many of one cycle wait, only the first few are read and the first stands for all: the same query counts."""
    if scope.entry is not None or len(scope.cycles) > 1 or scope.role in ONE_BY_ONE:
        yield from map(make, rows)
        return
    found = list(rows.annotate(many=Window(Count("pk")))[: MANY + 1])
    if len(found) > MANY:
        yield together(make(found[0]), found[0].many)  # type: ignore[attr-defined]  # annotated above
    else:
        yield from map(make, found)


def grouped(todos: Iterable[Todo], most: int) -> list[Todo]:
    """Where more than `most` of one act in one cycle wait alike, one in their place with their number."""
    alike: dict[tuple[str, Any, bool, str], list[Todo]] = defaultdict(list)
    for one in todos:
        alike[one.act, one.cycle, bool(one.blocked), one.of].append(one)
    return [one for found in alike.values() for one in (found if len(found) <= most else [_of_many(found)])]


def _of_many(found: list[Todo]) -> Todo:
    dates = [one.until for one in found if one.until]
    total = sum(one.count for one in found)
    return together(found[0], total, min(dates, default=None), overdue=any(one.overdue for one in found))
