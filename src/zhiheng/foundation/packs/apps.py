"""Django app: packs."""

from django.apps import AppConfig


class PacksConfig(AppConfig):
    """Rule packs and calendars as loaded and pinned."""

    name = "zhiheng.foundation.packs"
    label = "packs"
    verbose_name = "规则包与日历"
