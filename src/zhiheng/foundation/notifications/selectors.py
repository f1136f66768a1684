"""Who may read which message, and how many are new (T1)."""

from __future__ import annotations

from typing import Protocol

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhiheng.foundation.notifications.models import Notification, Preference, Reading
from zhiheng.foundation.people.models import Account, Person, RoleGrant, Unit
from zhiheng.rules.lifecycle import Role

#: The badge counts up to here and then says "more": nobody needs the exact number, and the page does not pay for it.
MOST_UNREAD = 99


class Reader(Protocol):
    """Who reads: an `Acting` of the acts, or anything like it."""

    @property
    def role(self) -> Role: ...
    @property
    def person(self) -> Person | None: ...
    @property
    def unit(self) -> Unit | None: ...


def messages_for(reader: Reader) -> QuerySet[Notification]:
    """The one permission function for messages: to the person, to the unit acted for, to the role acted in; newest first.

    A role that was taken back shows nothing any more; one that is held for a cycle shows the messages of that cycle only.
    """
    if reader.person is None:
        return Notification.objects.none()
    shared = [f"role:{reader.role.value}", *([f"unit:{reader.unit.code}"] if reader.unit else [])]
    grants = RoleGrant.objects.filter(person=reader.person, role=reader.role.value, unit=reader.unit, revoked_at=None)
    held = Exists(grants.filter(Q(cycle="") | Q(cycle=OuterRef("cycle"))))
    return Notification.objects.filter(Q(to=f"person:{reader.person.code}") | Q(held, to__in=shared)).order_by("-pk")


def unread(reader: Reader) -> QuerySet[Notification]:
    """Of those, what the person has not read yet."""
    seen = Reading.objects.filter(notification=OuterRef("pk"), person=reader.person)
    return messages_for(reader).filter(~Exists(seen))


def unread_count(reader: Reader) -> int:
    """How many, for the badge in the header: one query; above MOST_UNREAD it stops counting."""
    return unread(reader).order_by()[: MOST_UNREAD + 1].count()


def preference_of(account: Account) -> Preference:
    """The account's wishes, or the defaults (unsaved)."""
    return Preference.objects.filter(account=account).first() or Preference(account=account)
