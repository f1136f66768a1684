"""Garbage and hostile archives: the script says what is wrong, leaves with 1, and touches nothing."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.process.dossier.tools import SCRIPT, prove, read, relist, write
from zhiheng.process.dossier import VERIFIER

pytestmark = pytest.mark.django_db  # the played cycle needs the database, even where the test itself does not


def run(*arguments: str, cwd: Path | None = None, script: Path = VERIFIER) -> subprocess.CompletedProcess[str]:
    """The script as a stranger starts it."""
    return subprocess.run([sys.executable, "-I", str(script), *arguments], capture_output=True, text=True, cwd=cwd, check=False)


@pytest.mark.duty("L3")
def test_as_a_stranger_runs_it(whole: Path, tmp_path: Path) -> None:
    done = run(str(whole))
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1] == "结论：全部无误"
    assert "不符 1" not in done.stdout
    with zipfile.ZipFile(whole) as archive:
        archive.extractall(tmp_path / "unpacked")
    inside = run(cwd=tmp_path / "unpacked", script=tmp_path / "unpacked" / "verify.py")
    assert inside.returncode == 0, inside.stdout
    told = json.loads(run(str(whole), "--json").stdout)
    assert told["ok"] is True
    assert [check["faults"] for check in told["checks"] if check["faults"]] == []
    assert all(check["count"] for check in told["checks"][:-1])
    (tmp_path / "unpacked" / "ledger.json").write_text("[]")
    changed = run("--json", cwd=tmp_path / "unpacked", script=tmp_path / "unpacked" / "verify.py")
    assert changed.returncode == 1
    assert {fault["file"] for check in json.loads(changed.stdout)["checks"] for fault in check["faults"]} >= {
        "ledger.json",
        "certificates.json",
    }


def test_a_head_published_elsewhere(whole: Path) -> None:
    head = json.loads(read(whole)["manifest.json"])["journal"]
    assert run(str(whole), "--head", head).returncode == 0
    assert run(str(whole), "--head", head[:-1] + ("0" if head[-1] != "0" else "1")).returncode == 1
    assert run(str(whole), "--head", "nonsense").returncode == 1


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 nothing", b"\x00" * 5000, b"not a zip", json.dumps([1]).encode()],
    ids=["empty", "header", "zeros", "text", "json"],
)
def test_garbage(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "dossier.zip"
    path.write_bytes(data)
    done = run(str(path))
    assert done.returncode == 1
    assert "不能读取" in done.stdout
    assert done.stderr == ""
    assert run(str(tmp_path / "missing.zip")).returncode == 1


def test_an_empty_zip_and_an_empty_folder(tmp_path: Path) -> None:
    path = write({}, tmp_path / "dossier.zip")
    (tmp_path / "empty").mkdir()
    for found in (run(str(path)), run(str(tmp_path / "empty"))):
        assert found.returncode == 1
        assert found.stderr == ""


@pytest.mark.parametrize(
    "name", ["../escape.json", "/etc/escape.json", "a\\..\\b.json", "draws/../../x.json", "x\u202egnp.json", "nul\u0000.json", "draws/"]
)
def test_names_that_lead_out(whole: Path, tmp_path: Path, name: str) -> None:
    files = read(whole)
    path = tmp_path / "dossier.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for known, data in files.items():
            archive.writestr(known, data)
        archive.writestr(zipfile.ZipInfo(name), b"[]")
    before = sorted(p.name for p in tmp_path.rglob("*"))
    assert prove(path) != []
    assert sorted(p.name for p in tmp_path.rglob("*")) == before


def test_two_files_of_one_name(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "dossier.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in read(whole).items():
            archive.writestr(name, data)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("ledger.json", b"[]")
    assert any("重名" in fault.text for fault in prove(path))


def test_a_bomb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "dossier.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("sheets.json", "w") as out:
        for _ in range(SCRIPT.LIMIT // 2**24 + 1):
            out.write(b" " * 2**24)
    assert path.stat().st_size < 2**21
    assert any("上限" in fault.text for fault in prove(path))


def test_a_member_larger_than_it_says(whole: Path, tmp_path: Path) -> None:
    """The central directory lies about a size: no more is read than it says, and the manifest finds it."""
    path = tmp_path / "dossier.zip"
    write(read(whole), path)
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("sheets.json").file_size.to_bytes(4, "little")
    start = data.rindex(b"PK\x01\x02", 0, data.rindex(b"sheets.json"))
    path.write_bytes(data[: start + 24] + (5).to_bytes(4, "little") + data[start + 28 :])
    assert size != (5).to_bytes(4, "little")
    assert any(fault.file == "sheets.json" for fault in prove(path))


def test_too_many_files(tmp_path: Path) -> None:
    path = write({f"f{number}.json": b"[]" for number in range(SCRIPT.FILES + 1)}, tmp_path / "dossier.zip")
    assert any("上限" in fault.text for fault in prove(path))


def test_encrypted_members_are_named(whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "dossier.zip"
    write(read(whole), path)
    data = bytearray(path.read_bytes())
    start = data.rindex(b"PK\x01\x02", 0, data.rindex(b"ledger.json"))
    data[start + 8] |= 1
    path.write_bytes(bytes(data))
    assert any(fault.file == "ledger.json" for fault in prove(path))


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b'{"a": 1e999999999}',
        b'{"a": ' + b"9" * 6000 + b"}",
        b"\xff\xfe\x00",
        b'[null, 1, "x", [], {}]',
        b'[{"at": null, "entry": []}]',
        b"{}",
        b"null",
        b"NaN",
    ],
    ids=["deep", "huge number", "long number", "no text", "mixed", "wrong kinds", "object", "null", "nan"],
)
@pytest.mark.parametrize(
    "name", ["sheets.json", "draws/material-1.json", "pack.json", "notices.json", "manifest.json", "journal.jsonl", "calendar.json"]
)
def test_a_file_with_anything_in_it(whole: Path, tmp_path: Path, name: str, data: bytes) -> None:
    """Never a crash: faults, each with its file."""
    files = read(whole) | {name: data}
    if name not in {"journal.jsonl", "manifest.json"}:
        files = relist(files)
    found = prove(write(files, tmp_path / "dossier.zip"))
    assert found
    assert all(fault.duty and fault.file and fault.record and fault.text for fault in found)


def test_every_file_missing_in_turn(whole: Path, tmp_path: Path) -> None:
    files = read(whole)
    for name in files:
        left = {known: data for known, data in files.items() if known != name}
        if name not in {"manifest.json", "journal.jsonl"}:
            left = relist(left)
        found = prove(write(left, tmp_path / "dossier.zip"))
        assert any(fault.file == name or (fault.file == "draws.json" and name.startswith("draws/")) for fault in found), name
