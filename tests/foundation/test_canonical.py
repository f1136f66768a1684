"""Canonical JSON and digests against published vectors; exact values in, floats refused (L3)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, IntEnum
from fractions import Fraction
from typing import Any

import pytest

from zhiheng.foundation.canonical import digest, digest_of, dumps, plain, salted
from zhiheng.foundation.clock import SHANGHAI
from zhiheng.rules.lifecycle import Role

pytestmark = pytest.mark.duty("L3")


class Colour(Enum):
    RED = "red"
    PAIR = (1, 2)


class Level(IntEnum):
    HIGH = 3


@dataclass(frozen=True)
class Point:
    x: Fraction
    on: date


# RFC 8785, 3.2.3: names are sorted by UTF-16 units, so that the emoji (a surrogate pair) stands before U+FB33.
SORTED = {"€": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew", "1": "One", "😀": "Smiley", "\x80": "Control", "ö": "Latin"}


def test_names_are_sorted_as_the_rfc_shows() -> None:
    assert dumps(SORTED).decode() == (
        '{"\\r":"Carriage Return","1":"One","\x80":"Control","ö":"Latin","€":"Euro Sign","😀":"Smiley","\ufb33":"Hebrew"}'
    )


def test_strings_are_escaped_as_the_rfc_shows() -> None:
    # RFC 8785, 3.2.2.2 and its example string.
    assert dumps('€$\x0f\nA\'B"\\\\"/') == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()
    assert dumps({"literals": [None, True, False]}) == b'{"literals":[null,true,false]}'


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (7, 7),
        ("文", "文"),
        (Fraction(1999, 4), "1999/4"),
        (Fraction(4, 2), "2"),
        (Decimal("549.9750"), "549.9750"),
        (date(2026, 2, 26), "2026-02-26"),
        (datetime(2026, 2, 26, 9, 30, tzinfo=SHANGHAI), "2026-02-26T09:30:00+08:00"),
        (datetime(2026, 2, 26, 16, 0, tzinfo=UTC), "2026-02-27T00:00:00+08:00"),
        (datetime(2026, 2, 26, 9, 30, 0, 5, tzinfo=SHANGHAI), "2026-02-26T09:30:00.000005+08:00"),
        (Role.OFFICE, "office"),
        (Colour.RED, "red"),
        (Colour.PAIR, [1, 2]),
        (Level.HIGH, 3),
        (Point(Fraction(1, 3), date(2026, 1, 1)), {"x": "1/3", "on": "2026-01-01"}),
        ({Role.OFFICE: [Point(Fraction(1), date(2026, 1, 1))]}, {"office": [{"x": "1", "on": "2026-01-01"}]}),
        ({"b", "a", "c"}, ["a", "b", "c"]),
        (frozenset({3, 1, 2}), [1, 2, 3]),
        ((1, (2, [3])), [1, [2, [3]]]),
    ],
)
def test_plain_values(value: Any, expected: Any) -> None:
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("value", [1.5, float("nan"), [1, [0.1]], {"a": {"b": 2.0}}, Point, object(), b"bytes"])
def test_inexact_and_unknown_values_are_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        plain(value)


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="时区"):
        plain(datetime(2026, 2, 26, 9, 30))  # noqa: DTZ001 - the fault itself


def test_sha256_and_sm3_against_their_standards() -> None:
    # FIPS 180-4 and GB/T 32905-2016, appendix A.1 and A.2.
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest(b"abc", "sm3") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert digest(b"abcd" * 16, "sm3") == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    with pytest.raises(ValueError, match="md5"):
        digest(b"abc", "md5")


def test_digest_of_a_value_is_that_of_its_canonical_form() -> None:
    assert digest_of({"b": Fraction(1, 2), "a": 1}) == digest(b'{"a":1,"b":"1/2"}')
    assert digest_of({"a": 1, "b": "1/2"}) == digest_of({"b": Fraction(1, 2), "a": 1})
    assert digest_of([1, 2]) != digest_of([2, 1])


def test_a_salted_digest_needs_its_salt() -> None:
    assert salted("s", "text") == digest(b"s|text")
    assert salted("s", "text") != salted("t", "text")
