"""Django app: people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People, units, accounts and role grants."""

    name = "zhiheng.foundation.people"
    label = "people"
    verbose_name = "人员与角色"
