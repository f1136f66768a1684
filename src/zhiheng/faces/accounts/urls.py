"""Addresses: signing in: passwords, second factor, passkeys, sessions, invitations, OIDC."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhiheng.faces.accounts.home import home
from zhiheng.faces.accounts.registering import invitation, register

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("register/", register, name="register"),
    path("invitation/", invitation, name="invited"),
    path("invitation/<str:token>/", invitation, name="invitation"),
]
