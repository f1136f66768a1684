"""Addresses: the room of a draw, its screen, its lists and files."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhiheng.faces.draws.views import files, lists, room, screen

app_name = "draws"
urlpatterns: list[URLPattern] = [
    path("draws/<int:pk>/", room.draw, name="draw"),
    path("draws/<int:pk>/chances/", lists.chances, name="chances"),
    path("draws/<int:pk>/excluded/", lists.excluded, name="excluded"),
    path("draws/<int:pk>/lottery.json", files.lottery, name="lottery"),
    path("draws/<int:pk>/tickets.csv", files.tickets, name="tickets"),
    path("draws/<int:pk>/record.json", files.record, name="record"),
    path("<str:code>/draws/<str:name>/", room.current, name="round"),
    path("<str:code>/draws/<str:name>/pulse/", room.pulse, name="pulse"),
    path("<str:code>/draws/<str:name>/screen/", screen.screen, name="screen"),
    path("<str:code>/draws/<str:name>/screen/pulse/", screen.pulse, name="screen_pulse"),
]
