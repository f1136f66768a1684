"""Reading people and units."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

from zhiheng.foundation.people.models import Person, Unit


def id_digest(number: str) -> str:
    """The keyed digest that stands for an ID number (Q29): equal numbers give equal digests, and nothing leads back."""
    return hmac.new(f"id|{settings.SECRET_KEY}".encode(), number.strip().upper().encode(), hashlib.sha256).hexdigest()


def mask(number: str) -> str:
    """An ID number as people may see it."""
    return number[:6] + "*" * max(0, len(number) - 8) + number[-2:]


def find_person(number: str) -> Person | None:
    """The person with this ID number, if known."""
    return Person.objects.filter(id_digest=id_digest(number)).first()


def unit(code: str) -> Unit:
    """The unit with this code; Unit.DoesNotExist if there is none."""
    return Unit.objects.get(code=code)
