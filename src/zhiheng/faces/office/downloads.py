"""Files that leave the platform: always attachments, with names that every browser understands, never kept by a cache (T6)."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

R = TypeVar("R", bound=HttpResponseBase)


def attachment(name: str, data: bytes, mime: str) -> HttpResponse:
    """The bytes as a file to save."""
    return marked(HttpResponse(data, content_type=mime), name)


def marked(response: R, name: str) -> R:
    """The response, marked as a file to save."""
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
