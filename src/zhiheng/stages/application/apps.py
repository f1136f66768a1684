"""Django app: application."""

from django.apps import AppConfig


class ApplicationConfig(AppConfig):
    """Applications with their evidence and declarations (D1–D3, D5)."""

    name = "zhiheng.stages.application"
    label = "application"
    verbose_name = "申报"

    def ready(self) -> None:
        """Fill the act register."""
        from zhiheng.stages.application import services  # noqa: F401
