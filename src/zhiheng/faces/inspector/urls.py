"""Addresses: reading the journal and following any thread."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "inspector"
urlpatterns: list[URLPattern] = []
