"""Reading what a call rests on."""

from __future__ import annotations

from datetime import date

from zhiheng.foundation.packs.models import PackVersion
from zhiheng.foundation.packs.selectors import pack_of
from zhiheng.foundation.people.models import Unit
from zhiheng.rules.lifecycle import Role
from zhiheng.rules.pack import Pack


def in_force(pack_id: str, on: date) -> PackVersion | None:
    """The version of a pack in force on a day: of those effective by then the latest, of equal dates the one stored last (A1)."""
    known = [(pack_of(row.digest), row) for row in PackVersion.objects.filter(pack_id=pack_id)]
    ripe = [(pack.effective, row.stored_at, row.digest, row) for pack, row in known if pack.effective <= on]
    return max(ripe, key=lambda found: found[:3])[3] if ripe else None


def addressees(pack: Pack) -> list[Unit]:
    """The units that the call goes to: the pack's recommenders and the provincial departments (C1)."""
    units = Unit.objects.filter(kind__in=[Role.RECOMMENDER.value, Role.DEPARTMENT.value], active=True).order_by("pk")
    own = {r.code for r in pack.recommenders}
    return [u for u in units if u.kind == Role.DEPARTMENT.value or u.code in own]
