"""Django app: notifications."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Messages to people and units."""

    name = "zhiheng.foundation.notifications"
    label = "notifications"
    verbose_name = "通知"
