"""What leaves as .ics is what RFC 5545 asks for: read back here by a reader of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.faces.office.ics import OCTETS, Event, calendar
from zhiheng.foundation import clock

STAMP = datetime(2026, 5, 15, 2, 30, 5, tzinfo=UTC)
DAY = date(2026, 5, 20)


def lines(data: bytes) -> list[str]:
    """The content lines, unfolded. Fails on a bare CR or LF, on a line that is too long, on a character cut in two."""
    assert data.endswith(b"\r\n")
    physical = data[:-2].split(b"\r\n")
    found: list[bytes] = []
    for one in physical:
        assert b"\r" not in one
        assert b"\n" not in one
        assert len(one) <= OCTETS
        one.decode()
        if one.startswith(b" "):
            found[-1] += one[1:]
        else:
            found.append(one)
    return [one.decode() for one in found]


def unescaped(value: str) -> str:
    """A value of type TEXT as it was meant."""
    out, signs = "", iter(value)
    for sign in signs:
        out += {"n": "\n"}.get(after := next(signs), after) if sign == "\\" else sign
    return out


def events(data: bytes) -> list[dict[str, str]]:
    """The events, property (with its parameters) → value."""
    found: list[dict[str, str]] = []
    within = False
    for line in lines(data):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
            within = True
        elif line == "END:VEVENT":
            within = False
        elif within:
            assert name not in found[-1]
            found[-1][name] = value
    return found


def test_the_calendar_says_what_it_must() -> None:
    found = lines(calendar("2026年度评审日程", [], STAMP))
    assert found[0] == "BEGIN:VCALENDAR"
    assert found[-1] == "END:VCALENDAR"
    assert found.count("VERSION:2.0") == 1
    assert sum(line.startswith("PRODID:") for line in found) == 1
    assert "X-WR-CALNAME:2026年度评审日程" in found
    assert found[found.index("BEGIN:VTIMEZONE") : found.index("END:VTIMEZONE") + 1] == [
        "BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0800", "TZOFFSETTO:+0800",
        "TZNAME:CST", "END:STANDARD", "END:VTIMEZONE",
    ]  # fmt: skip


def test_whole_days_end_before_the_day_after() -> None:
    [one] = events(calendar("x", [Event("a@zhiheng", "公示", DAY, date(2026, 5, 31))], STAMP))
    assert one == {
        "UID": "a@zhiheng", "DTSTAMP": "20260515T023005Z", "DTSTART;VALUE=DATE": "20260520", "DTEND;VALUE=DATE": "20260601",
        "SUMMARY": "公示", "TRANSP": "TRANSPARENT",
    }  # fmt: skip


def test_one_day_ends_on_the_next() -> None:
    [one] = events(calendar("x", [Event("a", "会议", DAY, DAY)], STAMP))
    assert (one["DTSTART;VALUE=DATE"], one["DTEND;VALUE=DATE"]) == ("20260520", "20260521")


def test_a_moment_is_told_in_beijing() -> None:
    at = clock.at(date(2026, 4, 28), 18).astimezone(UTC)
    [one] = events(calendar("x", [Event("a", "申报截止", DAY, DAY, at)], STAMP))
    assert one["DTSTART;TZID=Asia/Shanghai"] == "20260428T180000"
    assert "DTEND;VALUE=DATE" not in one


def test_an_event_never_ends_before_it_begins() -> None:
    with pytest.raises(ValueError, match="ends before"):
        calendar("x", [Event("a", "t", DAY, DAY - timedelta(days=1))], STAMP)


def test_long_lines_fold_between_characters() -> None:
    # 8 octets of "SUMMARY:" leave 67: 22 characters of three, and one octet is left empty
    data = calendar("x", [Event("a", "质" * 60, DAY, DAY)], STAMP)
    folded = [part for part in data.split(b"\r\n") if "质".encode() in part]
    assert [len(part) for part in folded] == [8 + 66, 1 + 72, 1 + 42]
    assert events(data)[0]["SUMMARY"] == "质" * 60


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("甲;乙,丙\\丁", "甲\\;乙\\,丙\\\\丁"),
        ("一\n二\r\n三\r四", "一\\n二\\n三\\n四"),
        ("响铃\x07和\x00空", "响铃和空"),
        ("换行\u2028不算", "换行不算"),
        ("END:VEVENT\r\nBEGIN:VALARM", "END:VEVENT\\nBEGIN:VALARM"),
    ],
)
def test_text_is_escaped(text: str, written: str) -> None:
    [one] = events(calendar("x", [Event("a", "t", DAY, DAY, text=text)], STAMP))
    assert one["DESCRIPTION"] == written


def test_an_address_takes_no_line_with_it() -> None:
    [one] = events(calendar("x", [Event("a", "t", DAY, DAY, url="https://x.cn/\r\nATTACH:file")], STAMP))
    assert one["URL"] == "https://x.cn/ATTACH:file"


printable = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]) | st.just("\n"), max_size=200)


@given(printable, printable)
def test_any_text_comes_back(title: str, text: str) -> None:
    [one] = events(calendar(title, [Event("a", title, DAY, DAY, text=text)], STAMP))
    assert unescaped(one["SUMMARY"]) == title
    assert unescaped(one.get("DESCRIPTION", "")) == text
