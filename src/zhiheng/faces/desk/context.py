"""What the frame of the working pages shows beside the page itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from zhiheng.foundation.notifications.selectors import unread_count


def bell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `desk_unread`, the number of unread messages; counted (one query) only by a page that shows it."""
    desk = getattr(request, "desk", None)
    return {"desk_unread": SimpleLazyObject(lambda: unread_count(desk.acting)) if desk else 0}
