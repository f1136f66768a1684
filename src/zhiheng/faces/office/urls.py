"""Addresses: the office's cycle page: board, calendar, charts, exports."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhiheng.faces.office.views import calendar, cycles, entries, figures, files, notices, sheet

app_name = "office"
urlpatterns: list[URLPattern] = [
    path("", cycles.cycles, name="cycles"),
    path("feed/<str:token>.ics", calendar.feed, name="feed"),
    path("<str:code>/", cycles.cycle, name="cycle"),
    path("<str:code>/board/", entries.board, name="board"),
    path("<str:code>/entries/", entries.entries, name="entries"),
    path("<str:code>/entries.xlsx", sheet.sheet, name="sheet"),
    path("<str:code>/figures/", figures.figures, name="figures"),
    path("<str:code>/notices/", notices.notices, name="notices"),
    path("<str:code>/calendar/", calendar.calendar, name="calendar"),
    path("<str:code>/calendar.ics", calendar.file, name="calendar_file"),
    path("<str:code>/calendar/subscribe/", calendar.subscribe, name="subscribe"),
    path("<str:code>/files/", files.files, name="files"),
    path("<str:code>/files/take/", files.take, name="take"),
]
