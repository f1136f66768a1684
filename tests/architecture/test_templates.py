"""What no template does, since it would let something run that somebody typed, or break the page's own policy (T4, T20)."""

from __future__ import annotations

import re

import pytest

from tests.architecture.source import ROOT, repository_files

FORBIDDEN = {
    "writes a component's attributes unescaped": re.compile(r"\{\{\s*attrs\b"),
    'evaluates what was typed (give a variable: `:name="value"`)': re.compile(r"<c-[^>]*\s:[\w-]+=(\"[^\"]*\{[{%]|'[^']*\{[{%])"),
    "turns escaping off": re.compile(r"\|\s*safe(seq)?\b|autoescape\s+off"),
    "has a style in the page": re.compile(r"\sstyle=[\"']|<style\b"),
    "has a script in the page": re.compile(r"\son[a-z]+=[\"']|<script(?![^>]*\ssrc=)(?![^>]*application/json)|javascript:"),
    "loads from elsewhere": re.compile(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"']https?:"),
}


def faults(text: str) -> list[str]:
    """What a template does that none may."""
    return [what for what, pattern in FORBIDDEN.items() if pattern.search(text)]


def test_no_template_does_what_none_may() -> None:
    pages = [name for name in repository_files() if name.startswith("src/") and name.endswith(".html")]
    assert len(pages) > 50
    assert [(name, what) for name in pages for what in faults((ROOT / name).read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("<p {{ attrs }}>", 1),
        ('<c-card :title="{{ name }}">', 1),
        ('<c-card :title="name" id="{{ id }}">', 0),
        ("{{ text|safe }}", 1),
        ('<p style="color: red">', 1),
        ("<script>x</script>", 1),
        ('<script type="module" src="{% static \'a.js\' %}"></script>', 0),
        ('<button onclick="x()">', 1),
        ('<a href="javascript:x()">', 1),
        ('<img src="https://example.org/a.png">', 1),
    ],
)
def test_each_is_seen(text: str, count: int) -> None:
    assert len(faults(text)) == count
