"""Django app: qualification."""

from django.apps import AppConfig


class QualificationConfig(AppConfig):
    """Qualification review and the accepted list (E1–E3)."""

    name = "zhiheng.stages.qualification"
    label = "qualification"
    verbose_name = "资格审查"

    def ready(self) -> None:
        """Fill the act register."""
        from zhiheng.stages.qualification import services  # noqa: F401
