"""Template filters of the journal's pages."""

from __future__ import annotations

from django import template

from zhiheng.faces.inspector.words import thing

register = template.Library()
register.filter("thing", thing)
