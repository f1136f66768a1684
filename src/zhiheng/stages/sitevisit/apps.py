"""Django app: sitevisit."""

from django.apps import AppConfig


class SitevisitConfig(AppConfig):
    """Site visits (G2–G5)."""

    name = "zhiheng.stages.sitevisit"
    label = "sitevisit"
    verbose_name = "现场评审"

    def ready(self) -> None:
        """Fill the act register."""
        from zhiheng.stages.sitevisit import services  # noqa: F401
