"""The documents name code and commands that exist."""

import ast
import re

import pytest

from tests.architecture.source import ROOT

REFERENCE = re.compile(r"`(src/zhiheng/[\w/]+\.py)(?:::([\w.]+))?`")


def names_in(tree: ast.Module) -> set[str]:
    """Everything a reader could look up in the file: functions, classes, constants, ``Class.member``."""
    found: set[str] = set()

    def visit(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found.add(prefix + node.name)
                if isinstance(node, ast.ClassDef):
                    visit(node.body, f"{prefix}{node.name}.")
            elif isinstance(node, ast.Assign):
                found.update(prefix + target.id for target in node.targets if isinstance(target, ast.Name))
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                found.add(prefix + node.target.id)

    visit(tree.body, "")
    return found


def dead_references(text: str) -> list[str]:
    """References to code that is not there."""
    dead: list[str] = []
    for path, name in REFERENCE.findall(text):
        file = ROOT / path
        if not file.is_file():
            dead.append(f"{path} does not exist")
        elif name and name not in names_in(ast.parse(file.read_text(encoding="utf-8"))):
            dead.append(f"{path} has no {name}")
    return dead


def test_the_tour_points_at_code_that_exists() -> None:
    tour = (ROOT / "docs/tour.md").read_text(encoding="utf-8")
    named = [name for _, name in REFERENCE.findall(tour) if name]
    assert len(named) >= 10, "the tour shows hardly any code"
    assert dead_references(tour) == []


@pytest.mark.parametrize("document", ["README.md", "README.zh-CN.md"])
def test_both_readmes_name_the_two_commands(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    assert "make run" in text
    assert "make test" in text


def test_a_dead_reference_is_seen() -> None:
    assert dead_references("`src/zhiheng/nowhere.py::f`") == ["src/zhiheng/nowhere.py does not exist"]
    assert dead_references("`src/zhiheng/__init__.py::surely_not_there`") == ["src/zhiheng/__init__.py has no surely_not_there"]
    assert dead_references("`src/zhiheng/__init__.py`") == []


def test_members_are_found() -> None:
    tree = ast.parse("class A:\n    x: int = 1\n\n    def f(self): ...\n\nB = 2\n")
    assert names_in(tree) == {"A", "A.x", "A.f", "B"}
