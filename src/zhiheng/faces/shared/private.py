"""Answers that are for one reader only."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpResponseBase
from django.utils.cache import add_never_cache_headers, patch_cache_control, patch_vary_headers

R = TypeVar("R", bound=HttpResponseBase)


def private(response: R) -> R:
    """The answer, marked so that no cache keeps it (T19)."""
    add_never_cache_headers(response)
    patch_cache_control(response, private=True, no_store=True)
    patch_vary_headers(response, ["Cookie"])
    return response
