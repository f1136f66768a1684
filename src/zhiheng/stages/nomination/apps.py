"""Django app: nomination."""

from django.apps import AppConfig


class NominationConfig(AppConfig):
    """Bonus, final scores and the candidate list (H1–H3)."""

    name = "zhiheng.stages.nomination"
    label = "nomination"
    verbose_name = "综合提名"

    def ready(self) -> None:
        """Fill the act register."""
        from zhiheng.stages.nomination import services  # noqa: F401
