"""Addresses of the public site."""

from __future__ import annotations

from django.urls import URLPattern, path

from zhiheng.faces.public.views import display, drawcheck, home, notices, objections, records, rules, survey, system

app_name = "public"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/<slug:code>/", notices.notice, name="notice"),
    path("notices/<slug:code>/object/", objections.object_to, name="object"),
    path("objections/", objections.look_up, name="objection"),
    path("objections/received/<str:key>/", objections.received, name="objection_received"),
    path("cycles/<slug:code>/", records.cycle, name="cycle"),
    path("survey/<slug:code>/", survey.survey, name="survey"),
    path("survey/<slug:code>/thanks/", survey.thanks, name="survey_thanks"),
    path("winners/", records.winners, name="winners"),
    path("certificates/", records.certificates, name="certificates"),
    path("certificates/<str:number>/qr.svg", records.certificate_code, name="certificate_code"),
    path("entries/<slug:code>/", records.entry, name="entry"),
    path("rules/", rules.rules, name="rules"),
    path("rules/<str:pack>/<str:version>/", rules.rules_version, name="rules_version"),
    path("rules/<str:pack>/<str:version>/criteria/", rules.criteria_version, name="criteria_version"),
    path("rules/<str:pack>/<str:version>/criteria/<str:scheme>/", rules.criteria_version, name="criteria_version"),
    path("criteria/", rules.criteria, name="criteria"),
    path("criteria/<str:scheme>/", rules.criteria, name="criteria"),
    path("draws/check/", drawcheck.draw_check, name="draw_check"),
    path("display/", display.display, name="display"),
    path("health", system.health, name="health"),
]
