"""Django app: desk."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The working place: what every signed-in role shares."""

    name = "zhiheng.faces.desk"
    label = "faces_desk"
    verbose_name = "工作台"
