"""Django app: accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Signing in: passwords, second factor, passkeys, sessions, invitations, OIDC."""

    name = "zhiheng.faces.accounts"
    label = "faces_accounts"
    verbose_name = "账号"

    def ready(self) -> None:
        """Listen to what allauth and the acts do."""
        from allauth.mfa.signals import authenticator_added

        from zhiheng.faces.accounts import factor, opening
        from zhiheng.foundation.people.signals import factor_lost, invited, opened

        authenticator_added.connect(factor.on_added, dispatch_uid="zhiheng_factor")
        opened.connect(opening.on_opened, dispatch_uid="zhiheng_opened")
        factor_lost.connect(opening.on_factor_lost, dispatch_uid="zhiheng_factor_lost")
        invited.connect(opening.on_invited, dispatch_uid="zhiheng_invited")
