"""Writing a cycle's dossier: a zip of open formats, the same bytes for the same data (L3)."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from zhiheng.foundation import clock
from zhiheng.foundation.canonical import dumps
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.packs.models import CalendarYear
from zhiheng.process.dossier import VERIFIER, awarding, panels, publicity, scoring

FORMAT = 1
HERE = VERIFIER.parent


_EPOCH = (1980, 1, 1, 0, 0, 0)


class _Writer:
    """A zip with fixed times and rights, and the manifest of what went into it."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.files: dict[str, dict[str, object]] = {}

    def write(self, name: str, chunks: Iterable[bytes]) -> None:
        """One file, chunk by chunk."""
        info = zipfile.ZipInfo(name, _EPOCH)
        info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
        seen, size = hashlib.sha256(), 0
        with self.archive.open(info, "w", force_zip64=False) as out:
            for chunk in chunks:
                out.write(chunk)
                seen.update(chunk)
                size += len(chunk)
        self.files[name] = {"sha256": seen.hexdigest(), "size": size}


def write(cycle: Cycle, path: Path) -> dict[str, Any]:
    """Write the dossier of a cycle to `path`; returns what it holds: cycle, files, bytes, records by list, journal head.

    The number of queries does not depend on the size of the cycle. The file appears whole or not at all. Raises OSError when it
    cannot be written, ValueError when the stored pack no longer has its digest.
    """
    draws = panels.draws(cycle)
    lists = records(cycle, draws)
    with tempfile.TemporaryDirectory(prefix="dossier-") as scratch, (Path(scratch) / "journal.jsonl").open("w+b") as journal:
        head = _journal(cycle, journal)
        parts: dict[str, Iterable[bytes]] = {f"{name}.json": _array(rows) for name, rows in lists.items()}
        parts |= {f"draws/{d['round']}-{d['version']}.json": [_text(d)] for d in draws}
        parts |= _fixed(cycle) | {"journal.jsonl": iter(lambda: journal.read(1 << 20), b"")}
        draft = Path(scratch) / "dossier.zip"
        with zipfile.ZipFile(draft, "w") as archive:
            writer = _Writer(archive)
            journal.seek(0)
            for name in sorted(parts):
                writer.write(name, parts[name])
            manifest = {"format": FORMAT, "journal": head, "exported_at": clock.now(), "files": writer.files}
            writer.write("manifest.json", [dumps(manifest)])
        size = draft.stat().st_size
        beside = path.with_name(f".{path.name}.part")
        shutil.copyfile(draft, beside)
        beside.replace(path)
    counts = {name: len(rows) for name, rows in lists.items()}
    return {"cycle": cycle.code, "path": str(path), "files": len(parts) + 1, "bytes": size, "records": counts, "journal": head}


def records(cycle: Cycle, draws: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The lists of a dossier by name. Experts appear by code, members by seat, applicants as a notice published them."""
    return {
        **publicity.lists(cycle, draws),
        **panels.lists(cycle),
        **scoring.lists(cycle),
        **awarding.lists(cycle),
    }


def _fixed(cycle: Cycle) -> dict[str, Iterable[bytes]]:
    """The cycle, its pinned rules, the calendar, and the papers that explain and prove."""
    pack = rules_of(cycle)
    about = {"code": cycle.code, "opens_on": cycle.opens_on, "deadline": cycle.deadline, "pinned_at": cycle.pinned_at}
    years = {
        str(row.year): {"holidays": row.holidays, "workdays": row.workdays, "digest": row.digest}
        for row in CalendarYear.objects.order_by("year")
    }
    return {
        "README.md": [(HERE / "README.md").read_bytes()],
        "verify.py": [VERIFIER.read_bytes()],
        "pack.json": [pack.canonical()],
        "regulation.md": [pack.text.encode()],
        "calendar.json": [_text(years)],
        "cycle.json": [_text(about)],
    }


def _journal(cycle: Cycle, out: IO[bytes]) -> str:
    """Write the cycle's chain line by line, each body exactly as it was hashed; returns the head."""
    seq, last = 0, "0" * 64
    rows = JournalEntry.objects.filter(chain=cycle.chain).order_by("seq").values_list("seq", "body", "hash")
    for seq, body, last in rows.iterator(chunk_size=2000):  # noqa: B007 - the last one is the head
        out.write(json.dumps({"body": body, "hash": last}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return f"{cycle.chain}#{seq}#{last}"


def _text(value: Any) -> bytes:
    return dumps(value) + b"\n"


def _array(rows: list[dict[str, Any]]) -> Iterator[bytes]:
    """A JSON list, one record a line."""
    for place, row in enumerate(rows):
        yield (b"[\n" if place == 0 else b",\n") + dumps(row)
    yield b"\n]\n" if rows else b"[]\n"
