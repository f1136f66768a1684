"""Reading people and units."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

from django.conf import settings

from zhiheng.foundation.people.models import Person, Unit


def id_digest(number: str) -> str:
    """The keyed digest that stands for an ID number (Q29): equal numbers give equal digests, and nothing leads back."""
    return hmac.new(f"id|{settings.SECRET_KEY}".encode(), compact(number).encode(), hashlib.sha256).hexdigest()


def compact(number: str) -> str:
    """An ID number without what people write it with: spaces, full-width digits, a small x."""
    return "".join(unicodedata.normalize("NFKC", number).split()).upper()


#: A mask fits its column however long the number was; how long it was, nobody need see.
MOST_STARS = 16


def mask(number: str) -> str:
    """An ID number as people may see it: of a resident's the place and the check digits, of any other the first and the last sign."""
    bare = compact(number)
    if len(bare) < 3:
        return "*" * len(bare)
    first, last = (6, 2) if len(bare) == 18 else (1, 1)
    return bare[:first] + "*" * min(len(bare) - first - last, MOST_STARS) + bare[-last:]


def find_person(number: str) -> Person | None:
    """The person with this ID number, if known."""
    return Person.objects.filter(id_digest=id_digest(number)).first()


def unit(code: str) -> Unit:
    """The unit with this code; Unit.DoesNotExist if there is none."""
    return Unit.objects.get(code=code)
