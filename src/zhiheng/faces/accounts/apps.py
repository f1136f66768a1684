"""Django app: accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Signing in: passwords, second factor, passkeys, sessions, invitations, OIDC."""

    name = "zhiheng.faces.accounts"
    label = "faces_accounts"
    verbose_name = "账号"

    def ready(self) -> None:
        """Listen to what allauth does."""
        from allauth.mfa.signals import authenticator_added

        from zhiheng.faces.accounts import factor

        authenticator_added.connect(factor.on_added, dispatch_uid="zhiheng_factor")
