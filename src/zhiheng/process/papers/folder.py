"""Writing every document that exists so far for a cycle into a folder."""

from __future__ import annotations

from pathlib import Path

from zhiheng.foundation.cycles.models import Cycle
from zhiheng.process.papers.catalogue import PAPERS
from zhiheng.process.papers.frame import File, frame


def files(cycle: Cycle) -> list[File]:
    """The documents of a cycle as they stand, in the order of their names. The same records give the same bytes."""
    of = frame(cycle)
    return sorted((file for paper in PAPERS for file in paper.maker(of)), key=lambda file: file.name)


def write_all(cycle: Cycle, directory: Path) -> list[Path]:
    """Write every list and minute that exists so far into `directory` (made where absent); returns the files in order."""
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for file in files(cycle):
        path = directory / file.name
        path.write_bytes(file.data)
        written.append(path)
    return written
