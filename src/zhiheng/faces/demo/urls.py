"""Addresses: demo mode only."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhiheng.faces.demo import views

app_name = "demo"
urlpatterns: list[URLPattern] = [
    path("", views.roles, name="roles"),
    path("become/", views.become, name="become"),
    path("forward/", views.forward, name="forward"),
    path("tour/", views.tour, name="tour"),
]
