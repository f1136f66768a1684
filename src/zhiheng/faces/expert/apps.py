"""Django app: expert."""

from typing import Any

from django.apps import AppConfig
from django.urls import reverse


class ExpertConfig(AppConfig):
    """The expert's scoring and consensus."""

    name = "zhiheng.faces.expert"
    label = "faces_expert"
    verbose_name = "专家评审"

    def ready(self) -> None:
        """Sheets, consensus, reports and visits have pages of their own."""
        from zhiheng.faces.desk.forms.base import ELSEWHERE

        def sheet(entry: Any, **_: Any) -> str:
            return reverse("expert:review", args=[entry.code])

        def of_the_panel(name: str) -> Any:
            def page(panel: Any, entry: Any = None, **_: Any) -> str:
                return reverse(f"expert:{name}", args=[panel.pk, entry.code]) if entry else reverse("expert:panel", args=[panel.pk])

            return page

        def visit(subject: Any, **_: Any) -> str:
            return reverse("expert:visit", args=[subject.entry.code if hasattr(subject, "entry") else subject.code])

        for stage in ("review", "sitevisit"):
            ELSEWHERE[f"{stage}.submit_sheet"] = sheet
            ELSEWHERE[f"{stage}.record_consensus"] = of_the_panel("consensus")
            ELSEWHERE[f"{stage}.submit_report"] = of_the_panel("report")
        ELSEWHERE["sitevisit.plan"] = ELSEWHERE["sitevisit.step"] = visit
        ELSEWHERE["sitevisit.hand_in"] = lambda panel, **_: reverse("expert:papers", args=[panel.pk])
