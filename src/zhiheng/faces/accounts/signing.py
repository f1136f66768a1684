"""Signing in: allauth's views where they lack something."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from allauth.mfa.webauthn.internal import flows
from allauth.mfa.webauthn.views import LoginWebAuthnView
from allauth.socialaccount.views import ConnectionsView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

logger = logging.getLogger(__name__)


def provider_title() -> str:
    """What the button of the identity provider says; nothing where none is configured."""
    return settings.ZHIHENG_OIDC.app["name"] if settings.ZHIHENG_OIDC else ""


class SignIn(LoginView):
    """By password, with the ways beside it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether there is an identity provider."""
        return super().get_context_data(**kwargs) | {"oidc_name": provider_title()}


class SignInByKey(LoginWebAuthnView):
    """By passkey; unlike allauth's own view it goes on to where one was going."""

    def form_valid(self, form: Any) -> HttpResponse:
        """In, and on."""
        found = form.cleaned_data["credential"]
        return flows.perform_passwordless_login(
            self.request, found, Login(user=found.user, redirect_url=get_next_redirect_url(self.request))
        )


class Connections(ConnectionsView):
    """Which identities elsewhere open the account."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether there is an identity provider."""
        return super().get_context_data(**kwargs) | {"oidc_name": provider_title()}


def away_is_said(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view with a page instead of an error when the identity provider does not answer (X10)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except RequestException as error:
            logger.error("identity provider: %s", type(error).__name__)
            return render(request, "socialaccount/authentication_error.html", status=503)

    return guarded


sign_in = SignIn.as_view()
sign_in_by_key = SignInByKey.as_view()
connections = Connections.as_view()
