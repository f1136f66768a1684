"""Addresses: demo mode: pick a role, move the clock, take the tour."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "demo"
urlpatterns: list[URLPattern] = []
