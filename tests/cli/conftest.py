"""The command line as others script it: real processes, exit codes, JSON."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ZHIHENG = Path(sys.executable).parent / "zhiheng"


@dataclass(frozen=True)
class Ran:
    """A finished command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


def zhiheng(*arguments: str | Path, env: dict[str, str] | None = None) -> Ran:
    """Runs `zhiheng` with these arguments."""
    base = {name: value for name, value in os.environ.items() if not name.startswith("ZHIHENG_")}
    done = subprocess.run([ZHIHENG, *map(str, arguments)], env={**base, **(env or {})}, capture_output=True, text=True, check=False)
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def command() -> Callable[..., Ran]:
    """The command line."""
    return zhiheng


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A simulated cycle of the demo's size: its folder and its summary."""
    out = tmp_path_factory.mktemp("played")
    ran = zhiheng("simulate", "--organizations", "40", "--individuals", "12", "--experts", "120", "--seed", "5", "--out", out, "--json")
    assert ran.code == 0, ran.err
    return out, ran.json
