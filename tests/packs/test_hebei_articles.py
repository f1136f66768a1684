"""Every article that the Hebei pack cites is there in the regulation."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from zhiheng.rules.pack import Pack

PARTS = "一二三四五六七八九十"


def articles(part: Any) -> Iterator[str]:
    """Every article cited anywhere in a pack given as plain data."""
    if isinstance(part, dict):
        if isinstance(part.get("article"), str):
            yield part["article"]
        for value in part.values():
            yield from articles(value)
    elif isinstance(part, list):
        for value in part:
            yield from articles(value)


def steps(article: str) -> list[tuple[str, str]]:
    """How to find an article: line patterns from the outside in, each with the pattern of its siblings."""
    found: list[tuple[str, str]] = []
    rest = article
    if match := re.match(r"附([12])", rest):
        rest = rest[match.end() :]
        found.append((rf"# 附件 {match[1]} ", r"# 附件 "))
        if match[1] == "2" and rest:
            chapter = PARTS.index(rest[0]) + 1
            assert rest[1:] == "" or rest[1:].startswith(f"{chapter}.")
            found.append((rf"### {chapter} ", r"### \d "))
            if rest[1:]:
                found.append((rf"(#### )?{re.escape(rest[1:])} ", r"(#### )?\d\.\d "))
            return found
    if rest:
        found.append((rf"## {rest[0]}、", rf"## [{PARTS}]、"))
        rest = rest[1:]
    if match := re.match(rf"\(([{PARTS}])\)", rest):
        found.append((rf"(### )?（{match[1]}）", rf"(### )?（[{PARTS}]）"))
        rest = rest[match.end() :]
    if match := re.match(r"\d(\.\d)*", rest):
        number = re.escape(match[0])
        found.append((rf"(#+ )?{number}([.．](?!\d)| )", r"(#+ )?\d(\.\d)*([.．](?!\d)| )"))
        rest = rest[match.end() :]
    if match := re.match(r"\((\d)\)", rest):
        found.append((rf"（{match[1]}）", r"（\d）"))
        rest = rest[match.end() :]
    assert rest == "", f"{article!r} is no article"
    return found


def stands_in(text: str, article: str) -> bool:
    """Whether the regulation has the article."""
    scope = text.split("\n")
    if not article.startswith("附"):
        scope = scope[: next(n for n, line in enumerate(scope) if line.startswith("# 附件 1"))]
    for wanted, sibling in steps(article):
        marks = [n for n, line in enumerate(scope) if re.match(sibling, line)] + [len(scope)]
        places = [(first, last) for first, last in pairwise(marks) if re.match(wanted, scope[first])]
        if len(places) != 1:
            return False
        # Below a heading its own line is no part; below a paragraph likewise.
        scope = scope[places[0][0] + 1 : places[0][1]]
    return True


@pytest.mark.duty("A1")
def test_every_article_cited_is_there(hebei: Pack) -> None:
    cited = sorted(set(articles(hebei.model_dump(mode="json"))))
    assert [article for article in cited if not stands_in(hebei.text, article)] == []
    assert len(cited) > 100


@pytest.mark.parametrize(
    "article", ["九", "四(九)", "四(四)7", "三(一)6", "附1二1.4", "附1八", "附1一(八)", "附2三3.4", "附2七", "附1三2(3)"]
)
def test_an_article_that_is_not_there_is_seen(hebei: Pack, article: str) -> None:
    assert not stands_in(hebei.text, article)
