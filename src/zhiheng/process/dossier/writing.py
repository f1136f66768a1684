"""Writing a cycle's dossier: a zip of open formats, the same bytes for the same data (L3)."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.db import transaction

from zhiheng.foundation import clock
from zhiheng.foundation.canonical import dumps
from zhiheng.foundation.cycles.models import Cycle
from zhiheng.foundation.cycles.selectors import rules_of
from zhiheng.foundation.journal.models import JournalEntry
from zhiheng.foundation.journal.services import lock
from zhiheng.foundation.packs.models import CalendarYear
from zhiheng.process.dossier import VERIFIER, awarding, panels, publicity, scoring
from zhiheng.process.dossier.publicity import Rows
from zhiheng.stages.panel.models import Draw

FORMAT = 1
NEAR = timedelta(minutes=1)  # between a record's own time and the journal's
HERE = VERIFIER.parent


_EPOCH = (1980, 1, 1, 0, 0, 0)


class Times:
    """When the acts of a chain were done, by the journal. A record notes its own time a moment before the journal notes the act's; acts
    of one chain follow each other, so the act that made a record is the first one of its kind that is not before it."""

    def __init__(self) -> None:
        self.by_act: dict[str, list[datetime]] = defaultdict(list)

    def add(self, act: str, at: datetime) -> None:
        """An act, in the order of the journal."""
        self.by_act[act].append(at)
        self.by_act["*"].append(at)

    def of(self, act: str, at: Any) -> Any:
        """The journal's time of the act that made a record at this time; a date or no time stays as it is."""
        if not isinstance(at, datetime):
            return at
        known = self.by_act[act.partition("/")[0]]
        place = bisect_left(known, at)
        return known[place] if place < len(known) and known[place] - at < NEAR else at


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

    The number of queries does not depend on the size of the cycle. The file appears whole or not at all, and shows one moment: no act
    of the cycle happens while it is read. Raises OSError when it cannot be written, ValueError when the stored pack lost its digest.
    """
    with tempfile.TemporaryDirectory(prefix="dossier-") as scratch, (Path(scratch) / "journal.jsonl").open("w+b") as journal:
        with transaction.atomic():
            lock(cycle.chain)
            head, times = _journal(cycle, journal)
            lists, draws, fixed = *_records(cycle, times), _fixed(cycle, times)
        journal.seek(0)
        parts: dict[str, Iterable[bytes]] = {f"{name}.json": _array(rows) for name, rows in lists.items()}
        parts |= {f"draws/{d['round']}-{d['version']}.json": [_text(d)] for d in draws}
        parts |= fixed | {"journal.jsonl": iter(lambda: journal.read(1 << 20), b"")}
        draft = Path(scratch) / "dossier.zip"
        with zipfile.ZipFile(draft, "w") as archive:
            writer = _Writer(archive)
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


def _records(cycle: Cycle, times: Times) -> tuple[dict[str, Rows], Rows]:
    """The lists of a dossier by name, and the draws. Experts appear by code, members by seat, applicants as a notice published them."""
    draws = panels.draws(cycle)
    lists = {**publicity.lists(cycle, draws), **panels.lists(cycle), **scoring.lists(cycle), **awarding.lists(cycle)}
    for row in (row for rows in (*lists.values(), draws) for row in rows if "at" in row):
        row["at"] = {act: times.of(act, at) for act, at in row["at"].items()}
    return lists, draws


def draw_bytes(draw: Draw) -> bytes:
    """The file of one draw, byte for byte as the dossier has it."""
    times = Times()
    rows = JournalEntry.objects.filter(chain=draw.cycle.chain, act__in=("panel.freeze", "panel.draw"), kind="act").order_by("seq")
    for act, at in rows.values_list("act", "at"):
        times.add(act, at)
    row = panels.draw_file(draw, draw.cycle)
    return _text(row | {"at": {act: times.of(act, at) for act, at in row["at"].items()}})


def _fixed(cycle: Cycle, times: Times) -> dict[str, Iterable[bytes]]:
    """The cycle, its pinned rules, the calendar, and the papers that explain and prove."""
    pack = rules_of(cycle)
    about = {"code": cycle.code, "opens_on": cycle.opens_on, "deadline": cycle.deadline}
    about |= {"pinned_at": times.of("call.issue", cycle.pinned_at)}
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


def _journal(cycle: Cycle, out: IO[bytes]) -> tuple[str, Times]:
    """Write the cycle's chain line by line, each body exactly as it was hashed; returns the head, and when each act was done."""
    seq, last, times = 0, "0" * 64, Times()
    rows = JournalEntry.objects.filter(chain=cycle.chain).order_by("seq").values_list("seq", "body", "hash", "kind", "act", "at")
    for seq, body, last, kind, act, at in rows.iterator(chunk_size=2000):  # noqa: B007 - the last one is the head
        out.write(json.dumps({"body": body, "hash": last}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        if kind == "act":
            times.add(act, at)
    return f"{cycle.chain}#{seq}#{last}", times


def _text(value: Any) -> bytes:
    return dumps(value) + b"\n"


def _array(rows: list[dict[str, Any]]) -> Iterator[bytes]:
    """A JSON list, one record a line."""
    for place, row in enumerate(rows):
        yield (b"[\n" if place == 0 else b",\n") + dumps(row)
    yield b"\n]\n" if rows else b"[]\n"
