"""Making a person known by their ID number, of which only a keyed digest is kept (L1)."""

from __future__ import annotations

from dataclasses import dataclass

from zhiheng.foundation.people.models import Person
from zhiheng.foundation.people.selectors import id_digest, mask


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person as somebody types them in, perhaps known already."""

    name: str
    id_number: str
    employer: str = ""
    contact: str = ""


def known(who: Newcomer) -> tuple[Person, bool]:
    """The person with this ID number, and whether they were made known just now. Who is known keeps what is on record."""
    fields = {"name": who.name.strip(), "id_mask": mask(who.id_number), "employer": who.employer, "contact": who.contact}
    return Person.objects.get_or_create(id_digest=id_digest(who.id_number), defaults=fields)
