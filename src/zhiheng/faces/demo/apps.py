"""Django app: demo."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Demo mode: pick a role, move the clock, take the tour."""

    name = "zhiheng.faces.demo"
    label = "faces_demo"
    verbose_name = "演示"
