"""Django app: the process. It has no tables; it fills the act register with what lies below it."""

from django.apps import AppConfig


class ProcessConfig(AppConfig):
    """The one place that sees the whole line."""

    name = "zhiheng.process"
    label = "process"
    verbose_name = "流程"

    def ready(self) -> None:
        """Fill the act register."""
        from zhiheng.process import register  # noqa: F401
