"""Django app: shortlist."""

from django.apps import AppConfig


class ShortlistConfig(AppConfig):
    """Opinion, approval, publicity and notification of those going on (F4–F6)."""

    name = "zhiheng.stages.shortlist"
    label = "shortlist"
    verbose_name = "入围公示"

    def ready(self) -> None:
        """Fill the act register."""
        from zhiheng.stages.shortlist import services  # noqa: F401
