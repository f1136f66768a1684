"""Addresses: each audience brings its own."""

from django.urls import include, path

urlpatterns = [path("", include("zhiheng.faces.public.urls"))]
