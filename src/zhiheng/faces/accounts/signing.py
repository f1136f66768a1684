"""Signing in: allauth's views where they lack something."""

from __future__ import annotations

from typing import Any

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from allauth.mfa.webauthn.internal import flows
from allauth.mfa.webauthn.views import LoginWebAuthnView
from allauth.socialaccount.views import ConnectionsView
from django.conf import settings
from django.http import HttpResponse


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


sign_in = SignIn.as_view()
sign_in_by_key = SignInByKey.as_view()
connections = Connections.as_view()
