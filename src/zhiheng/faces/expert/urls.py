"""Addresses: the expert's pages."""

from __future__ import annotations

from django.urls import path

from zhiheng.faces.expert.views import consensus, home, papers, report, review, visit

app_name = "expert"
urlpatterns = [
    path("", home.home, name="home"),
    path("panels/<int:pk>/", home.panel, name="panel"),
    path("panels/<int:pk>/papers/", papers.papers, name="papers"),
    path("panels/<int:pk>/<str:code>/", consensus.consensus, name="consensus"),
    path("panels/<int:pk>/<str:code>/report/", report.report, name="report"),
    path("<str:code>/", review.review, name="review"),
    path("<str:code>/visit/", visit.visit, name="visit"),
]
