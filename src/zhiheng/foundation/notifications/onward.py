"""From a saved message to the outgoing ones: whom it concerns, by which way they want to hear, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django_tasks import task

from zhiheng.foundation import clock
from zhiheng.foundation.notifications.models import Channel, Delivery, DeliveryItem, Kind, Notification, Preference, When
from zhiheng.foundation.people.models import Account, Person, RoleGrant


@dataclass(frozen=True, slots=True)
class Call:
    """That an account is to hear of a notification by a channel, at once or with the day's others."""

    account: int
    channel: Channel
    kind: Kind
    notification: int


@task()
def forward(pks: list[int]) -> int:
    """Make the outgoing messages for these notifications; returns how many calls there were. Doing it twice changes nothing."""
    with transaction.atomic():
        rows = list(Notification.objects.filter(pk__in=pks).order_by("pk"))
        known = set(
            DeliveryItem.objects.filter(notification__in=rows).values_list("account_id", "channel", "notification_id"),
        )
        calls = [call for call in _calls(rows) if (call.account, call.channel.value, call.notification) not in known]
        _make(calls)
    return len(calls)


def _calls(rows: Sequence[Notification]) -> list[Call]:
    """Who hears of what by which way. The accounts are locked in the order of their keys: two workers open no two gatherings for one."""
    heard = _heard(rows)
    accounts = Account.objects.filter(person_id__in=heard, is_active=True).select_related("preference").order_by("pk")
    accounts = accounts.select_for_update(of=("self",))
    return [call for account in accounts for row, own in heard[account.person_id or 0].items() for call in _ways(account, row, own=own)]


def _heard(rows: Sequence[Notification]) -> Mapping[int, Mapping[int, bool]]:
    """Person → notification → whether it is addressed to them in person (else through a unit or a role that they hold)."""
    targets = defaultdict(list)
    for row in rows:
        targets[tuple(row.to.split(":", 1))].append(row)
    names = {kind: [name for k, name in targets if k == kind] for kind in ("person", "unit", "role")}
    heard: dict[int, dict[int, bool]] = defaultdict(dict)
    grants = RoleGrant.objects.filter(Q(unit__code__in=names["unit"]) | Q(role__in=names["role"]), revoked_at=None)
    for person, role, unit, cycle in grants.values_list("person_id", "role", "unit__code", "cycle"):
        for row in (*targets["role", role], *targets["unit", unit or ""]):
            if cycle in ("", row.cycle):
                heard[person][row.pk] = False
    for pk, code in Person.objects.filter(code__in=names["person"]).values_list("pk", "code"):
        for row in targets["person", code]:
            heard[pk][row.pk] = True
    return heard


def _ways(account: Account, notification: int, *, own: bool) -> Iterable[Call]:
    wish = getattr(account, "preference", None) or Preference()
    when = wish.own if own else wish.shared
    if account.email and when != When.NONE:
        yield Call(account.pk, Channel.MAIL, Kind.ONCE if when == When.ONCE else Kind.DIGEST, notification)
    if own:  # a gateway costs money: only what concerns the person alone, and once a day
        if wish.mobile:
            yield Call(account.pk, Channel.SMS, Kind.DIGEST, notification)
        if wish.wecom:
            yield Call(account.pk, Channel.WECOM, Kind.DIGEST, notification)


def _make(calls: Sequence[Call]) -> None:
    """One outgoing message for what an account hears at once of this act; the rest gathers in the one that waits for its hour."""
    grouped: dict[tuple[int, Channel, Kind], list[int]] = defaultdict(list)
    for call in calls:
        grouped[call.account, call.channel, call.kind].append(call.notification)
    open_ones = _gathering({account for account, _, _ in grouped})
    hours = _Hours({account for account, channel, _ in grouped if channel != Channel.MAIL})
    made = {
        (account, channel, kind): Delivery(account_id=account, channel=channel, kind=kind, due_at=due, gathering=kind == Kind.DIGEST)
        for account, channel, kind in grouped
        if kind != Kind.DIGEST or (account, channel) not in open_ones
        for due in [hours.of(account, channel, kind)]
    }
    Delivery.objects.bulk_create(made.values(), batch_size=500)
    items = [
        DeliveryItem(delivery=made.get(key) or open_ones[key[0], key[1]], notification_id=pk, account_id=key[0], channel=key[1])
        for key, pks in grouped.items()
        for pk in pks
    ]
    DeliveryItem.objects.bulk_create(items, batch_size=500)


def _gathering(accounts: Collection[int]) -> Mapping[tuple[int, str], Delivery]:
    """The messages that still gather, by account and channel; the lock keeps them from being sent meanwhile."""
    found = Delivery.objects.filter(account__in=accounts, gathering=True).select_for_update()
    return {(row.account_id, row.channel): row for row in found}


class _Hours:
    """When a new message is due: mail at once or at the next digest hour; a gateway at once, unless it spoke since the last such hour."""

    def __init__(self, accounts: Collection[int]) -> None:
        self.now = clock.now()
        hour = clock.at(self.now.date(), settings.DIGEST_HOUR)
        self.next = hour if hour > self.now else clock.at(self.now.date() + timedelta(days=1), settings.DIGEST_HOUR)
        spoken = Delivery.objects.filter(account__in=accounts, kind=Kind.DIGEST, due_at__gte=self.next - timedelta(days=1))
        self.spoken = set(spoken.exclude(channel=Channel.MAIL).values_list("account_id", "channel"))

    def of(self, account: int, channel: Channel, kind: Kind) -> datetime:
        """For this account by this channel."""
        if kind == Kind.ONCE or (channel != Channel.MAIL and (account, channel.value) not in self.spoken):
            return self.now
        return self.next
