"""Django app: call."""

from django.apps import AppConfig


class CallConfig(AppConfig):
    """The call: plan, approval, issue (C1)."""

    name = "zhiheng.stages.call"
    label = "call"
    verbose_name = "通知公告"

    def ready(self) -> None:
        """Fill the act register."""
        from zhiheng.stages.call import services  # noqa: F401
