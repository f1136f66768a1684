"""Invitations: their links and whether they still hold."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from zhiheng.foundation.people.models import Invitation

TERM = timedelta(days=7)


def token_of(nonce: str) -> str:
    """The secret part of the link. Made anew whenever it is needed, so that the mail can be sent again and nobody finds it in a copy
    of the database."""
    return hmac.new(f"invitation|{settings.SECRET_KEY}".encode(), nonce.encode(), hashlib.sha256).hexdigest()


def digest_of(token: str) -> str:
    """What the database knows of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def standing(now: datetime) -> QuerySet[Invitation]:
    """Those that can still be taken up."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=now).select_related("person", "unit")


def find(token: str, now: datetime) -> Invitation | None:
    """The invitation of this link, while it can be taken up."""
    return standing(now).filter(digest=digest_of(token)).first()


def over(now: datetime) -> Q:
    """Those whose term has run out, for lists."""
    return Q(accepted_at=None, revoked_at=None, expires_at__lte=now)
