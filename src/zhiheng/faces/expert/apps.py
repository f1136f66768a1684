"""Django app: expert."""

from django.apps import AppConfig


class ExpertConfig(AppConfig):
    """Scoring and consensus."""

    name = "zhiheng.faces.expert"
    label = "faces_expert"
    verbose_name = "专家评审"
