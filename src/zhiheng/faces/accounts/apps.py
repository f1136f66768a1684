"""Django app: accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Signing in: passwords, second factor, passkeys, sessions, invitations, OIDC."""

    name = "zhiheng.faces.accounts"
    label = "faces_accounts"
    verbose_name = "账号"
