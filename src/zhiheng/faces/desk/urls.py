"""Addresses: the working place, what every signed-in role shares."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhiheng.faces.desk import notifications
from zhiheng.faces.desk.files import evidence, stored
from zhiheng.faces.desk.views import expert_sheets, experts
from zhiheng.faces.desk.views.act import act
from zhiheng.faces.desk.views.article import article
from zhiheng.faces.desk.views.entries import entries, entry
from zhiheng.faces.desk.views.home import home, switch
from zhiheng.faces.desk.views.receipt import receipt

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("switch/", switch, name="switch"),
    path("do/<str:act>/<str:address>/", act, name="act"),
    path("article/", article, name="article"),
    path("notifications/", notifications.listing, name="notifications"),
    path("notifications/read/", notifications.read, name="notifications_read"),
    path("notifications/preferences/", notifications.preferences, name="notification_preferences"),
    path("receipts/<str:chain>/<int:seq>/", receipt, name="receipt"),
    path("entries/", entries, name="entries"),
    path("entries/<str:code>/", entry, name="entry"),
    path("experts/", experts.experts, name="experts"),
    path("experts/<str:code>/", experts.expert, name="expert"),
    path("experts/<str:code>/bank/", experts.bank, name="expert_bank"),
    path("profile/", experts.profile, name="profile"),
    path("library/export/", expert_sheets.export, name="experts_export"),
    path("library/import/", expert_sheets.bring_in, name="experts_import"),
    path("library/template.xlsx", expert_sheets.template, name="experts_template"),
    path("files/evidence/<int:pk>/", evidence, name="file"),
    path("files/<uuid:pk>/", stored, name="stored"),
]
