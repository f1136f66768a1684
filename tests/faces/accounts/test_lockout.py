"""Trying passwords: slowed and locked by name and address, alike for the known and the unknown, and not for ever (T9)."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from tests.faces.accounts.people import LOGIN, PASSWORD, known, sign_in, texts, who
from zhiheng.foundation.people.models import Account

WRONG = "wrong-Password-1"
TOO_MANY = "尝试次数过多，请 15 分钟后再试。"


def fail(times: int, login: str = "zhang.san", **more: Any) -> list[int]:
    """The statuses of so many wrong passwords, each from a browser that keeps no cookie."""
    return [sign_in(Client(), login, WRONG, **more).status_code for _ in range(times)]


def test_the_fifth_wrong_password_locks_and_the_right_one_no_longer_opens(client: Client, account: Account) -> None:
    assert fail(5) == [200, 200, 200, 200, 429]
    answer = sign_in(client, "zhang.san")
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert "请 15 分钟后再试" in texts(answer)
    assert who(client) == ""


def test_four_wrong_ones_do_not(client: Client, account: Account) -> None:
    assert fail(4) == [200] * 4
    assert sign_in(client, "zhang.san").status_code == 302
    assert fail(4) == [200] * 4  # and success begins the count anew


def test_the_unknown_are_locked_in_the_same_words(account: Account) -> None:
    def told(login: str) -> list[tuple[int, str]]:
        answers = [sign_in(Client(), login, WRONG) for _ in range(7)]
        return [(a.status_code, texts(a)) for a in answers]

    assert told("zhang.san") == told("nobody")
    there = {"REMOTE_ADDR": "10.4.0.1"}
    assert fail(7, "zhang@example.org", **there) == fail(7, "nobody@example.org", **there) == [200] * 4 + [429] * 3


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_CLIENT_IP", "HTTP_X_CLIENT_IP"])
def test_a_made_up_address_evades_nothing(account: Account, header: str) -> None:
    statuses = [sign_in(Client(), "zhang.san", WRONG, **{header: f"10.0.0.{n}"}).status_code for n in range(5)]
    assert statuses == [200] * 4 + [429]


def test_behind_our_proxy_the_address_is_what_the_proxy_wrote(account: Account, settings: Any) -> None:
    """Negative control: with a proxy trusted, the last station counts, and what the client wrote before it does not."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert fail(5, HTTP_X_FORWARDED_FOR="10.0.0.1") == [200] * 4 + [429]
    assert fail(1, HTTP_X_FORWARDED_FOR="10.0.0.2") == [200]
    spoofed = [sign_in(Client(), "zhang.san", WRONG, HTTP_X_FORWARDED_FOR=f"9.9.9.{n}, 10.0.0.1").status_code for n in range(2)]
    assert spoofed == [429, 429]
    assert fail(1) == [200]  # past the proxy: its own address, no error


@pytest.mark.parametrize("variant", ["ZHANG.SAN", " zhang.san", "ｚｈａｎｇ.san"])
def test_another_writing_of_the_name_starts_no_new_count(account: Account, variant: str) -> None:
    assert fail(4) == [200] * 4
    assert fail(1, variant) == [429]


def test_another_host_starts_no_new_count(account: Account, settings: Any) -> None:
    """The limit on one name from everywhere: what a client writes as host, with any port, does not divide it."""
    settings.ALLOWED_HOSTS = ["*"]
    statuses = [
        sign_in(Client(), "zhang.san", WRONG, HTTP_HOST=f"a{n}.example:{1000 + n}", REMOTE_ADDR=f"10.1.0.{n}").status_code
        for n in range(10)
    ]
    assert statuses == [200] * 10  # from ten addresses, no one of which is locked
    answer = sign_in(Client(), "zhang.san", HTTP_HOST="b.example", REMOTE_ADDR="10.2.0.1")
    assert answer.status_code == 200
    assert TOO_MANY in texts(answer)
    other = known("li.si")
    assert sign_in(Client(), other.username, HTTP_HOST="b.example", REMOTE_ADDR="10.2.0.1").status_code == 302


def test_one_address_trying_many_names_is_slowed(account: Account) -> None:
    for n in range(20):
        fail(1, f"name{n}")
    answer = sign_in(Client(), "zhang.san")
    assert TOO_MANY in texts(answer)
    assert sign_in(Client(), "zhang.san", REMOTE_ADDR="10.3.0.1").status_code == 302


def test_from_elsewhere_the_owner_still_comes_in(client: Client, account: Account) -> None:
    assert fail(6)[-1] == 429
    assert sign_in(client, "zhang.san", REMOTE_ADDR="10.0.0.9").status_code == 302


def test_it_is_over_after_a_quarter_of_an_hour_and_trying_on_does_not_lengthen_it(client: Client, account: Account) -> None:
    from django.core.cache import cache

    assert fail(8)[-1] == 429
    (attempt,) = AccessAttempt.objects.all()
    assert attempt.failures_since_start == 5
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    cache.clear()
    assert sign_in(client, "zhang.san").status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    cache.clear()
    assert sign_in(client, "zhang.san").status_code == 302


def test_confirming_with_wrong_passwords_locks_too(client: Client, account: Account) -> None:
    """Who sits at an open session cannot try passwords either."""
    sign_in(client, "zhang.san")
    statuses = [client.post("/accounts/confirm/", {"password": WRONG}).status_code for _ in range(5)]
    assert statuses == [200] * 4 + [429]


def test_no_password_is_written_down(account: Account) -> None:
    sign_in(Client(), "zhang.san", "typed-Secret-123")
    sign_in(Client(), "typed-Secret-123", "zhang.san-x")
    kept = [f"{a.post_data}{a.get_data}{a.path_info}{a.http_accept}" for a in AccessAttempt.objects.all()]
    assert len(kept) == 2
    assert not any("typed-Secret" in text or "zhang.san-x" in text for text in kept)


def test_the_sign_in_page_itself_is_not_locked(client: Client, account: Account) -> None:
    fail(6)
    assert client.get(LOGIN).status_code == 200


def test_without_the_lock_the_sixth_password_would_open(client: Client, account: Account, settings: Any) -> None:
    """The control of the first test."""
    settings.AXES_ENABLED = False
    assert fail(6) == [200] * 6
    assert sign_in(client, "zhang.san", PASSWORD).status_code == 302
