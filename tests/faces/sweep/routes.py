"""Every address of the site by its name, from the resolver: a new one is in here by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import get_resolver


@dataclass(frozen=True, slots=True)
class Route:
    """A named address and the names of its parameters."""

    name: str
    parameters: tuple[str, ...]


def routes() -> list[Route]:
    """All of them; several of one name (with and without a parameter) each for itself."""
    return sorted(_below(get_resolver(), ""), key=lambda route: (route.name, route.parameters))


def _below(part: Any, space: str) -> Iterator[Route]:
    for one in part.url_patterns:
        if hasattr(one, "url_patterns"):
            own = f"{space}{one.namespace}:" if one.namespace else space
            yield from (Route(r.name, (*_names(one.pattern), *r.parameters)) for r in _below(one, own))
        else:
            yield Route(f"{space}{one.name}", tuple(_names(one.pattern)))


def _names(pattern: Any) -> list[str]:
    return list(pattern.converters) or list(pattern.regex.groupindex)
