"""Addresses: signing in: passwords, second factor, passkeys, sessions, invitations, OIDC."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhiheng.faces.accounts.home import home

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
]
