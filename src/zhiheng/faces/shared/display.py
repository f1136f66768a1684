"""How a reader wants pages: in which language, in usual or enlarged type. Kept in cookies, chosen by a press of a button (A1).

The language comes from the reader's choice only, never from the browser's settings: an official page is Chinese until somebody asks
otherwise, and caches need to look at nothing but the cookie.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

COOKIE = "zhiheng_display"
LARGE = "large"
YEAR = 365 * 24 * 60 * 60
Answer = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Display:
    """language: a code of settings.LANGUAGES; large: enlarged type, stronger contrast, one column (关怀版)."""

    language: str
    large: bool

    @property
    def english(self) -> bool:
        """Whether the page speaks English."""
        return self.language == "en"

    @property
    def lang(self) -> str:
        """The page's language as HTML names it."""
        return "en" if self.english else "zh-CN"


def display_of(request: HttpRequest) -> Display:
    """The reader's choice; the usual Chinese page where the cookies say nothing, or nothing known."""
    asked = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    return Display(language, request.COOKIES.get(COOKIE) == LARGE)


class Displayed:
    """Speaks the reader's language during the request, and says that the answer depends on the cookie (T19)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        display = display_of(request)
        with translation.override(display.language):
            response = self.get_response(request)
        patch_vary_headers(response, ["Cookie"])
        response.headers.setdefault("Content-Language", display.lang)
        return response


def remember(response: HttpResponse, name: str, value: str) -> None:
    """Keep a choice for a year, readable by no script."""
    response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


def from_here(request: HttpRequest) -> bool:
    """Whether a form that carries no token was sent from one of our own pages: the browser says so itself (T3)."""
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    found = urlsplit(origin)
    return (found.scheme, found.netloc) == (request.scheme, request.get_host())


def page_before(request: HttpRequest) -> str:
    """The page of ours on which the button was pressed, as the browser names it; else the front page."""
    found = urlsplit(request.headers.get("Referer", ""))
    if (found.scheme, found.netloc) != (request.scheme, request.get_host()) or not found.path.startswith("/") or found.path[1:2] == "/":
        return "/"
    return found.path + (f"?{found.query}" if found.query else "")
