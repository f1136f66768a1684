"""Applications as the tests of the first stages need them: filled in, proven, signed, one step before submission."""

import dataclasses
import io
from datetime import date
from typing import Any

from zhiheng.foundation.acts import Acting, Receipt
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.register import application
from zhiheng.simulation import applying
from zhiheng.simulation.cast import evidence_pdf
from zhiheng.simulation.cast.model import OrganizationCast, PersonCast
from zhiheng.simulation.world import World
from zhiheng.stages.application.models import Entry, Evidence

CONDITIONS = ["c1", "c2", "c3", "c4", "c5"]


def draft(world: World, cycle: Cycle, who: OrganizationCast | PersonCast) -> Entry:
    """A draft that lacks nothing but its submission. Its owner is in `world.owners`."""
    person = isinstance(who, PersonCast)
    contact = who.name if person else who.contact
    owner = applying.register(world, contact, who.id_number if person else f"{who.credit_code}-contact", who.name)
    entry = applying.open_draft(world, cycle, who, owner)
    world.owners[entry.code] = owner
    world.do(application.save, owner, entry, form=applying.form_of(who), revision=0)
    for condition in world.pack.award(entry.award).conditions:
        if condition.evidence and (not condition.applies_to or entry.category in condition.applies_to):
            attach(world, entry, f"condition:{condition.code}")
    proof = attach(world, entry, "internal")
    details = {"start": date(2024, 2, 26), "end": date(2024, 3, 4), "objections": 0, "proof": proof}
    world.do(application.internal_publicity, owner, entry, **details)
    sign(world, entry)
    return Entry.objects.get(pk=entry.pk)


def as_category(who: PersonCast, category: str, employer: OrganizationCast) -> PersonCast:
    """The same person in another category, working for `employer`."""
    return dataclasses.replace(who, category=category, employer=employer)


def attach(world: World, entry: Entry, proves: str, **changes: Any) -> Evidence:
    """Evidence attached by the entry's owner."""
    content = evidence_pdf(f"{entry.code} {proves}", entry.code, [proves])
    details = {"name": "材料.pdf", "stream": io.BytesIO(content), "title": f"材料 {proves}", "proves": proves, **changes}
    found: Evidence = world.do(application.attach, owner(world, entry), entry, **details).value
    return found


def sign(world: World, entry: Entry, **changes: Any) -> Receipt:
    """Declare all conditions and sign."""
    known = {c.code for c in world.pack.award(entry.award).conditions}
    details = {"conditions": [c for c in CONDITIONS if c in known], "signed_by": "王法人", "no_state_secrets": True, **changes}
    return world.do(application.declare, owner(world, entry), entry, **details)


def rewrite(world: World, entry: Entry, **changes: Any) -> Entry:
    """Change fields of the form, and sign for it again."""
    now = Entry.objects.get(pk=entry.pk)
    world.do(application.save, owner(world, entry), now, form={**now.form, **changes}, revision=now.revision)
    sign(world, entry)
    return Entry.objects.get(pk=entry.pk)


def submit(world: World, entry: Entry) -> Receipt:
    """Submit as the owner."""
    return world.do(application.submit, owner(world, entry), entry)


def owner(world: World, entry: Entry) -> Acting:
    """Who fills the entry in."""
    return world.owners[entry.code]
