"""Who may read which message, and how many are new (T1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from zhiheng.foundation.notifications.models import Notification, Preference, Reading, ReadUpTo
from zhiheng.foundation.people.models import Account, Person, RoleGrant, Unit
from zhiheng.rules.lifecycle import Role

#: The badge counts up to here and then says "more": nobody needs the exact number, and the page does not pay for it.
MOST_UNREAD = 99

GRANTS = RoleGrant._meta.db_table
#: The messages to one address beyond the person's mark that they have not read one by one.
NEW = (
    f'SELECT n.id FROM {Notification._meta.db_table} n WHERE n."to" = %s'  # noqa: S608 - names of our own tables only
    f' AND n.id > COALESCE((SELECT m.message FROM {ReadUpTo._meta.db_table} m WHERE m.person_id = %s AND m."to" = %s), 0)'
    f" AND NOT EXISTS (SELECT 1 FROM {Reading._meta.db_table} r WHERE r.notification_id = n.id AND r.person_id = %s)"
)


class Reader(Protocol):
    """Who reads: an `Acting` of the acts, or anything like it."""

    @property
    def role(self) -> Role: ...
    @property
    def person(self) -> Person | None: ...
    @property
    def unit(self) -> Unit | None: ...


def addresses(reader: Reader) -> list[str]:
    """Under which addresses messages reach the reader: their own, that of the unit acted for, that of the role acted in."""
    if reader.person is None:
        return []
    unit = [f"unit:{reader.unit.code}"] if reader.unit else []
    return [f"person:{reader.person.code}", f"role:{reader.role.value}", *unit]


def messages_for(reader: Reader) -> QuerySet[Notification]:
    """The one permission function for messages: to the person, to the unit acted for, to the role acted in; newest first.

    A role that was taken back shows nothing any more; one that is held for a cycle shows the messages of that cycle only.
    """
    return Notification.objects.filter(_reaches(reader, {})).order_by("-pk")


def _reaches(reader: Reader, beyond: Mapping[str, Any]) -> Q:
    """Messages to each address, beyond what is given for it. The grants are asked once for all rows, not once a row."""
    if reader.person is None:
        return Q(pk__in=[])
    grants = RoleGrant.objects.filter(person=reader.person, role=reader.role.value, unit=reader.unit, revoked_at=None)
    held = Q(Exists(grants.filter(cycle=""))) | Q(cycle__in=grants.exclude(cycle="").values("cycle"))
    found = Q(pk__in=[])
    for to in addresses(reader):
        one = Q(to=to, pk__gt=beyond[to]) if to in beyond else Q(to=to)
        found |= one if to.startswith("person:") else one & held
    return found


def unread(reader: Reader) -> QuerySet[Notification]:
    """Of those, what the person has not read yet; newest first."""
    marks = ReadUpTo.objects.filter(person=reader.person)
    beyond = {to: Coalesce(Subquery(marks.filter(to=to).values("message")), 0) for to in addresses(reader)}
    seen = Reading.objects.filter(notification=OuterRef("pk"), person=reader.person)
    return Notification.objects.filter(_reaches(reader, beyond)).filter(~Exists(seen)).order_by("-pk")


def unread_count(reader: Reader) -> int:
    """How many, for the badge in the header; above MOST_UNREAD it stops counting.

    One query, in plain SQL since every page passes here: to put it together through the ORM costs ten times what it does. That it counts
    what `unread` finds, a test holds.
    """
    if reader.person is None:
        return 0
    boxes = addresses(reader)
    unit, of_unit = ("unit_id = %s", [reader.unit.pk]) if reader.unit else ("unit_id IS NULL", [])
    grant = f"SELECT 1 FROM {GRANTS} g WHERE g.person_id = %s AND g.role = %s AND g.{unit} AND g.revoked_at IS NULL"  # noqa: S608 - names of our own tables only
    sql, values = "", list[Any]()
    for to in boxes:
        shared = not to.startswith("person:")
        held = f" AND EXISTS ({grant} AND g.cycle IN ('', n.cycle))" if shared else ""
        sql += f"{' UNION ALL ' if sql else ''}{NEW}{held}"
        values += [to, reader.person.pk, to, reader.person.pk]
        values += [reader.person.pk, reader.role.value, *of_unit] if shared else []
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({sql} LIMIT {MOST_UNREAD + 1}) found", values)  # noqa: S608
        return int(cursor.fetchone()[0])


def seen_among(reader: Reader, rows: Iterable[Notification]) -> set[int]:
    """Which of these messages the person has read: two queries however many there are."""
    rows = list(rows)
    marks = dict(ReadUpTo.objects.filter(person=reader.person, to__in=addresses(reader)).values_list("to", "message"))
    read = Reading.objects.filter(person=reader.person, notification__in=[row.pk for row in rows])
    return {row.pk for row in rows if row.pk <= marks.get(row.to, 0)} | set(read.values_list("notification_id", flat=True))


def preference_of(account: Account) -> Preference:
    """The account's wishes, or the defaults (unsaved)."""
    return Preference.objects.filter(account=account).first() or Preference(account=account)
