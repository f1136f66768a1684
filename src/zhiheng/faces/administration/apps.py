"""Django app: administration."""

from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    """Units, users, roles, mail, calendar years, health."""

    name = "zhiheng.faces.administration"
    label = "faces_administration"
    verbose_name = "系统管理"
