"""Looking up an objection later: a number that may be known to others and a code that only its objector has (J2, T1, T9)."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

from django.conf import settings
from django.core import signing

from zhiheng.foundation import clock
from zhiheng.foundation.publicity.models import Objection

#: Without what is easily misread: 0 and O, 1 and I.
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 10
RECEIPT_SECONDS = 60 * 60
_SALT = "objection.received"


def code_of(number: str) -> str:
    """The look-up code that belongs to an objection's number: ten signs, 50 bits, in two groups. Nothing of it is stored."""
    key = f"objection|{settings.SECRET_KEY}".encode()
    value = int.from_bytes(hmac.new(key, _bare(number), hashlib.sha256).digest())
    signs = "".join(SIGNS[(value >> (5 * n)) % 32] for n in range(LENGTH))
    return f"{signs[:5]}-{signs[5:]}"


def find(number: str, code: str) -> Objection | None:
    """The objection with this number, for who has its code. The code is computed from what was typed, whether or not there is such an
    objection: a wrong pair takes the same time and leads to the same answer, and the database is not asked (T9)."""
    written = tidy(number)
    if not hmac.compare_digest(_bare(code_of(written)), _bare(tidy(code))):
        return None
    bare = written.replace("-", "")
    return (
        Objection.objects.filter(number__in={written, f"{bare[:-8]}-{bare[-8:]}"}).select_related("notice__unit", "notice__cycle").first()
    )


def tidy(typed: str) -> str:
    """A number or a code as people type it, in its written form: no spaces, no full-width signs, no small letters."""
    plain = unicodedata.normalize("NFKC", typed[:80]).upper().replace("—", "-").replace("–", "-")
    return "".join(sign for sign in plain if sign.isprintable() and not sign.isspace())[:40]


def _bare(code: str) -> bytes:
    return code.replace("-", "").encode()


def receipt_key(number: str) -> str:
    """What the receipt's address holds: the number, signed, good for an hour."""
    return signing.dumps([number, int(clock.now().timestamp())], salt=_SALT)


def receipt_of(key: str) -> Objection | None:
    """The objection whose receipt this address shows; None when the address is not ours or has run out."""
    try:
        number, at = signing.loads(key, salt=_SALT)
    except signing.BadSignature:
        return None
    if not 0 <= clock.now().timestamp() - at <= RECEIPT_SECONDS:
        return None
    return Objection.objects.filter(number=number).select_related("notice__unit", "notice__cycle", "proof").first()
