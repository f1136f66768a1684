"""``rules/`` is pure: no framework, no file, no clock, no chance, no binary fractions."""

import ast

import pytest

from tests.architecture.source import Source, imported, matches, sources, used

IMPORTS = frozenset(
    {"django", "os", "pathlib", "io", "random", "secrets", "time", "uuid", "socket", "subprocess", "sqlite3", "logging", "sys", "threading"}
)
NAMES = frozenset(
    {
        "open",
        "print",
        "input",
        "exec",
        "eval",
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
        "uuid.uuid4",
        "float",
    }
)


def impurities(source: Source) -> list[str]:
    """Whatever in the file reaches out of pure computation."""
    found = [f"{source.path}:{line} imports {name}" for name, line in imported(source.tree) if matches(name, IMPORTS)]
    found += [f"{source.path}:{line} uses {name}" for name, line in used(source.tree) if matches(name, NAMES)]
    found += [
        f"{source.path}:{node.lineno} writes the binary fraction {node.value!r}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]
    return found


def test_rules_are_pure() -> None:
    files = sources("src/zhiheng/rules")
    assert len(files) > 5, "the rules are not where this test looks"
    assert [fault for source in files for fault in impurities(source)] == []


@pytest.mark.parametrize(
    "text",
    [
        "from django.db import models",
        "import django.conf as c",
        "def f():\n    import os\n",
        "from pathlib import Path",
        "import random",
        "from uuid import uuid4",
        "import time",
        "x = open('pack.yaml')",
        "from datetime import datetime as dt\nnow = dt.now()",
        "import datetime\nnow = datetime.date.today()",
        "from datetime import date\nclock = date.today",
        "half = 0.5",
        "half = float('0.5')",
    ],
)
def test_an_impurity_is_seen(text: str) -> None:
    assert impurities(Source("rules/bad.py", text))


def test_pure_code_passes() -> None:
    text = "from datetime import date\nfrom decimal import Decimal\n\ndef f(on: date) -> Decimal:\n    return Decimal('0.5') * on.day\n"
    assert impurities(Source("rules/good.py", text)) == []
