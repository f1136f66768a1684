"""The official wording of one article, as it stands in the regulation (A1)."""

from __future__ import annotations

from functools import lru_cache

from zhiheng.faces.shared.articles import anchor_of, located
from zhiheng.faces.shared.markdown import Block, blocks

MOST = 14  # paragraphs: an article longer than that is read in the document


def article_text(text: str, article: str) -> tuple[str, ...]:
    """The paragraphs of an article of a regulation (its whole text), without tables. An article that is not found by its full code is
    looked for by its parent: 四(四)2 → 四(四). Empty when there is none."""
    anchor = anchor_of(article)
    while anchor:
        if found := _below(text, anchor):
            return found
        anchor = anchor.rpartition("-")[0] if anchor.count("-") > 1 else ""
    return ()


@lru_cache(maxsize=512)
def _below(text: str, anchor: str) -> tuple[str, ...]:
    lines: list[str] = []
    inside = False
    for block in _located(text):
        if block.anchor == anchor:
            inside = True
        elif inside and (block.kind == "heading" or (block.anchor and not block.anchor.startswith(anchor + "-"))):
            break
        if inside and block.kind != "table":
            lines += block.lines if block.kind == "list" else [block.text]
        if len(lines) >= MOST:
            break
    return tuple(lines)


@lru_cache(maxsize=8)
def _located(text: str) -> tuple[Block, ...]:
    return located(blocks(text))
