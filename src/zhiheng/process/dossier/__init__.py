"""The dossier: everything that led to an award, so that a stranger can compute it again (A1, L3)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhiheng.foundation.cycles.models import Cycle

#: The script that proves a dossier; it goes into each one, and shares no code with the rest.
VERIFIER = Path(__file__).parent / "verify.py"


def export(cycle: Cycle, path: Path) -> dict[str, Any]:
    """Write the dossier of a cycle to `path`; see `writing.py`. Imported late: whoever only proves dossiers needs no database."""
    from zhiheng.process.dossier.writing import write

    return write(cycle, path)
