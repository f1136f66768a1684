"""Reading what stands against or for a party (B5, K1, K2)."""

from __future__ import annotations

from zhiheng.foundation.parties.models import Party
from zhiheng.rules.eligibility import BanFacts


def bans(party: Party) -> tuple[BanFacts, ...]:
    """The party's bans, oldest first."""
    return tuple(BanFacts(b.from_on, b.until, b.article, b.cause) for b in sorted(party.bans.all(), key=lambda b: (b.from_on, b.pk)))


def has_won(party: Party) -> bool:
    """Whether the party ever won; a revoked award counts as won for B5."""
    return party.honours.exists()
