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

        def room(subject: Any) -> str:
            return reverse("committee:meeting", args=[subject.meeting_id if hasattr(subject, "meeting_id") else subject.pk])

        ELSEWHERE["committee.convene"] = lambda cycle: reverse("committee:convene", args=[cycle.code])
        ELSEWHERE["committee.close_ballot"] = lambda motion: reverse("committee:close", args=[motion.pk])
        for act in ("committee.sign_in", "committee.open_ballot", "committee.cast"):
            ELSEWHERE[act] = room
        ELSEWHERE["committee.adjourn"] = lambda meeting: reverse("committee:adjourn", args=[meeting.pk])
        ELSEWHERE["committee.resolve"] = lambda meeting: reverse("committee:resolve", args=[meeting.pk])
        ELSEWHERE["committee.issue_codes"] = lambda meeting: reverse("committee:codes", args=[meeting.pk])
