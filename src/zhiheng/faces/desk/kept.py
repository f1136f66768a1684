"""A filled form survives the end of a session: kept while its owner signs in again, then shown as it was."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict

KEPT = "zhiheng_kept"
MOST = 300_000  # characters: more than any form of ours
OWNER = "kept_for"  # hidden field: whose form it was, signed


def owner_mark(code: str) -> str:
    """The hidden field's value for a person's code: what was typed is given back to nobody else."""
    return signing.dumps(code, salt="kept")


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page; a form that was being sent is kept in the session and shown again afterwards. A view may forbid it
    (`request.unkept`): a ballot is kept nowhere (T13)."""
    if request.method == "POST" and not getattr(request, "unkept", False) and len(encoded := request.POST.urlencode()) <= MOST:
        request.session[KEPT] = {"path": request.path, "data": encoded}
    return redirect_to_login(request.get_full_path() if request.method in ("GET", "POST") else "/desk/")


def taken(request: HttpRequest, code: str) -> QueryDict | None:
    """What this person had typed into the form at this address before their session ended, once; else None."""
    found: dict[str, Any] | None = request.session.get(KEPT)
    if not found or found["path"] != request.path:
        return None
    del request.session[KEPT]
    data = QueryDict(found["data"], mutable=True)
    try:
        owner = signing.loads(data.get(OWNER, ""), salt="kept")
    except signing.BadSignature:
        return None
    return data if owner == code else None
