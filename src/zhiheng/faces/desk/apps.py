"""Django app: desk."""

from typing import Any

from django.apps import AppConfig
from django.urls import reverse


class DeskConfig(AppConfig):
    """The working place: what every signed-in role shares."""

    name = "zhiheng.faces.desk"
    label = "faces_desk"
    verbose_name = "工作台"

    def ready(self) -> None:
        """A bank account is opened, and the list of experts taken out, on pages of their own."""
        from zhiheng.faces.desk.forms.base import ELSEWHERE

        def page(expert: Any) -> str:
            return reverse("desk:expert", args=[expert.code])

        def listed(_platform: None) -> str:
            return reverse("desk:experts")

        ELSEWHERE["panel.look_bank"] = page
        ELSEWHERE["panel.export_experts"] = listed
