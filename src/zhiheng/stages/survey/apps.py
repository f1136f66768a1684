"""Django app: survey."""

from django.apps import AppConfig


class SurveyConfig(AppConfig):
    """The public satisfaction survey of individuals (F5)."""

    name = "zhiheng.stages.survey"
    label = "survey"
    verbose_name = "公众满意度测评"

    def ready(self) -> None:
        """Fill the act register."""
        from zhiheng.stages.survey import services  # noqa: F401
