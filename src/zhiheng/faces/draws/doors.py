"""Addresses that need no sign-in: the answer to an invitation to review."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhiheng.faces.draws.views import invitation

app_name = "invited"
urlpatterns: list[URLPattern] = [
    path("answered/", invitation.answered, name="answered"),
    path("seats/<int:pk>/", invitation.answer, name="answer"),
    path("<str:token>/", invitation.opened, name="link"),
]
