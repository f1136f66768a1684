"""What the tests of packs share."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from zhiheng.foundation.packs.loader import load_pack
from zhiheng.rules.pack import Pack

ROOT = Path(__file__).resolve().parents[2]
Breaking = Callable[[str, str, str], Path]


@pytest.fixture(scope="session")
def hebei() -> Pack:
    """The pack of the Hebei rules."""
    return load_pack(ROOT / "rulepacks" / "hebei-2022")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A copy of the made-up pack, to be broken."""
    return shutil.copytree(Path(__file__).parent / "made-up", tmp_path / "pack")


@pytest.fixture
def broken(small: Path) -> Breaking:
    """Replace one passage of one file of the made-up pack; the passage must stand there exactly once."""

    def breaking(file: str, old: str, new: str) -> Path:
        path = small / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return small

    return breaking
