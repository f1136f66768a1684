"""Django app: the public site."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """The public site."""

    name = "zhiheng.faces.public"
    label = "public"
    verbose_name = "公众网站"
