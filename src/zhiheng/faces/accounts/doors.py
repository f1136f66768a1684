"""Addresses whose names allauth itself asks for. Listed one by one: a view that is not here does not exist.

Left out on purpose: signing up (accounts come by acts), codes by mail instead of a password, phones, trusted browsers, a first password
without a mail.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, re_path

from zhiheng.faces.accounts.registering import register
from zhiheng.faces.accounts.sessions import sessions
from zhiheng.faces.accounts.signing import away_is_said, connections, sign_in, sign_in_by_key
from zhiheng.faces.shared.private import private


def _ours(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view with answers that no cache keeps, and without allauth's `site`, which would hide the one that every page shows."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if context := getattr(response, "context_data", None):
            context.pop("site", None)
        return private(response)

    return guarded


def _door(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    return (re_path if route.startswith("^") else path)(route, _ours(view), name=name)


urlpatterns: list[URLPattern] = [
    _door("login/", sign_in, "account_login"),
    _door("logout/", account.logout, "account_logout"),
    _door("inactive/", account.account_inactive, "account_inactive"),
    _door("register/", register, "account_signup"),  # allauth's mails and pages ask for the name
    _door("confirm/", account.reauthenticate, "account_reauthenticate"),
    _door("email/", account.email, "account_email"),
    _door("email/sent/", account.email_verification_sent, "account_email_verification_sent"),
    _door(r"^email/(?P<key>[-:\w]+)/$", account.confirm_email, "account_confirm_email"),
    _door("password/", account.password_change, "account_change_password"),
    _door("password/reset/", account.password_reset, "account_reset_password"),
    _door("password/reset/", account.password_reset, "account_set_password"),  # a first password is set by the mailbox too
    _door("password/reset/sent/", account.password_reset_done, "account_reset_password_done"),
    _door(r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", account.password_reset_from_key, "account_reset_password_from_key"),
    _door("password/reset/done/", account.password_reset_from_key_done, "account_reset_password_from_key_done"),
    _door("factor/", factor.index, "mfa_index"),
    _door("factor/challenge/", factor.authenticate, "mfa_authenticate"),
    _door("factor/confirm/", factor.reauthenticate, "mfa_reauthenticate"),
    _door("factor/app/", totp.activate_totp, "mfa_activate_totp"),
    _door("factor/app/remove/", totp.deactivate_totp, "mfa_deactivate_totp"),
    _door("factor/codes/", codes.view_recovery_codes, "mfa_view_recovery_codes"),
    _door("factor/codes/new/", codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    _door("factor/codes/file/", codes.download_recovery_codes, "mfa_download_recovery_codes"),
    _door("keys/", webauthn.list_webauthn, "mfa_list_webauthn"),
    _door("keys/new/", webauthn.add_webauthn, "mfa_add_webauthn"),
    _door("keys/login/", sign_in_by_key, "mfa_login_webauthn"),
    _door("keys/confirm/", webauthn.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    _door("keys/<int:pk>/", webauthn.edit_webauthn, "mfa_edit_webauthn"),
    _door("keys/<int:pk>/remove/", webauthn.remove_webauthn, "mfa_remove_webauthn"),
    _door("sessions/", sessions, "usersessions_list"),
    _door("provider/", connections, "socialaccount_connections"),
    _door("provider/cancelled/", social.login_cancelled, "socialaccount_login_cancelled"),
    _door("provider/error/", social.login_error, "socialaccount_login_error"),
    path("provider/oidc/", _ours(away_is_said(oidc.login)), {"provider_id": "oidc"}, "openid_connect_login"),
    path("provider/oidc/callback/", _ours(away_is_said(oidc.callback)), {"provider_id": "oidc"}, "openid_connect_callback"),
]
