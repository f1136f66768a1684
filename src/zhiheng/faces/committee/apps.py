"""Django app: committee."""

from typing import Any

from django.apps import AppConfig
from django.urls import reverse


class CommitteeConfig(AppConfig):
    """The committee's meeting room."""

    name = "zhiheng.faces.committee"
    label = "faces_committee"
    verbose_name = "省质评委会议"

    def ready(self) -> None:
        """The acts of a meeting are done in its room, not on the page of acts: a ballot above all leaves no draft (T13)."""
        from zhiheng.faces.desk.forms.base import ELSEWHERE

        def room(subject: Any, **_: Any) -> str:
            return reverse("committee:meeting", args=[subject.meeting_id if hasattr(subject, "meeting_id") else subject.pk])

        def opening(meeting: Any, entry: Any = None, **_: Any) -> str:
            return reverse("committee:open", args=[meeting.pk, entry.code]) if entry else room(meeting)

        ELSEWHERE["committee.sign_in"] = ELSEWHERE["committee.cast"] = room
        ELSEWHERE["committee.open_ballot"] = opening
        ELSEWHERE["committee.convene"] = lambda cycle, **_: reverse("committee:convene", args=[cycle.code])
        ELSEWHERE["committee.close_ballot"] = lambda motion, **_: reverse("committee:close", args=[motion.pk])
        ELSEWHERE["committee.adjourn"] = lambda meeting, **_: reverse("committee:adjourn", args=[meeting.pk])
        ELSEWHERE["committee.resolve"] = lambda meeting, **_: reverse("committee:resolve", args=[meeting.pk])
        ELSEWHERE["committee.issue_codes"] = lambda meeting, **_: reverse("committee:codes", args=[meeting.pk])
