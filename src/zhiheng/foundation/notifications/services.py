"""Saving messages in the transaction of the act that causes them, and marking them as read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Protocol

from zhiheng.foundation import clock
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.notifications.models import Notification, Reading
from zhiheng.foundation.notifications.onward import forward
from zhiheng.foundation.notifications.selectors import Reader, unread

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


def mark_read(reader: Reader, pks: Sequence[int] | None = None) -> int:
    """Note that the person has read these messages (None: all that they may see); returns how many were new to them.

    What the reader may not see is left out without a word (T1); the same wish twice changes nothing.
    """
    found = unread(reader)
    if pks is not None:
        found = found.filter(pk__in=pks)
    rows = [Reading(person=reader.person, notification_id=pk, at=clock.now()) for pk in found.values_list("pk", flat=True)]
    Reading.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)
