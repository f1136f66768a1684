"""Addresses: the committee's meeting room."""

from __future__ import annotations

from django.urls import path

from zhiheng.faces.committee.views import candidate, codes, hall, papers, presiding, room, screen, tablet, voting

app_name = "committee"
urlpatterns = [
    path("", hall.meetings, name="meetings"),
    path("cycles/<str:code>/", hall.hall, name="hall"),
    path("cycles/<str:code>/convene/", presiding.convene, name="convene"),
    path("meetings/<int:pk>/", room.meeting, name="meeting"),
    path("meetings/<int:pk>/pulse/", room.pulse, name="pulse"),
    path("meetings/<int:pk>/sign-in/", voting.sign_in, name="sign_in"),
    path("meetings/<int:pk>/open/<str:code>/", presiding.open_ballot, name="open"),
    path("meetings/<int:pk>/adjourn/", presiding.adjourn, name="adjourn"),
    path("meetings/<int:pk>/resolve/", presiding.resolve, name="resolve"),
    path("meetings/<int:pk>/candidates/<str:code>/", candidate.candidate, name="candidate"),
    path("meetings/<int:pk>/codes/", codes.issue, name="codes"),
    path("meetings/<int:pk>/tablet/", codes.tablet, name="tablet"),
    path("meetings/<int:pk>/minutes/", papers.minutes, name="minutes"),
    path("meetings/<int:pk>/attendance/", papers.attendance, name="attendance"),
    path("meetings/<int:pk>/screen/", screen.screen, name="screen"),
    path("meetings/<int:pk>/screen/pulse/", screen.pulse, name="screen_pulse"),
    path("motions/<int:pk>/close/", presiding.close_ballot, name="close"),
    path("motions/<int:pk>/vote/", voting.vote, name="vote"),
    path("ballot/", tablet.ballot, name="ballot"),
]
