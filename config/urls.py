"""Addresses: each audience brings its own."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("zhiheng.faces.public.urls")),
    path("accounts/", include("zhiheng.faces.accounts.urls")),
    path("accounts/", include("zhiheng.faces.accounts.doors")),
    path("desk/", include("zhiheng.faces.desk.urls")),
    path("desk/cycles/", include("zhiheng.faces.draws.urls")),
    path("desk/cycles/", include("zhiheng.faces.office.urls")),
    path("desk/review/", include("zhiheng.faces.expert.urls")),
    path("desk/committee/", include("zhiheng.faces.committee.urls")),
    path("invitation-to-review/", include("zhiheng.faces.draws.doors")),
    path("desk/journal/", include("zhiheng.faces.inspector.urls")),
    path("desk/administration/", include("zhiheng.faces.administration.urls")),
    path("demo/", include("zhiheng.faces.demo.urls")),
]

if settings.DEBUG:  # the design system on one page; elsewhere there is no such address
    from zhiheng.faces.desk.styleguide import styleguide

    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
