"""Django app: office."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The office's cycle page: board, calendar, charts, exports."""

    name = "zhiheng.faces.office"
    label = "faces_office"
    verbose_name = "周期管理"
