"""A real server of the site in a process of its own, with its own database and files, ended by its process id."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


def environment(folder: Path) -> dict[str, str]:
    """The settings of a demo server that keeps everything it writes in `folder`, and runs the source beside these tests wherever they lie."""
    own = {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    return {**os.environ, **own, "ZHIHENG_VAR": str(folder), "ZHIHENG_DATABASE_URL": "", "ZHIHENG_DEMO": "1", "ZHIHENG_DEBUG": "0"}


def manage(folder: Path, *arguments: str) -> None:
    """Run manage.py for that server; its output is shown when it fails."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment(folder), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def command(folder: Path, *arguments: str) -> None:
    """Run zhiheng's own command line for that server."""
    program = [sys.executable, "-c", "from zhiheng.faces.cli.main import run; run()", *arguments]
    done = subprocess.run(program, cwd=ROOT, env=environment(folder), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def install(folder: Path, installed: Path) -> None:
    """Put what the fixture `installed` made, an empty database and the front-end files, where that server looks for them."""
    shutil.copytree(installed, folder, dirs_exist_ok=True)


def free_port() -> int:
    """A loopback port that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Within the block the site is served; yields its address."""
    port = free_port()
    granian = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen([*granian, "config.wsgi:application"], cwd=ROOT, env=environment(folder), stdout=log, stderr=log)
        try:
            _wait(process, port, folder / "server.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Until the server answers /health; what it wrote is shown when it ends or stays silent."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            try:
                process.wait(timeout=0.1)  # not listening yet: look again unless it has ended
            except subprocess.TimeoutExpired:
                continue
            break
        finally:
            connection.close()
    raise AssertionError(log.read_text(errors="replace"))


@contextmanager
def showing(folder: Path, installed: Path, made: str) -> Iterator[str]:
    """Within the block a fresh site is served that this Python has filled; yields its address."""
    install(folder, installed)
    manage(folder, "shell", "--verbosity", "0", "--command", made)
    with serving(folder) as address:
        yield address
