"""Addresses: the office's cycle page: board, calendar, charts, exports."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "office"
urlpatterns: list[URLPattern] = []
