"""Addresses: units, users, roles, mail, calendar years, health."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhiheng.faces.administration.views import lists, system

app_name = "administration"
urlpatterns: list[URLPattern] = [
    path("", system.home, name="home"),
    path("units/", lists.units, name="units"),
    path("units/<slug:code>/", lists.unit, name="unit"),
    path("people/", lists.people, name="people"),
    path("people/<slug:code>/", lists.person, name="person"),
    path("roles/", lists.roles, name="roles"),
    path("rights/", lists.rights, name="rights"),
    path("invitations/", lists.invitations, name="invitations"),
    path("invitations/resend/", lists.resend, name="resend"),
    path("mail/", system.mail, name="mail"),
    path("mail/test/", system.test_mail, name="test_mail"),
    path("calendar/", system.calendar, name="calendar"),
    path("health/", system.health_page, name="health"),
    path("health/check/", system.check, name="check"),
    path("health/redo/", system.redo, name="redo"),
]
