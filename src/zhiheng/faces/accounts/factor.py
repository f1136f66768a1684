"""The second factor: compulsory for those who could harm most (office, agency, committee, administrator)."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from zhiheng.rules.lifecycle import Role

COMPULSORY = frozenset({Role.OFFICE, Role.AGENCY, Role.CHAIR, Role.MEMBER, Role.ADMIN})
REAL = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def given(request: HttpRequest) -> bool:
    """Whether this session was opened, or has since been confirmed, with a second factor. No query: the session knows."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def wanted(request: HttpRequest, role: Role) -> HttpResponse | None:
    """Where to go first when the role needs a second factor that the account lacks; None when nothing is missing."""
    if role not in COMPULSORY or settings.ZHIHENG_DEMO or given(request):
        return None
    if Authenticator.objects.filter(user_id=request.user.pk, type__in=REAL).exists():
        to = next((m["url"] for m in _challenges(request)), reverse("mfa_index"))
    else:
        messages.warning(request, _("您承担的角色须启用二次验证后方可办理业务，请按以下步骤设置。"))
        to = reverse("mfa_activate_totp")
    back = request.get_full_path() if request.method == "GET" else "/desk/"
    return HttpResponseRedirect(f"{to}?{urlencode({REDIRECT_FIELD_NAME: back})}")


def _challenges(request: HttpRequest) -> list[dict[str, Any]]:
    from allauth.account.adapter import get_adapter

    return [m for m in get_adapter().get_reauthentication_methods(request.user) if m["id"].startswith("mfa_reauthenticate")]


def on_added(sender: type, request: HttpRequest, user: Any, authenticator: Authenticator, **kwargs: Any) -> None:  # noqa: ARG001 - a signal's signature
    """Who has just set a factor up has just shown it."""
    if authenticator.type in REAL:
        record_authentication(request, user, method="mfa", id=authenticator.pk, type=authenticator.type)
