"""The one place that asks the time (X5). A demo or a test sets it; everything else takes dates as arguments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_set: ContextVar[datetime | None] = ContextVar("zhiheng_clock", default=None)


def now() -> datetime:
    """The current time in Asia/Shanghai, or the time that was set."""
    return _set.get() or datetime.now(SHANGHAI)


def real() -> datetime:
    """The real time, also in a demo: for the terms of sign-ins and the ages of tasks, which no demo moves; never for a rule."""
    return datetime.now(SHANGHAI)


def today() -> date:
    """The current date in Asia/Shanghai."""
    return now().date()


def is_set() -> bool:
    """Whether a demo or a test has set the time."""
    return _set.get() is not None


def set_to(moment: datetime | None) -> None:
    """Set the time for this context (None: the real one again). Raises ValueError on a naive datetime."""
    _set.set(local(moment) if moment else None)


@contextmanager
def travel(moment: datetime | None) -> Iterator[None]:
    """Within the block the time is `moment`; None changes nothing. Raises ValueError on a naive datetime."""
    if moment is None:
        yield
        return
    token = _set.set(local(moment))
    try:
        yield
    finally:
        _set.reset(token)


def local(moment: datetime) -> datetime:
    """A moment as told in Asia/Shanghai. Raises ValueError on a naive datetime."""
    if moment.tzinfo is None:
        raise ValueError("时间须带时区")
    return moment.astimezone(SHANGHAI)


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of a day in Asia/Shanghai."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)
