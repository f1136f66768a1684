"""Django app: publicity."""

from django.apps import AppConfig


class PublicityConfig(AppConfig):
    """Public notices, working-day clocks and objections (L2)."""

    name = "zhiheng.foundation.publicity"
    label = "publicity"
    verbose_name = "公示与异议"
