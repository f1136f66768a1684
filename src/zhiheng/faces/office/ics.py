"""A calendar as RFC 5545 has it: what Outlook, a phone or a desktop calendar subscribes to or imports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from zhiheng.foundation.clock import SHANGHAI

MIME = "text/calendar; charset=utf-8"
OCTETS = 75  # of a line, without its end
PRODUCT = "-//Zhiheng//Quality Award Calendar//ZH"
#: China keeps no summer time, so one rule says it all.
ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Shanghai",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800",
    "TZNAME:CST",
    "END:STANDARD",
    "END:VTIMEZONE",
)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Event:
    """One event. uid: the same for the same matter at every export. first and last: whole days, both included; at: a moment instead
    of days, such as a deadline. url: absolute, or empty."""

    uid: str
    title: str
    first: date
    last: date
    at: datetime | None = None
    text: str = ""
    category: str = ""
    url: str = ""


def calendar(name: str, events: Iterable[Event], stamp: datetime) -> bytes:
    """The calendar in UTF-8 with CRLF; stamp: the moment of writing (aware). Raises ValueError where an event ends before it begins."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"NAME:{_text(name)}", f"X-WR-CALNAME:{_text(name)}", "X-WR-TIMEZONE:Asia/Shanghai"]
    lines += ["REFRESH-INTERVAL;VALUE=DURATION:PT12H", "X-PUBLISHED-TTL:PT12H", *ZONE]
    for event in events:
        lines += _event(event, stamp)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _event(event: Event, stamp: datetime) -> Iterator[str]:
    if event.last < event.first:
        raise ValueError(f"{event.uid} ends before it begins")
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    if event.at is not None:  # a moment: an event without an end lasts no time
        yield f"DTSTART;TZID=Asia/Shanghai:{event.at.astimezone(SHANGHAI):%Y%m%dT%H%M%S}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.first:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.last + timedelta(days=1):%Y%m%d}"  # the end is not part of the event
    yield f"SUMMARY:{_text(event.title)}"
    if event.text:
        yield f"DESCRIPTION:{_text(event.text)}"
    if event.category:
        yield f"CATEGORIES:{_text(event.category)}"
    if event.url:
        yield f"URL:{_CONTROL.sub('', event.url.replace(chr(10), ''))}"
    yield "TRANSP:TRANSPARENT"  # a deadline does not make anyone busy
    yield "END:VEVENT"


def _text(value: str) -> str:
    """A value of type TEXT: escaped, on one line, without control signs."""
    bare = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return bare.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[bytes]:
    """The line in parts of at most 75 octets, each but the first beginning with a space; no character is cut in two."""
    part, room = b"", OCTETS
    for sign in line:
        octets = sign.encode()
        if len(octets) > room:
            yield part
            part, room = b" ", OCTETS - 1
        part += octets
        room -= len(octets)
    yield part
