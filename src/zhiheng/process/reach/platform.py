"""What belongs to no cycle: the units that act, and the people. The administrator's alone, who in turn reaches no business (L1)."""

from __future__ import annotations

from django.db.models import Exists, QuerySet

from zhiheng.foundation.acts import Acting
from zhiheng.foundation.people.models import Person, Unit
from zhiheng.process.reach.grants import grants
from zhiheng.rules.lifecycle import Role


def units(acting: Acting) -> QuerySet[Unit]:
    """All units, for who administers them now."""
    if acting.role != Role.ADMIN:
        return Unit.objects.none()
    return Unit.objects.filter(Exists(grants(acting))).order_by("kind", "name", "pk")


def people(acting: Acting) -> QuerySet[Person]:
    """All people, for who grants them their roles."""
    if acting.role != Role.ADMIN:
        return Person.objects.none()
    return Person.objects.filter(Exists(grants(acting))).order_by("name", "pk")
