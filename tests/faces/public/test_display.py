"""Enlarged type and language: chosen by a button, kept in a cookie, never mixed up by a cache (T3, T19)."""

import gzip
from datetime import date
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client
from django.utils import translation

from tests.faces.public.data import World
from zhiheng.faces.shared import official
from zhiheng.faces.shared.display import COOKIE, page_before

HERE = {"HTTP_ORIGIN": "http://testserver", "HTTP_REFERER": "http://testserver/notices/?cycle=2024"}
LARGE = '<link rel="stylesheet" href="/static/large.css">'


def press(client: Client, headers: dict[str, str] | None = None, **choice: str) -> Any:
    return client.post("/display/", choice, **(HERE if headers is None else headers))


def test_enlarged_and_back(site: World, client: Client) -> None:
    assert '<html lang="zh-CN">' in client.get("/").text
    pressed = press(client, size="large")
    assert (pressed.status_code, pressed["Location"]) == (303, "/notices/?cycle=2024")
    assert "no-store" in pressed["Cache-Control"]
    cookie = pressed.cookies[COOKIE]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("large", True, "Lax")
    page = client.get("/").text
    assert '<html lang="zh-CN" class="large">' in page
    assert LARGE in page
    assert "标准版" in page
    assert press(client, size="usual").status_code == 303
    assert LARGE not in client.get("/").text


def test_language_is_the_reader_s_choice_and_nothing_else(site: World, client: Client) -> None:
    assert client.get("/", HTTP_ACCEPT_LANGUAGE="en").headers["Content-Language"] == "zh-CN"
    press(client, language="en")
    page = client.get("/")
    assert page["Content-Language"] == "en"
    assert '<html lang="en">' in page.text
    assert "15 September 2026" in client.get("/notices/GS2026-014/").text or "18 September 2026" in client.get("/notices/GS2026-014/").text
    press(client, language="zh-hans")
    assert '<html lang="zh-CN">' in client.get("/").text


@pytest.mark.parametrize("choice", [{"language": "xx"}, {"size": "huge"}, {}, {"language": "<script>"}])
def test_a_choice_that_is_not_on_offer_changes_nothing(site: World, client: Client, choice: dict[str, str]) -> None:
    pressed = press(client, **choice)
    assert pressed.status_code == 303
    assert pressed.cookies == {}


@pytest.mark.parametrize("cookie", ["nonsense", "LARGE", "<script>"])
def test_a_cookie_that_says_nothing_known_changes_nothing(site: World, client: Client, cookie: str) -> None:
    plain = client.get("/").content
    client.cookies[COOKIE] = cookie
    client.cookies["django_language"] = cookie
    assert client.get("/").content == plain


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_ORIGIN": "null", "HTTP_REFERER": "http://testserver/"},
        {"HTTP_REFERER": "https://evil.example/testserver"},
        {"HTTP_ORIGIN": "http://testserver.evil.example"},
    ],
)
def test_sent_from_elsewhere_it_is_refused(site: World, client: Client, headers: dict[str, str]) -> None:
    strict = Client(enforce_csrf_checks=True)
    pressed = press(strict, headers, size="large")
    assert pressed.status_code == 403
    assert pressed.cookies == {}


def test_by_get_nothing_changes(site: World, client: Client) -> None:
    answer = client.get("/display/", {"size": "large"})
    assert answer.status_code == 405
    assert answer.cookies == {}


@pytest.mark.parametrize(
    ("referer", "page"),
    [
        ("http://testserver/rules/", "/rules/"),
        ("http://testserver//evil.example/", "/"),
        ("https://evil.example/rules/", "/"),
        ("http://testserver", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_never_leaves_the_site(referer: str, page: str) -> None:
    request = HttpRequest()
    request.META = {"HTTP_HOST": "testserver", "HTTP_REFERER": referer}
    assert page_before(request) == page


class Kept:
    """What a shared cache does: an answer is given again to whom every header that it varies on is the same."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, ...], bytes] = {}
        self.vary: dict[str, list[str]] = {}
        self.hits = 0

    def get(self, path: str, **headers: str) -> bytes:
        names = self.vary.get(path)
        if names is not None and (key := self._key(path, names, headers)) in self.kept:
            self.hits += 1
            return self.kept[key]
        sent = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        answer = Client().get(path, **sent)
        assert answer["Cache-Control"] == "public, max-age=60"
        self.vary[path] = [name.strip().lower() for name in answer["Vary"].split(",")]
        self.kept[self._key(path, self.vary[path], headers)] = answer.content
        return answer.content

    def _key(self, path: str, names: list[str], headers: dict[str, str]) -> tuple[str, ...]:
        known = {name.lower().replace("_", "-"): value for name, value in headers.items()}
        return (path, *(known.get(name, "") for name in names))


def test_a_shared_cache_mixes_nobody_s_choice(site: World) -> None:
    cache = Kept()
    plain = cache.get("/")
    large = cache.get("/", cookie=f"{COOKIE}=large")
    english = cache.get("/", cookie="django_language=en")
    packed = cache.get("/", accept_encoding="gzip")
    assert [b'class="large"' in one for one in (plain, large, english)] == [False, True, False]
    assert b'lang="en"' in english
    assert gzip.decompress(packed) == plain
    assert cache.get("/") == plain
    assert cache.get("/", cookie=f"{COOKIE}=large") == large
    assert cache.hits == 2


def test_dates_and_money_on_an_english_page() -> None:
    with translation.override("en"):
        assert official.day(date(2026, 3, 2)) == "2 March 2026"
        assert official.weekday(date(2026, 3, 2)) == "Monday, 2 March 2026"
        assert official.yuan(500000) == "CNY 500,000"
