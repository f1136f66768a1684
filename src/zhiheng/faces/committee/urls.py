"""Addresses: the committee's meeting room."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "committee"
urlpatterns: list[URLPattern] = []
