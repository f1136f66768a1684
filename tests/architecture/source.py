"""Reads the project's own source for the tests beside this file."""

import ast
import functools
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "zhiheng"


@dataclass(frozen=True)
class Source:
    """A Python file: its path from the project's root, and its text."""

    path: str
    text: str

    @functools.cached_property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return ast.parse(self.text, self.path)

    @property
    def lines(self) -> int:
        """How long it is."""
        return len(self.text.splitlines())


@functools.cache
def sources(under: str = "src/zhiheng", *, migrations: bool = False) -> tuple[Source, ...]:
    """Every Python file below a folder; generated migrations only when asked for."""
    return tuple(
        Source(str(file.relative_to(ROOT)), file.read_text(encoding="utf-8"))
        for file in sorted((ROOT / under).rglob("*.py"))
        if migrations or "migrations" not in file.parts
    )


@functools.cache
def repository_files() -> tuple[str, ...]:
    """What git tracks, and what it would: everything that is not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return tuple(sorted({name for name in listed.split("\0") if name and (ROOT / name).is_file()}))


def _bindings(tree: ast.Module) -> dict[str, str]:
    """Local name → full dotted name, for everything the file imports, in any scope."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    found[alias.asname] = alias.name
                else:
                    found[alias.name.split(".")[0]] = alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found


def imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every imported name, dotted and in full, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def dotted(node: ast.expr) -> str | None:
    """``a.b.c`` as text, or None for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])


def used(tree: ast.Module, *, ignore: frozenset[ast.AST] = frozenset()) -> Iterator[tuple[str, int]]:
    """Every name the file uses, with its line; the nodes to ignore left out.

    Names are resolved through the imports: ``dt.now`` is ``datetime.datetime.now`` after
    ``from datetime import datetime as dt``. A plain built-in stays as it is.
    """
    bound = _bindings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and node not in ignore:
            name = dotted(node)
            if name is not None:
                head, _, rest = name.partition(".")
                head = bound.get(head, head)
                yield (f"{head}.{rest}" if rest else head), node.lineno


def matches(name: str, banned: frozenset[str]) -> bool:
    """Whether the name is one of the banned ones or lies inside one."""
    parts = name.split(".")
    return any(".".join(parts[:length]) in banned for length in range(1, len(parts) + 1))
