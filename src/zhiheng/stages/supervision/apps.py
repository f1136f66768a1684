"""Django app: supervision."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Bans, revocations, change reports, follow-up visits, abuse of office (K1–K7)."""

    name = "zhiheng.stages.supervision"
    label = "supervision"
    verbose_name = "监督管理"

    def ready(self) -> None:
        """Fill the act register."""
        from zhiheng.stages.supervision import services  # noqa: F401
