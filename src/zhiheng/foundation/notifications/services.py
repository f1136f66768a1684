"""Saving messages in the transaction of the act that causes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.notifications.models import Notification


class Message(Protocol):
    """What `send` takes: whom, a title and a text."""

    @property
    def to(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...


def send(messages: Sequence[Message], cycle: Cycle | None, subject: str, at: datetime) -> None:
    """Save one notification a recipient; the same message to the same recipient within the act is sent once."""
    code = cycle.code if cycle else ""
    rows = {
        (m.to, m.title, m.text): Notification(to=m.to, cycle=code, title=m.title, text=m.text, subject=subject, at=at) for m in messages
    }
    if rows:
        Notification.objects.bulk_create(rows.values())
