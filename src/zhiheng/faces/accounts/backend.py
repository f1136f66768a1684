"""Who may come in: one account by user name or confirmed e-mail, one password, and the same work for a name that nobody has (T9)."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from axes.backends import AxesStandaloneBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from zhiheng.foundation.people.models import Account
from zhiheng.foundation.question import Question

_account = Question(lambda pk: Account.objects.select_related("person").filter(pk=pk))


def account_of(login: str) -> Account | None:
    """The account with this user name or, if there is none, with this confirmed e-mail. Two queries whatever is found."""
    named = Account.objects.filter(username__in={login, login.lower()}).select_related("person").order_by("username").first()
    rows = EmailAddress.objects.filter(email=login.lower(), verified=True).select_related("user__person").order_by("pk")
    mailed = rows.first()
    return named or (mailed.user if mailed else None)


class Door(AxesStandaloneBackend, AuthenticationBackend):
    """The one backend: locks out who tried too often, then compares one hash, and reads the person together with the account."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **credentials: Any
    ) -> AbstractBaseUser | None:
        """The account whose password this is; None for a wrong one. Raises PermissionDenied while locked out."""
        login = username or credentials.get("email") or ""
        if not login or not password:
            return None
        AxesStandaloneBackend.authenticate(self, request, username=login, password=password)
        return AuthenticationBackend.authenticate(self, request, username=login, password=password)

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> AbstractBaseUser | None:  # noqa: ARG002 - allauth's signature
        return self._check_password(account_of(credentials["username"]), credentials["password"])

    def get_user(self, user_id: Any) -> Account | None:
        """The account of a session with its person: one query a request."""
        account = _account.first(int(user_id))
        return account if account and self.user_can_authenticate(account) else None
