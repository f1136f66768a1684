"""A small counter for what anybody may do without signing in: so many times from one address in a while (T9, T17).

Kept in the cache. On one machine without Redis each server process counts for itself, so that the limit is reached somewhat later.
"""

from __future__ import annotations

import hashlib
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from zhiheng.foundation import clock


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: the peer, or what the nearest of our own proxies says (ZHIHENG_PROXIES of them; what stands further
    to the left in X-Forwarded-For anybody may write). Of an IPv6 address the network: a household has 2⁶⁴ of the rest."""
    given = request.META.get("REMOTE_ADDR", "")
    if settings.ZHIHENG_PROXIES:
        said = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        given = said[-settings.ZHIHENG_PROXIES] if len(said) >= settings.ZHIHENG_PROXIES else given
    try:
        found = ip_address(given)
    except ValueError:
        return given[:64]
    return ":".join(found.exploded.split(":")[:4]) if isinstance(found, IPv6Address) else given


def within(what: str, who: str, most: int, seconds: int) -> bool:
    """Count one more `what` by `who`; whether it is still among the first `most` of this stretch of `seconds`."""
    stretch = int(clock.now().timestamp()) // seconds
    key = f"count:{what}:{stretch}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"
    if cache.add(key, 1, 2 * seconds):
        return most >= 1
    try:
        return cache.incr(key) <= most
    except ValueError:  # it ran out between the two
        return True
