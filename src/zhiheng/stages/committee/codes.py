"""One-time codes for members without a device of their own: drawn, handed out once, kept as digests, spent once (I2, T13).

A code only says who stands at the tablet. What is then chosen goes the way of every ballot (`ballots.py`).
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from zhiheng.foundation import clock, entropy
from zhiheng.stages.application.models import Entry
from zhiheng.stages.committee.models import Code, Guesses, Meeting, Member

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read for something else: no 0 and O, no 1, I and L
LENGTH = 8
MOST_WRONG = 10  # wrong codes since one was spent before the tablets pause
PAUSE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Slip:
    """A code as it is printed, once: for whom, for which candidate (None: to sign in)."""

    member: Member
    entry: Entry | None
    code: str


class Paused(Exception):
    """Too many wrong codes: the tablets take none until `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


def draw() -> str:
    """A code from the alphabet, every sign with the same chance."""
    signs: list[str] = []
    top = 256 - 256 % len(ALPHABET)
    while len(signs) < LENGTH:
        signs += [ALPHABET[byte % len(ALPHABET)] for byte in bytes.fromhex(entropy.token(LENGTH)) if byte < top]
    return "".join(signs[:LENGTH])


def printed(code: str) -> str:
    """A code as people read and type it: 7K3M-9QXW."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def compact(typed: str) -> str:
    """A code without what people type it with: spaces, dashes, small and full-width letters."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", typed[:100]).upper() if sign.isalnum())


def digest(meeting: Meeting, typed: str) -> str:
    """What is kept of a code: keyed, so that whoever holds the database alone cannot try them all."""
    return hmac.new(f"code|{settings.SECRET_KEY}".encode(), f"{meeting.code}|{compact(typed)}".encode(), hashlib.sha256).hexdigest()


def issue(meeting: Meeting, members: Sequence[Member], entries: Sequence[Entry], done: Collection[tuple[int, int]]) -> list[Slip]:
    """New codes for these members: one to sign in for who has not, one for each candidate still to be voted on.

    done: (member, entry) pairs (pk) that get none, being recused or having voted; (member, 0) for who has signed in. Codes that these
    members hold and have not spent are void from now on. The wrong tries are forgotten.
    """
    Code.objects.filter(meeting=meeting, member__in=members, spent=False).delete()
    Guesses.objects.filter(meeting=meeting).delete()
    slips = [slip for member in members for slip in _slips(member, entries, done)]
    Code.objects.bulk_create(Code(meeting=meeting, member=s.member, entry=s.entry, digest=digest(meeting, s.code)) for s in slips)
    return slips


def _slips(member: Member, entries: Sequence[Entry], done: Collection[tuple[int, int]]) -> Iterator[Slip]:
    if (member.pk, 0) not in done:
        yield Slip(member, None, draw())
    for entry in entries:
        if (member.pk, entry.pk) not in done:
            yield Slip(member, entry, draw())


def find(meeting: Meeting, typed: str) -> Code | None:
    """The code that was typed, spent or not."""
    rows = Code.objects.select_related("member__person", "entry")
    return rows.filter(meeting=meeting, digest=digest(meeting, typed)).first()


def attempt(meeting: Meeting, typed: str) -> Code | None:
    """The code that was typed at a tablet; a wrong one is counted. Raises Paused after too many (T9)."""
    with transaction.atomic():
        Guesses.objects.get_or_create(meeting=meeting)
        guesses = Guesses.objects.select_for_update().get(meeting=meeting)
        if guesses.until and clock.now() < guesses.until:
            raise Paused(guesses.until)
        if guesses.until:
            guesses.wrong, guesses.until = 0, None
        found = find(meeting, typed)
        guesses.wrong += found is None
        if guesses.wrong >= MOST_WRONG:
            guesses.until = clock.now() + PAUSE
        guesses.save(update_fields=["wrong", "until"])
    return found


def spend(meeting: Meeting, typed: str, member: Member | None, entry: Entry | None) -> bool:
    """Spend a code for this step of this member; False when it is none, another's, another step's, or spent (the database decides)."""
    if member is None:
        return False
    rows = Code.objects.filter(meeting=meeting, member=member, entry=entry, digest=digest(meeting, typed), spent=False)
    if rows.update(spent=True) != 1:
        return False
    Guesses.objects.filter(meeting=meeting).update(wrong=0)
    return True


def void(meeting: Meeting) -> None:
    """The meeting is over: its codes are gone."""
    Code.objects.filter(meeting=meeting).delete()
    Guesses.objects.filter(meeting=meeting).delete()
