"""Django app: committee."""

from django.apps import AppConfig


class CommitteeConfig(AppConfig):
    """The committee's meeting, ballots and proposed winners (I1, I2)."""

    name = "zhiheng.stages.committee"
    label = "committee"
    verbose_name = "省质评委审议"

    def ready(self) -> None:
        """Fill the act register."""
        from zhiheng.stages.committee import services  # noqa: F401
