"""Reads from the source, without running it, which rules, modules and tests cite which duty."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from zhiheng.process.duties import DUTIES

IDS = frozenset(duty.id for duty in DUTIES)
#: Duty → places in the source that cite it, in the order of the files.
Cited = dict[str, list[str]]
#: An ID or a range of them as docstrings write it: D4, F4–F6.
_CITED = re.compile(r"(?<![\w–-])([A-L])(\d)(?:[–-]\1?(\d))?(?!\w)")
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def duties_in(text: str) -> list[str]:
    """The duties that a text cites, ranges written out, each once in the order found."""
    found: dict[str, None] = {}
    for letter, first, last in _CITED.findall(text):
        for number in range(int(first), int(last or first) + 1):
            if f"{letter}{number}" in IDS:
                found[f"{letter}{number}"] = None
    return list(found)


def rules(root: Path) -> Cited:
    """Duty → public functions of the rules that cite it: in their docstring, or in a reason that they or their helpers give."""
    cited: Cited = defaultdict(list)
    for name, tree in _parsed(root, root / "src/zhiheng/rules"):
        parts = _parts(tree)
        for node in tree.body:
            if isinstance(node, _Function) and not node.name.startswith("_"):
                for duty in sorted(_reached(node, parts)):
                    cited[duty].append(f"{name}::{node.name}")
    return cited


def modules(root: Path) -> Cited:
    """Duty → modules whose docstring names it."""
    cited: Cited = defaultdict(list)
    for name, tree in _parsed(root, root / "src/zhiheng"):
        if not name.endswith(("__init__.py", "process/duties.py", "process/citations.py")):
            for duty in duties_in(ast.get_docstring(tree) or ""):
                cited[duty].append(name)
    return cited


def tests(root: Path) -> Cited:
    """Duty → tests marked with `@pytest.mark.duty(…)`: on the function, its class, its module or one of its parameter sets."""
    cited: Cited = defaultdict(list)
    for name, tree in _parsed(root, root / "tests"):
        whole = [d for node in tree.body if _assigns(node, "pytestmark") for d in _marked([node])]
        for test, duties in _tests_in(tree.body, name, whole):
            for duty in dict.fromkeys(duties):
                cited[duty].append(test)
    return cited


def _parsed(root: Path, folder: Path) -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(folder.rglob("*.py")):
        if "migrations" not in file.parts:
            yield file.relative_to(root).as_posix(), ast.parse(file.read_text(encoding="utf-8"), str(file))


def _parts(tree: ast.Module) -> dict[str, ast.stmt]:
    """The functions and constants of a module by name."""
    parts: dict[str, ast.stmt] = {}
    for node in tree.body:
        if isinstance(node, _Function):
            parts[node.name] = node
        elif isinstance(node, ast.Assign):
            parts.update({target.id: node for target in node.targets if isinstance(target, ast.Name)})
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            parts[node.target.id] = node
    return parts


def _reached(start: _Function, parts: dict[str, ast.stmt]) -> set[str]:
    """The duties cited by a function and by what it uses of its own module."""
    found: set[str] = set(duties_in(ast.get_docstring(start) or ""))
    seen: set[str] = set()
    waiting: list[ast.stmt] = [start]
    while waiting:
        for node in ast.walk(waiting.pop()):
            if isinstance(node, ast.Constant) and node.value in IDS:
                found.add(str(node.value))
            elif isinstance(node, ast.Name) and node.id in parts and node.id not in seen:
                seen.add(node.id)
                waiting.append(parts[node.id])
    return found


def _tests_in(body: Iterable[ast.stmt], place: str, outer: list[str]) -> Iterator[tuple[str, list[str]]]:
    for node in body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield from _tests_in(node.body, f"{place}::{node.name}", [*outer, *_marked(node.decorator_list)])
        elif isinstance(node, _Function) and node.name.startswith("test"):
            yield f"{place}::{node.name}", [*outer, *_marked(node.decorator_list)]


def _assigns(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets)


def _marked(nodes: Iterable[ast.AST]) -> list[str]:
    """The arguments of every `….mark.duty(…)` in these nodes."""
    return [
        str(argument.value)
        for top in nodes
        for node in ast.walk(top)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func).endswith("mark.duty")
        for argument in node.args
        if isinstance(argument, ast.Constant)
    ]
