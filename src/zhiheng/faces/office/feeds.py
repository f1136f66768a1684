"""Calendars that leave the platform: as a file, or at a private address that a phone asks again and again (T1, T2).

What goes out names no person and nothing unpublished: an event has the title that `process.deadlines` gives it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhiheng.faces.office import ics
from zhiheng.faces.office.models import Feed
from zhiheng.faces.office.tabs import TABS, Tab
from zhiheng.foundation import clock
from zhiheng.foundation.acts import Acting
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.people.models import RoleGrant
from zhiheng.process import reach
from zhiheng.process.deadlines import Deadline, deadlines
from zhiheng.rules.decision import cite
from zhiheng.rules.lifecycle import Role

SALT = "zhiheng.office.feed"
HOST = "zhiheng"  # behind the "@" of every UID: the same whatever address the site has


def events(cycle: Cycle, found: Iterable[Deadline], url: str = "") -> list[ics.Event]:
    """The deadlines of a cycle as events; one without a known last day is none. url: absolute, of the cycle's calendar page."""
    return [event for one in found if one.last is not None for event in _events(cycle, one, url)]


def _events(cycle: Cycle, one: Deadline, url: str) -> list[ics.Event]:
    assert one.last is not None
    text = "\n".join(part for part in (cycle.title, one.state_title, one.note, cite(one.article)) if part)
    uid = f"{one.key}.{cycle.code}@{HOST}".replace(":", "-")
    title = one.title if str(cycle.year) in one.title else f"{one.title}（{cycle.year}）"
    found = [ics.Event(uid, title, one.first, one.last, text=text, category=one.kind_title, url=url)]
    if one.at is not None:  # the minute of a deadline stands by itself
        end = _("%(title)s截止（%(year)s）") % {"title": one.title, "year": cycle.year}
        found.append(ics.Event(f"end-{uid}", end, one.last, one.last, one.at, text, one.kind_title, url))
    return found


def token(feed: Feed) -> str:
    """The part of the address that nobody can make up."""
    return signing.Signer(salt=SALT).sign(str(feed.pk))


def opened(text: str) -> Feed | None:
    """The feed of an address, if its signature is ours, it was not revoked, and the role is still held."""
    try:
        pk = signing.Signer(salt=SALT).unsign(text)
    except signing.BadSignature:
        return None
    if not pk.isdecimal():
        return None
    rows = Feed.objects.filter(pk=pk, revoked_at=None, grant__revoked_at=None)
    return rows.select_related("grant__person", "grant__unit").first()


def of_grant(grant: int) -> Feed | None:
    """The open feed of a grant."""
    return Feed.objects.filter(grant=grant, revoked_at=None).first()


def make(grant: int) -> Feed:
    """A new address for the grant; an earlier one leads nowhere from now on. Two at once: one of them is made."""
    try:
        with transaction.atomic():
            revoke(grant)
            return Feed.objects.create(grant_id=grant, made_at=clock.now())
    except IntegrityError:
        return Feed.objects.get(grant=grant, revoked_at=None)


def revoke(grant: int) -> None:
    """Close the grant's address."""
    Feed.objects.filter(grant=grant, revoked_at=None).update(revoked_at=clock.now())


def acting_of(grant: RoleGrant) -> Acting:
    """Who acts in this grant."""
    return Acting(Role(grant.role), grant.person, grant.unit)


def whole(feed: Feed) -> bytes:
    """All cycles within the role's reach, as one calendar."""
    acting, found = acting_of(feed.grant), []
    if Tab.CALENDAR in TABS.get(acting.role, ()):
        for cycle in reach.cycles(acting).order_by("code"):
            found += events(cycle, deadlines(acting, cycle))
    return ics.calendar(_("政府质量奖评审日程"), found, clock.now())
