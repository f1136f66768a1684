"""Django app: commendation."""

from django.apps import AppConfig


class CommendationConfig(AppConfig):
    """Publicity of winners, approval, certificates, prize money, promotion (J1–J6, K6)."""

    name = "zhiheng.stages.commendation"
    label = "commendation"
    verbose_name = "公示表彰"

    def ready(self) -> None:
        """Fill the act register."""
        from zhiheng.stages.commendation import services  # noqa: F401
