"""The site's addresses as in debug mode: with the page of the design system."""

from __future__ import annotations

from django.urls import path

from config import urls
from zhiheng.faces.desk.styleguide import styleguide

urlpatterns = [*urls.urlpatterns, path("styleguide/", styleguide, name="styleguide")]
