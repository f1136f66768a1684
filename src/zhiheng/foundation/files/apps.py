"""Django app: files."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Stored files and letters of outside parties."""

    name = "zhiheng.foundation.files"
    label = "files"
    verbose_name = "文件与函件"
