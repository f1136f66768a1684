"""Nothing is left half done, and what is public says what it does."""

import ast
import re

import pytest

from tests.architecture.source import Source, sources

MARKERS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def unfinished(source: Source) -> list[str]:
    """Markers of work put off, and bodies that only raise NotImplementedError."""
    found = [f"{source.path}:{number} {line.strip()}" for number, line in enumerate(source.text.splitlines(), 1) if MARKERS.search(line)]
    found += [
        f"{source.path}:{node.lineno} NotImplementedError"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Name) and node.id == "NotImplementedError"
    ]
    return found


def undocumented(source: Source) -> list[str]:
    """Public functions, classes and methods without a docstring."""
    found: list[str] = []

    def visit(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            if ast.get_docstring(node) is None:
                found.append(f"{source.path}:{node.lineno} {prefix}{node.name} has no docstring")
            if isinstance(node, ast.ClassDef):
                visit(node.body, f"{prefix}{node.name}.")

    visit(source.tree.body, "")
    return found


def test_nothing_is_left_for_later() -> None:
    assert [fault for source in sources() for fault in unfinished(source)] == []


def test_rules_are_documented() -> None:
    assert [fault for source in sources("src/zhiheng/rules") for fault in undocumented(source)] == []


@pytest.mark.parametrize(
    "text", ["# TODO: later", "x = 1  # FIXME", "def f():\n    raise NotImplementedError", "def f():\n    raise NotImplementedError('x')"]
)
def test_unfinished_work_is_seen(text: str) -> None:
    assert unfinished(Source("x.py", text))


@pytest.mark.parametrize(
    "text", ["def f():\n    return 1", "class A:\n    x = 1", 'class A:\n    """Doc."""\n\n    def f(self):\n        return 1']
)
def test_a_missing_docstring_is_seen(text: str) -> None:
    assert undocumented(Source("x.py", text))


def test_private_names_need_none() -> None:
    assert undocumented(Source("x.py", "def _f():\n    return 1\n\nclass _A:\n    def f(self):\n        return 1")) == []
