"""Django app: review."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Sheets, consensus, reports and scores of material review (F2, F3)."""

    name = "zhiheng.stages.review"
    label = "review"
    verbose_name = "材料评审"

    def ready(self) -> None:
        """Fill the act register."""
        from zhiheng.stages.review import services  # noqa: F401
