"""A foreign key holds to the same order as an import.

``models.ForeignKey("review.Sheet")`` imports nothing, so the import linter cannot see it. The order
is read from ``.importlinter``: there is one.
"""

import configparser
import re
from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from tests.architecture.source import ROOT, imported, matches, sources

FRAMEWORK = ("django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions")


def _order() -> dict[str, list[list[str]]]:
    """Container → its layers from the top, each a list of siblings."""
    parser = configparser.ConfigParser()
    parser.read_string((ROOT / ".importlinter").read_text(encoding="utf-8"))
    order: dict[str, list[list[str]]] = {}
    for section in parser.sections():
        if parser.get(section, "type", fallback="") == "layers":
            layers = [re.sub(r"[()\s]", "", line) for line in parser.get(section, "layers").split("\n") if line.strip()]
            for container in parser.get(section, "containers").split():
                order[container] = [re.split(r"[|:]", layer) for layer in layers]
    return order


ORDER = _order()


def _level(container: str, name: str) -> int:
    for level, siblings in enumerate(ORDER[container]):
        if name in siblings:
            return level
    raise LookupError(f"{container}.{name} is in no layer of .importlinter")


def may_point(source: str, target: str) -> bool:
    """Whether a model in the module ``source`` may hold a foreign key to one in ``target``.

    To its own package, to a lower layer, and to Django's own tables; never up or sideways.
    """
    if target.startswith(FRAMEWORK):
        return True
    here, there = source.split("."), target.split(".")
    container = "zhiheng"
    while True:
        depth = container.count(".") + 1
        one, other = here[depth], there[depth]
        if one != other:
            return _level(container, one) < _level(container, other)
        container = f"{container}.{one}"
        if container not in ORDER or container.count(".") >= 2:
            return True  # the same package


def relations(of: Iterable[type[models.Model]]) -> Iterator[tuple[str, str, str]]:
    """Module, field and target module of every relation that the models declare themselves."""
    for model in of:
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            if field.remote_field is not None and not isinstance(field.remote_field.model, str):
                yield model.__module__, f"{model.__name__}.{field.name}", field.remote_field.model.__module__


def test_foreign_keys_point_down() -> None:
    own = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("zhiheng.")]
    assert own, "no models were found"
    found = list(relations(own))
    assert found, "no relations were found"
    assert [f"{source}: {field} → {target}" for source, field, target in found if not may_point(source, target)] == []


@pytest.mark.parametrize(
    ("source", "target", "allowed"),
    [
        ("zhiheng.stages.review.models", "zhiheng.stages.application.models", True),
        ("zhiheng.stages.review.models", "zhiheng.stages.review.models", True),
        ("zhiheng.stages.review.models.sheet", "zhiheng.stages.review.models.mean", True),
        ("zhiheng.stages.review.models", "zhiheng.foundation.people.models", True),
        ("zhiheng.foundation.journal.models", "zhiheng.foundation.people.models", True),
        ("zhiheng.foundation.people.models", "django.contrib.auth.models", True),
        ("zhiheng.stages.review.models", "zhiheng.stages.committee.models", False),
        ("zhiheng.foundation.people.models", "zhiheng.stages.review.models", False),
        ("zhiheng.foundation.packs.models", "zhiheng.foundation.cycles.models", False),
    ],
)
def test_the_order_is_known(source: str, target: str, allowed: bool) -> None:
    assert may_point(source, target) is allowed


def test_a_package_in_no_layer_is_refused() -> None:
    with pytest.raises(LookupError, match="in no layer"):
        may_point("zhiheng.stages.coffee.models", "zhiheng.stages.review.models")


@isolate_apps()
def test_a_key_named_by_a_string_is_seen() -> None:
    class Later(models.Model):
        __module__ = "zhiheng.stages.committee.models"

        class Meta:
            app_label = "control"

    class Earlier(models.Model):
        __module__ = "zhiheng.stages.review.models"
        later = models.ForeignKey("control.Later", on_delete=models.PROTECT)
        many = models.ManyToManyField("control.Later", related_name="+")

        class Meta:
            app_label = "control"

    found = [(field, may_point(source, target)) for source, field, target in relations([Earlier, Later])]
    assert found == [("Earlier.later", False), ("Earlier.many", False)]


# ------------------------------------------------------------------ no request below the faces

WEB = frozenset({"django.http", "django.shortcuts", "django.views", "django.urls", "django.template", "django.contrib.messages"})


def test_nothing_below_the_faces_knows_of_requests() -> None:
    below = [source for source in sources() if not source.path.startswith("src/zhiheng/faces/")]
    assert [f"{source.path}:{line} imports {name}" for source in below for name, line in imported(source.tree) if matches(name, WEB)] == []


def test_a_request_would_be_seen() -> None:
    assert matches("django.http.HttpRequest", WEB)
    assert not matches("django.httpx", WEB)
