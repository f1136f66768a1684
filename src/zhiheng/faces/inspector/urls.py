"""Addresses: reading the journal and following any thread."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhiheng.faces.inspector.views import journal, oversight

app_name = "inspector"
urlpatterns: list[URLPattern] = [
    path("", journal.journal, name="home"),
    path("verify/", journal.verify, name="verify"),
    path("records/<str:chain>/<int:seq>/", journal.record, name="record"),
    path("threads/<str:code>/", journal.thread, name="thread"),
    path("looks/", oversight.looks, name="looks"),
    path("conflicts/", oversight.conflicts, name="conflicts"),
    path("draws/", oversight.draws, name="draws"),
    path("dossiers/<str:code>/", oversight.dossier, name="dossier"),
]
