"""Django app: panel."""

from django.apps import AppConfig


class PanelConfig(AppConfig):
    """The expert library, conflicts, panels and draws (F1, G1, K7)."""

    name = "zhiheng.stages.panel"
    label = "panel"
    verbose_name = "专家与抽取"

    def ready(self) -> None:
        """Fill the act register."""
        from zhiheng.stages.panel import services  # noqa: F401
