"""Django app: committee."""

from django.apps import AppConfig


class CommitteeConfig(AppConfig):
    """The committee's meeting room."""

    name = "zhiheng.faces.committee"
    label = "faces_committee"
    verbose_name = "省质评委会议"
