"""The glossary and the handbook speak of things that exist."""

import functools
import re

import pytest

from tests.architecture.source import ROOT
from tests.architecture.test_docs import dead_references
from zhiheng.process.register import REGISTER

ROW = re.compile(r"^\| ([^|]+) \| `([^`|]+)` \| ([^|]+) \|$", re.MULTILINE)
#: An act as the handbook names it: `call.issue`.
ACT = re.compile(r"`([a-z]+\.[a-z_]+)`")
COMMAND = re.compile(r"zhiheng ([a-z]+)")
COMMANDS = {"admin", "pack", "simulate", "dossier", "journal", "import", "rank", "demo"}
NOT_ACTS = {"verify.py", "secret.key"}


@functools.cache
def corpus() -> str:
    """The text of the code and the rule packs."""
    files = [f for folder in ("src", "rulepacks") for kind in ("py", "yaml", "md") for f in sorted((ROOT / folder).rglob(f"*.{kind}"))]
    assert len(files) > 100, "the source is not where this test looks"
    return "\n".join(f.read_text(encoding="utf-8") for f in files)


def glossary() -> list[tuple[str, str, str]]:
    """Term, identifier, meaning."""
    return ROW.findall((ROOT / "docs/glossary.md").read_text(encoding="utf-8"))


def absent(rows: list[tuple[str, str, str]], text: str) -> list[str]:
    """Identifiers and terms of a glossary that a text does not have; identifiers as whole words."""
    words = set(re.findall(r"\w+", text, re.ASCII))
    return [identifier for _, identifier, _ in rows if identifier not in words] + [term for term, _, _ in rows if term not in text]


def test_the_glossary_is_large_and_has_each_term_once() -> None:
    terms = [term for term, _, _ in glossary()]
    assert len(terms) >= 80
    assert len(terms) == len(set(terms))


def test_every_identifier_and_term_occurs() -> None:
    assert absent(glossary(), corpus()) == []


def test_an_absent_one_is_seen() -> None:
    assert absent([("评分表", "Sheet", "x")], "class Sheet: 评分表") == []
    assert absent([("评分表", "She", "x")], "class Sheet: 评分表") == ["She"]
    assert absent([("记分牌", "Sheet", "x")], "class Sheet: 评分表") == ["记分牌"]


@pytest.mark.parametrize("page", sorted((ROOT / "docs/handbook").glob("*.md")), ids=lambda page: page.stem)
def test_the_handbook_names_acts_and_commands_that_exist(page: object) -> None:
    text = (ROOT / "docs/handbook" / str(page)).read_text(encoding="utf-8")
    assert sorted(set(ACT.findall(text)) - set(REGISTER) - NOT_ACTS) == []
    assert set(COMMAND.findall(text)) <= COMMANDS


def test_the_handbook_names_every_act() -> None:
    pages = [page.read_text(encoding="utf-8") for page in (ROOT / "docs/handbook").glob("*.md")]
    named = {act for page in pages for act in ACT.findall(page)}
    assert sorted(set(REGISTER) - named) == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.stem)
def test_every_reference_to_code_and_every_link_exists(page: object) -> None:
    from pathlib import Path

    file = Path(str(page))
    text = file.read_text(encoding="utf-8")
    assert dead_references(text) == []
    links = [link for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text) if "://" not in link]
    assert [link for link in links if not (file.parent / link).exists()] == []
