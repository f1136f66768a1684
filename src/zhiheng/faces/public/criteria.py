"""A scoring scheme as a document that people read, each item, clause and band with an anchor that stays (A1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhiheng.rules.pack import Concept, Criteria, Guide, Pack

_ATTACHED = re.compile(r"附\d+")


@dataclass(frozen=True, slots=True)
class Document:
    """What one scheme's page shows. awards: (award, categories) that it judges; before: what the criteria say first, part by part;
    guides: those that its items are judged by, in the order of the pack."""

    scheme: Criteria
    awards: tuple[tuple[str, tuple[str, ...]], ...]
    before: tuple[tuple[str, tuple[Concept, ...]], ...]
    guides: tuple[Guide, ...]

    @property
    def clauses(self) -> int:
        """How many clauses the items have."""
        return sum(len(item.clauses) for item in self.scheme.items)


def schemes_of(pack: Pack) -> tuple[Criteria, ...]:
    """The schemes in the order of the awards and categories that they judge; those that judge none last."""
    order = [category.criteria for award in pack.awards for category in award.categories]
    return tuple(sorted(pack.criteria.schemes, key=lambda one: order.index(one.code) if one.code in order else len(order)))


def document_of(pack: Pack, code: str) -> Document | None:
    """The document of a scheme; None if the pack has no such scheme."""
    scheme = next((one for one in pack.criteria.schemes if one.code == code), None)
    if scheme is None:
        return None
    judged = ((award, tuple(one.title for one in award.categories if one.criteria == code)) for award in pack.awards)
    book = pack.criteria
    parts = (("notes", book.notes), ("concepts", book.concepts), ("definitions", book.definitions), ("requirements", book.requirements))
    before = ((name, tuple(one for one in concepts if _beside(one.article, scheme.article))) for name, concepts in parts)
    wanted = {item.guide for item in scheme.items}
    return Document(
        scheme,
        tuple((award.title, categories) for award, categories in judged if categories),
        tuple(part for part in before if part[1]),
        tuple(guide for guide in book.guides if guide.code in wanted),
    )


def _beside(article: str, other: str) -> bool:
    """Whether two articles stand in the same attachment (or neither in any)."""
    found = (_ATTACHED.match(article), _ATTACHED.match(other))
    return len({one[0] if one else "" for one in found}) == 1
