"""Addresses: each audience brings its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("zhiheng.faces.public.urls")),
    path("accounts/", include("zhiheng.faces.accounts.urls")),
    path("desk/", include("zhiheng.faces.desk.urls")),
    path("desk/cycles/", include("zhiheng.faces.office.urls")),
    path("desk/review/", include("zhiheng.faces.expert.urls")),
    path("desk/committee/", include("zhiheng.faces.committee.urls")),
    path("desk/journal/", include("zhiheng.faces.inspector.urls")),
    path("desk/administration/", include("zhiheng.faces.administration.urls")),
    path("demo/", include("zhiheng.faces.demo.urls")),
]
