"""Django app: journal."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The hash-chained journal of all acts."""

    name = "zhiheng.foundation.journal"
    label = "journal"
    verbose_name = "操作日志"
