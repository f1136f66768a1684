"""Whom a visitor of the demo may be: everybody who holds a role, by role."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from zhiheng.foundation.people.models import RoleGrant
from zhiheng.process.roles import ROLES
from zhiheng.rules.lifecycle import Role

SHOWN = 14  # players of a role that are named at once; the rest by search
ORDER = (
    Role.OFFICE, Role.RECOMMENDER, Role.DEPARTMENT, Role.AGENCY, Role.APPLICANT, Role.EXPERT, Role.CHAIR, Role.MEMBER, Role.INSPECTOR,
    Role.ADMIN, Role.COORDINATION, Role.COMMENDATION_AUTHORITY, Role.GOVERNMENT, Role.CITY_DEPARTMENT, Role.CITY_COORDINATION,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """The players of one role; more: how many are not shown."""

    role: Role
    title: str
    players: list[RoleGrant]
    more: int


def standing(word: str = "") -> QuerySet[RoleGrant]:
    """Grants that stand, of the people whose name, unit, employer or expert code has the word in it."""
    rows = RoleGrant.objects.filter(revoked_at=None).select_related("person__expert", "unit")
    rows = rows.annotate(work=Count("person__entries", distinct=True) + Count("person__expert__seats", distinct=True))
    if word:
        where = ("person__name", "unit__name", "person__employer", "person__expert__code", "person__code")
        rows = rows.filter(Q(*((f"{name}__icontains", word) for name in where), _connector=Q.OR))
    return rows.order_by("role", "-work", "pk")


def groups(word: str = "") -> list[Group]:
    """All players by role, those with most to do first."""
    by_role: dict[str, list[RoleGrant]] = {}
    for grant in standing(word):
        by_role.setdefault(grant.role, []).append(grant)
    found = []
    for role in ORDER:
        rows = by_role.get(role.value, [])
        if rows:
            found.append(Group(role, ROLES[role], rows[:SHOWN], max(0, len(rows) - SHOWN)))
    return found


def first(role: Role, city: str = "") -> RoleGrant | None:
    """The player of a role with most to do (of a city)."""
    rows = standing().filter(role=role.value)
    return rows.filter(unit__city=city).first() if city else rows.first()
