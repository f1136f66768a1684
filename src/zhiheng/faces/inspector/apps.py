"""Django app: inspector."""

from django.apps import AppConfig


class InspectorConfig(AppConfig):
    """Reading the journal and following any thread."""

    name = "zhiheng.faces.inspector"
    label = "faces_inspector"
    verbose_name = "纪检监督"
