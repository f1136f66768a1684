"""Django app: cycles."""

from django.apps import AppConfig


class CyclesConfig(AppConfig):
    """Award cycles."""

    name = "zhiheng.foundation.cycles"
    label = "cycles"
    verbose_name = "评审周期"
