"""A dossier in hand: reading it, changing it as an attacker would, and proving it with the script that lies in it."""

import hashlib
import importlib.util
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from zhiheng.process.dossier import VERIFIER

Files = dict[str, bytes]


def load_verifier(path: Path = VERIFIER) -> ModuleType:
    """The script as a module of its own."""
    spec = importlib.util.spec_from_file_location("dossier_verifier", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRIPT = load_verifier()


@dataclass(frozen=True)
class Fault:
    """What the script found."""

    duty: str
    file: str
    record: str
    text: str


def prove(path: Path, heads: list[str] | None = None) -> list[Fault]:
    """Everything that the script finds, as its main function does."""
    try:
        proof = SCRIPT.Proof(path, heads or [])
        found = [*proof.faults, *(fault for name in SCRIPT.PROOFS.split() for fault in proof.prove(name)["faults"])]
    except Exception as error:  # noqa: BLE001 - as the script's own last resort
        found = [{"duty": "L3", "file": path.name, "record": "档案", "text": str(error)}]
    finally:
        _forget()
    return [Fault(**fault) for fault in found]


def doubted(path: Path) -> bool:
    """Whether the script finds anything at all; it is asked no further than its first finding, the draws, which take longest, last."""
    try:
        proof = SCRIPT.Proof(path, [])
        return bool(proof.faults) or any(proof.prove(name)["faults"] for name in sorted(SCRIPT.PROOFS.split(), key="draws".__eq__))
    except Exception:  # noqa: BLE001 - as the script's own last resort
        return True
    finally:
        _forget()


def _forget() -> None:
    """The script is made for one dossier a run and keeps what it has read; here it reads hundreds."""
    for keeping in (SCRIPT.Proof.told, SCRIPT.Proof.entry):
        keeping.cache_clear()


def read(path: Path) -> Files:
    """All files."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(files: Files, path: Path) -> Path:
    """A zip of these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def lines(files: Files) -> list[dict[str, Any]]:
    """The journal's rows with their bodies read."""
    rows = [json.loads(line) for line in files["journal.jsonl"].splitlines()]
    return [row | {"read": json.loads(row["body"])} for row in rows]


def canonical(value: Any) -> bytes:
    """Canonical JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def relist(files: Files) -> Files:
    """The attacker's manifest: every size and digest made right again, the journal's head too."""
    manifest = json.loads(files["manifest.json"])
    listed = {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for name, data in files.items() if name != "manifest.json"
    }
    rows = lines(files)
    head = f"{rows[-1]['read']['chain']}#{rows[-1]['read']['seq']}#{rows[-1]['hash']}"
    return files | {"manifest.json": canonical(manifest | {"files": listed, "journal": head})}


def edit(files: Files, name: str, change: Callable[[Any], None]) -> Files:
    """One JSON file changed, the manifest made right."""
    found = json.loads(files[name])
    change(found)
    return relist(files | {name: canonical(found)})


def with_journal(files: Files, rows: list[dict[str, Any]]) -> Files:
    """The journal with these rows, the manifest made right."""
    text = b"".join(canonical({"body": row["body"], "hash": row["hash"]}) + b"\n" for row in rows)
    return relist(files | {"journal.jsonl": text})


def rechain(rows: list[dict[str, Any]], start: int = 0) -> list[dict[str, Any]]:
    """The rows hashed anew from a place on: places, links and hashes all right again."""
    done = rows[:start]
    for row in rows[start:]:
        body = row["read"] | {"seq": len(done) + 1, "prev": done[-1]["hash"] if done else "0" * 64}
        text = canonical(body)
        done.append({"body": text.decode(), "hash": hashlib.sha256(text).hexdigest(), "read": body})
    return done
