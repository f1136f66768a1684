"""Django app: draws."""

from typing import Any

from django.apps import AppConfig
from django.urls import reverse

#: Acts after which one is back in the draw's room.
ACTS = (
    "panel.regroup", "panel.freeze", "panel.publish_lottery", "panel.commit_seed", "panel.reveal_seed", "panel.record_public_number",
    "panel.discard_seeds", "panel.consent_again", "panel.draw", "panel.replace", "panel.name_leader",
)  # fmt: skip


class DrawsConfig(AppConfig):
    """The draw of experts."""

    name = "zhiheng.faces.draws"
    label = "faces_draws"
    verbose_name = "专家抽取"

    def ready(self) -> None:
        """Acts of a draw lead back to its room; who was drawn is written to."""
        from zhiheng.faces.desk.links import BACK
        from zhiheng.faces.draws.access import ROOM
        from zhiheng.faces.draws.inviting import TITLE, lines
        from zhiheng.foundation.notifications.texts import MAILED
        from zhiheng.stages.panel.selectors import round_of

        def room(subject: Any, role: Any) -> str | None:
            cycle = getattr(subject, "cycle", subject)
            return reverse("draws:round", args=[cycle.code, round_of(cycle)[0]]) if role in ROOM else None

        BACK.update(dict.fromkeys(ACTS, room))
        MAILED[TITLE] = lines
