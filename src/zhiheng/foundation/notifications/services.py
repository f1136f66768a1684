"""Saving messages in the transaction of the act that causes them, and marking them as read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction
from django.db.models import Max, Min

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.notifications.models import Notification, Reading, ReadUpTo
from zhiheng.foundation.notifications.onward import forward
from zhiheng.foundation.notifications.selectors import Reader, messages_for, unread

#: A message this old has no younger sister that was begun before it and is still being saved: no mark can pass over one unseen.
SETTLED = timedelta(minutes=10)
_indoors: ContextVar[bool] = ContextVar("zhiheng_indoors", default=False)


class Message(Protocol):
    """What `send` takes: whom, a title and a text."""

    @property
    def to(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...


@contextmanager
def indoors() -> Iterator[None]:
    """Within the block messages stay in the product: a play of the past writes to nobody."""
    token = _indoors.set(True)
    try:
        yield
    finally:
        _indoors.reset(token)


def send(messages: Sequence[Message], cycle: Cycle | None, subject: str, at: datetime) -> None:
    """Save one notification a recipient, and queue in the same transaction that they be sent onward.

    The same message to the same recipient within the act is sent once. What is queued becomes visible to the worker with the commit only.
    """
    code = cycle.code if cycle else ""
    rows = {
        (m.to, m.title, m.text): Notification(to=m.to, cycle=code, title=m.title, text=m.text, subject=subject, at=at) for m in messages
    }
    if not rows:
        return
    saved = Notification.objects.bulk_create(rows.values())
    if not _indoors.get():
        forward.enqueue([row.pk for row in saved])


@transaction.atomic
def mark_read(reader: Reader, pks: Sequence[int] | None = None) -> int:
    """Note that the person has read these messages (None: all that they may see); returns how many were new to them.

    What the reader may not see is left out without a word (T1); the same wish twice changes nothing.
    """
    if reader.person is None:
        return 0
    found = unread(reader).order_by()
    if pks is not None:
        found = found.filter(pk__in=pks)
    fresh = list(found.values_list("pk", "to"))
    if not fresh:
        return 0
    settled = dict(messages_for(reader).filter(at__lt=clock.now() - SETTLED).order_by().values_list("to").annotate(Max("pk")))
    # One by one, but for what a mark will stand for at once.
    single = [pk for pk, to in fresh if pks is not None or pk > settled.get(to, 0)]
    rows = [Reading(person=reader.person, notification_id=pk, at=clock.now()) for pk in single]
    Reading.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    _move_marks(reader, settled, everything=pks is None)
    return len(fresh)


def _move_marks(reader: Reader, settled: Mapping[str, int], *, everything: bool) -> None:
    """Move the mark of each address to just before its oldest new message, at most to its last settled one; never back. Single readings
    below are let go."""
    oldest = {} if everything else dict(unread(reader).order_by().values_list("to").annotate(Min("pk")))
    for to, last in settled.items():
        upto = min(last, oldest.get(to, last + 1) - 1)
        marks = ReadUpTo.objects.filter(person=reader.person, to=to)
        if not marks.filter(message__lt=upto).update(message=upto):
            ReadUpTo.objects.get_or_create(person=reader.person, to=to, defaults={"message": upto})
        Reading.objects.filter(person=reader.person, notification__to=to, notification__lte=upto).delete()
