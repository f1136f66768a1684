"""Django app: parties."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Who may apply across cycles, and what stands against or for them: bans and honours."""

    name = "zhiheng.foundation.parties"
    label = "parties"
    verbose_name = "申报主体"
