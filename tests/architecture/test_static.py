"""Every file that a template loads is in the repository, in the front-end lock, or in a wheel: nothing exists on one machine only."""

import re

import pytest
from django.contrib.staticfiles import finders

from tests.architecture.source import ROOT, repository_files

LOADED = re.compile(r"""\{%\s*static\s+['"]([^'"]+)['"]""")
OURS = "src/zhiheng/faces/static/"


def loaded(text: str) -> list[str]:
    """The static files that a template names."""
    return LOADED.findall(text)


def _missing() -> list[str]:
    tracked = repository_files()
    vendored = (ROOT / "scripts/assets.sh").read_text(encoding="utf-8")
    ours = str(ROOT / OURS)
    found = []
    for name in tracked:
        if name.endswith(".html"):
            for file in loaded((ROOT / name).read_text(encoding="utf-8")):
                known = OURS + file in tracked or file.removeprefix("vendor/") in vendored
                place = finders.find(file)  # in a wheel, then; not beside our own and not in git
                if not known and (not place or place.startswith(ours)):
                    found.append(f"{name}: {file}")
    return found


def test_what_templates_load_is_there_for_everybody() -> None:
    assert _missing() == []


@pytest.mark.parametrize(
    ("text", "names"), [("{% static 'a.css' %}", ["a.css"]), ('{% static "b/c.js" %}', ["b/c.js"]), ("{% static name %}", [])]
)
def test_names_are_seen(text: str, names: list[str]) -> None:
    assert loaded(text) == names
