"""Many alike become one line with their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from zhiheng.process.agenda.todo import Todo
from zhiheng.rules.lifecycle import Role

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
