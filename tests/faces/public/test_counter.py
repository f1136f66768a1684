"""The counter for what anybody may do, and whose it is (T9, T17)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from tests.faces.public.data import NOW
from zhiheng.faces.shared.counter import address_of, within
from zhiheng.foundation import clock


@pytest.mark.usefixtures("_empty_cache")
def test_the_first_few_of_a_stretch_and_then_no_more() -> None:
    with clock.travel(NOW):
        assert [within("x", "a", 2, 60) for _ in range(4)] == [True, True, False, False]
        assert within("x", "b", 2, 60)
        assert within("y", "a", 2, 60)
    with clock.travel(NOW + timedelta(seconds=60)):
        assert within("x", "a", 2, 60)


@pytest.mark.parametrize(
    ("proxies", "said", "address"),
    [
        (0, "198.51.100.7", "192.0.2.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.5, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.5, 198.51.100.7, 10.0.0.1", "198.51.100.7"),
        (2, "198.51.100.7", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        (1, "x" * 500, "x" * 64),
    ],
)
def test_only_our_own_proxies_are_believed(settings: Any, proxies: int, said: str, address: str) -> None:
    settings.ZHIHENG_PROXIES = proxies
    headers = {"HTTP_X_FORWARDED_FOR": said} if said else {}
    assert address_of(RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", **headers)) == address
