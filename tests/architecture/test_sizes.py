"""Modules stay short enough to be read in one go."""

import ast
import statistics

from tests.architecture.source import Source, sources

MEDIAN, USUAL, MOST = 90, 300, 500
RULE = 60


def _modules() -> list[Source]:
    """All but generated migrations and the bare package files, which would flatter the median."""
    return [source for source in sources() if not (source.path.endswith("__init__.py") and source.lines <= 5)]


def size_faults(modules: list[Source]) -> list[str]:
    """What breaks the standard: median below 90 lines, nine of ten up to 300, none over 500."""
    found = [f"{source.path}: {source.lines} lines, more than {MOST}" for source in modules if source.lines > MOST]
    median = statistics.median(source.lines for source in modules)
    if median >= MEDIAN:
        found.append(f"the median module has {median} lines, not fewer than {MEDIAN}")
    long = [source.path for source in modules if source.lines > USUAL]
    if len(long) * 10 > len(modules):
        found.append(f"{len(long)} of {len(modules)} modules have more than {USUAL} lines: {long}")
    return found


def long_functions(source: Source) -> list[str]:
    """Functions of 60 lines and more, signature and docstring counted."""
    return [
        f"{source.path}:{node.lineno} {node.name} has {length} lines"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (length := (node.end_lineno or 0) - node.lineno + 1) >= RULE
    ]


def test_modules_are_short() -> None:
    assert size_faults(_modules()) == []


def test_functions_in_rules_are_short() -> None:
    assert [fault for source in sources("src/zhiheng/rules") for fault in long_functions(source)] == []


def test_long_ones_are_seen() -> None:
    def module(lines: int) -> Source:
        return Source("x.py", "x = 1\n" * lines)

    assert size_faults([module(20)] * 10) == []
    assert len(size_faults([module(20)] * 10 + [module(501)])) == 1
    assert len(size_faults([module(90)] * 10)) == 1
    assert len(size_faults([module(20)] * 8 + [module(301)])) == 1
    assert long_functions(Source("x.py", "def f():\n" + "    x = 1\n" * 58)) == []
    assert long_functions(Source("x.py", "def f():\n" + "    x = 1\n" * 59))
