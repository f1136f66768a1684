"""A rule pack as a document that people read: text with contents, points of the criteria, how open questions are settled (A1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Prefetch, QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from zhiheng.faces.public import selectors
from zhiheng.faces.shared.articles import located
from zhiheng.faces.shared.markdown import Block, Section, blocks, contents
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.packs.models import PackVersion
from zhiheng.foundation.packs.selectors import pack_of
from zhiheng.rules.pack import Pack

DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Regulation:
    """The text in blocks with its table of contents, and drawn: the same words in every language, hence drawn once."""

    blocks: tuple[Block, ...]
    contents: tuple[Section, ...]
    drawn: SafeString


@dataclass(frozen=True, slots=True)
class Version:
    """A stored version of the rules and the public cycles that run under it."""

    stored: PackVersion
    pack: Pack
    cycles: Sequence[Cycle]


@lru_cache(maxsize=8)
def regulation_of(text: str) -> Regulation:
    """A pack's text, read once."""
    found = located(blocks(text))
    return Regulation(found, contents(found, DEEPEST), render_to_string("partials/blocks.html", {"blocks": found}))


def versions() -> list[Version]:
    """The versions that a public cycle is bound to, newest first. Before the first call: the newest one stored."""
    found = _stored().filter(cycles__in=selectors.cycles()).distinct()
    rows = list(found) or list(_stored()[:1])
    return [Version(row, pack_of(row.digest), list(row.cycles.all())) for row in rows]


def _stored() -> QuerySet[PackVersion]:
    public = Prefetch("cycles", selectors.cycles().select_related(None))
    return PackVersion.objects.defer("content").prefetch_related(public).order_by("-stored_at", "-pk")


def newest(found: Sequence[Version]) -> Version | None:
    """The version of the newest cycle, or the first."""
    with_cycles = [one for one in found if one.cycles]
    return max(with_cycles, key=lambda one: max(cycle.year for cycle in one.cycles)) if with_cycles else next(iter(found), None)
