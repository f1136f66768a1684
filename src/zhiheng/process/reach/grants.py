"""The cycles in which an actor holds their role, and those that they may read of (L1)."""

from __future__ import annotations

from functools import cache, lru_cache

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.people.models import RoleGrant
from zhiheng.foundation.question import Question
from zhiheng.rules.lifecycle import Role
from zhiheng.stages.qualification.models import Commission

#: Whose work begins before a call is issued, or who oversees it.
FROM_THE_PLAN = frozenset({Role.OFFICE, Role.INSPECTOR, Role.COORDINATION})
#: The whole line, or all that is relevant of it.
STAFF = frozenset({Role.OFFICE, Role.INSPECTOR})
OF_THE_CITY = frozenset({Role.RECOMMENDER, Role.CITY_DEPARTMENT, Role.CITY_COORDINATION})


def grants(acting: Acting) -> QuerySet[RoleGrant]:
    """The grants on which the actor acts: not taken back, for just this unit. Asked anew each time, as `permit` does."""
    if acting.person is None:
        return RoleGrant.objects.none()
    return RoleGrant.objects.filter(person=acting.person, role=acting.role.value, unit=acting.unit, revoked_at=None)


def held(acting: Acting) -> QuerySet[Cycle]:
    """The cycles in which the actor holds the role now. The public, who needs no grant, has those whose call was issued."""
    if acting.role == Role.PUBLIC:
        nobody = acting.person is None and acting.unit is None
        return Cycle.objects.filter(pinned_at__isnull=False) if nobody else Cycle.objects.none()
    person, unit = acting.person.pk if acting.person else None, acting.unit.pk if acting.unit else None
    return _held(person, acting.role, unit).all()


@lru_cache(maxsize=256)
def _held(person: int | None, role: Role, unit: int | None) -> QuerySet[Cycle]:
    """The question, put together once: every list asks it, and it holds no answer. Whoever takes it takes a copy."""
    return Cycle.objects.none() if person is None else _holding(person, role, unit)


def _holding(person: int, role: Role, unit: int | None) -> QuerySet[Cycle]:
    mine = RoleGrant.objects.filter(person=person, role=role.value, unit=unit, revoked_at=None)
    return Cycle.objects.filter(Exists(mine.filter(Q(cycle="") | Q(cycle=OuterRef("code")))))


def commissioned(acting: Acting) -> QuerySet[Cycle]:
    """The cycles that the acting agency was commissioned for."""
    if acting.unit is None:
        return Cycle.objects.none()
    return held(acting).filter(pk__in=Commission.objects.filter(agency=acting.unit).values("cycle"))


def cycles(acting: Acting) -> QuerySet[Cycle]:
    """The cycles that the actor reads of: the office, the inspector and who approves the plan from the start, the agency where it is
    commissioned, the administrator none, all others from the call on."""
    return _read(held(acting), acting.role, acting.unit.pk if acting.unit else None)


def cycles_now(acting: Acting) -> list[Cycle]:
    """The same as rows: every home asks for them first."""
    if acting.person is None:
        return list(cycles(acting))
    unit = (acting.unit.pk,) if acting.unit else ()
    return _cycles(acting.role, bool(unit))(acting.person.pk, *unit)


@cache
def _cycles(role: Role, _of_unit: bool) -> Question[Cycle]:
    def rows(person: int, unit: int | None = None) -> QuerySet[Cycle]:
        return _read(_holding(person, role, unit), role, unit)

    return Question(rows)


def _read(rows: QuerySet[Cycle], role: Role, unit: int | None) -> QuerySet[Cycle]:
    """Of the cycles in which the role is held those that it reads of."""
    rows = rows.order_by("-year", "-code")
    if role == Role.ADMIN:
        return rows.none()
    if role == Role.AGENCY:
        return rows.filter(pk__in=Commission.objects.filter(agency=unit).values("cycle")) if unit else rows.none()
    return rows if role in FROM_THE_PLAN else rows.filter(pinned_at__isnull=False)
