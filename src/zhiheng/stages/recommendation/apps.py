"""Django app: recommendation."""

from django.apps import AppConfig


class RecommendationConfig(AppConfig):
    """The recommenders' check, publicity, opinion and recommendation (D4)."""

    name = "zhiheng.stages.recommendation"
    label = "recommendation"
    verbose_name = "审核推荐"

    def ready(self) -> None:
        """Fill the act register."""
        from zhiheng.stages.recommendation import services  # noqa: F401
