"""Django app: office."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.urls import reverse


class OfficeConfig(AppConfig):
    """The office's cycle page: board, calendar, charts, exports."""

    name = "zhiheng.faces.office"
    label = "faces_office"
    verbose_name = "周期管理"

    def ready(self) -> None:
        """Taking documents out is done on the page that lists them."""
        from zhiheng.faces.desk.forms.base import ELSEWHERE

        def files(cycle: Any) -> str:
            return reverse("office:files", args=[cycle.code])

        ELSEWHERE["cycle.export"] = files
