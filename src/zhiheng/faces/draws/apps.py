"""Django app: draws."""

from typing import Any

from django.apps import AppConfig
from django.urls import reverse

#: Acts after which one is back in the draw's room.
ACTS = (
    "panel.regroup", "panel.freeze", "panel.publish_lottery", "panel.commit_seed", "panel.reveal_seed", "panel.record_public_number",
    "panel.discard_seeds", "panel.consent_again", "panel.draw", "panel.replace", "panel.name_leader",
)  # fmt: skip

#: Acts that one begins in the room, where one sees what they rest on.
SEEN_FIRST = ("panel.freeze", "panel.publish_lottery", "panel.draw")


class DrawsConfig(AppConfig):
    """The draw of experts."""

    name = "zhiheng.faces.draws"
    label = "faces_draws"
    verbose_name = "专家抽取"

    def ready(self) -> None:
        """Acts of a draw lead back to its room; who was drawn is written to."""
        from zhiheng.faces.desk.links import BACK, BEFORE
        from zhiheng.faces.draws.access import ROOM
        from zhiheng.faces.draws.inviting import TITLE, lines
        from zhiheng.foundation.notifications.texts import MAILED
        from zhiheng.rules.lifecycle import Role
        from zhiheng.stages.panel.selectors import round_of

        def room(subject: Any, page: str = "draws:round") -> str:
            cycle = getattr(subject, "cycle", subject)
            return reverse(page, args=[cycle.code, round_of(cycle)[0]])

        def back(subject: Any, role: Any) -> str | None:
            if role == Role.APPLICANT:
                return room(subject, "draws:screen")
            return room(subject) if role in ROOM else None

        BACK.update(dict.fromkeys(ACTS, back))
        BEFORE.update(dict.fromkeys(SEEN_FIRST, room))
        MAILED[TITLE] = lines
