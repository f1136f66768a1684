"""One place asks the time, one place draws chance, one place reads the environment.

Everything else gets them as arguments. Otherwise a demo's date, a replayed draw or a server's
settings would hold in most places, and nobody would know in which.
"""

import ast
from collections.abc import Callable

import pytest

from tests.architecture.source import Source, dotted, imported, matches, sources, used

CLOCK = frozenset(
    {
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
        "time.time",
        "time.time_ns",
        "time.localtime",
        "time.gmtime",
        "django.utils.timezone.now",
        "django.utils.timezone.localdate",
        "django.db.models.functions.Now",
    }
)
CHANCE = frozenset(
    {
        "random",
        "secrets",
        "uuid.uuid1",
        "uuid.uuid4",
        "os.urandom",
        "os.getrandom",
        "django.utils.crypto.get_random_string",
        "django.db.models.functions.Random",
    }
)
ENVIRONMENT = frozenset({"os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv"})


def _inside(path: str, *places: str) -> bool:
    return any(path == f"src/zhiheng/{place}.py" or path.startswith(f"src/zhiheng/{place}/") for place in places)


def clock_faults(source: Source) -> list[str]:
    """Who asks the time beside ``foundation/clock``; ``auto_now`` is Django asking it unseen."""
    if _inside(source.path, "foundation/clock"):
        return []
    names = {*used(source.tree), *imported(source.tree)}
    found = [f"{source.path}:{line} asks the time: {name}" for name, line in sorted(names) if matches(name, CLOCK)]
    found += [
        f"{source.path}:{node.value.lineno} asks the time: {node.arg}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}
    ]
    return found


def chance_faults(source: Source) -> list[str]:
    """Who draws chance beside ``foundation/entropy``; ``order_by("?")`` is a draw nobody can replay."""
    if _inside(source.path, "foundation/entropy"):
        return []
    names = {*used(source.tree), *imported(source.tree)}
    found = [f"{source.path}:{line} draws chance: {name}" for name, line in sorted(names) if matches(name, CHANCE)]
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "order_by":
            found += [
                f"{source.path}:{node.lineno} draws chance: order_by('?')"
                for argument in node.args
                if isinstance(argument, ast.Constant) and argument.value == "?"
            ]
    return found


def _settable(name: ast.expr) -> bool:
    """The command line may choose the settings of the process that it is about to start."""
    return isinstance(name, ast.Constant) and isinstance(name.value, str) and name.value.startswith(("DJANGO_SETTINGS_MODULE", "ZHIHENG_"))


def environment_faults(source: Source) -> list[str]:
    """Who looks at the environment beside ``config/``; ``faces/cli`` may set, never read."""
    allowed: set[ast.AST] = set()
    if _inside(source.path, "faces/cli"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and dotted(node.func) == "os.environ.setdefault" and node.args and _settable(node.args[0]):
                allowed |= set(ast.walk(node.func))
            elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and _settable(node.slice):
                allowed |= set(ast.walk(node.value))
    names = {*used(source.tree, ignore=frozenset(allowed)), *imported(source.tree)}
    return [f"{source.path}:{line} looks at the environment: {name}" for name, line in sorted(names) if matches(name, ENVIRONMENT)]


@pytest.mark.parametrize("faults", [clock_faults, chance_faults, environment_faults])
def test_only_the_one_place_does_it(faults: Callable[[Source], list[str]]) -> None:
    files = sources(migrations=True)
    assert len(files) > 20, "the source is not where this test looks"
    assert [fault for source in files for fault in faults(source)] == []


@pytest.mark.parametrize(
    ("faults", "text"),
    [
        (clock_faults, "from django.utils import timezone\nx = timezone.now()"),
        (clock_faults, "from django.utils.timezone import now"),
        (clock_faults, "import datetime as d\nx = d.date.today()"),
        (clock_faults, "from datetime import datetime\nx = datetime.now(tz=None)"),
        (clock_faults, "import time\nx = time.time()"),
        (clock_faults, "from django.db import models\nx = models.DateTimeField(auto_now_add=True)"),
        (chance_faults, "import random\nx = random.random()"),
        (chance_faults, "from secrets import token_hex"),
        (chance_faults, "import uuid\nx = uuid.uuid4"),
        (chance_faults, "x = Entry.objects.order_by('?')"),
        (environment_faults, "import os\nx = os.environ['HOME']"),
        (environment_faults, "from os import getenv"),
        (environment_faults, "import os as o\nx = o.environ.get('HOME')"),
    ],
)
def test_each_fault_is_seen(faults: Callable[[Source], list[str]], text: str) -> None:
    assert faults(Source("src/zhiheng/stages/review/services.py", text))


def test_the_one_place_may() -> None:
    assert clock_faults(Source("src/zhiheng/foundation/clock.py", "from django.utils import timezone\nx = timezone.now()")) == []
    assert chance_faults(Source("src/zhiheng/foundation/entropy.py", "import secrets\nx = secrets.token_hex()")) == []


def test_the_command_line_sets_but_never_reads() -> None:
    path = "src/zhiheng/faces/cli/main.py"
    assert environment_faults(Source(path, "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings')")) == []
    assert environment_faults(Source(path, "import os\nos.environ['ZHIHENG_DATABASE_URL'] = 'sqlite:///x'")) == []
    assert environment_faults(Source(path, "import os\nx = os.environ['ZHIHENG_DATABASE_URL']"))
    assert environment_faults(Source(path, "import os\nos.environ['HOME'] = ''"))
    assert environment_faults(Source("src/zhiheng/process/tick.py", "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'x')"))
