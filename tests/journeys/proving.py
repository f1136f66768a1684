"""The proof at a journey's end: the journal checked in the browser, the dossier taken and proved by its own script (L3)."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.journeys.stage import Actor


def prove(actor: Actor, folder: Path, year: int) -> list[str]:
    """L3: the inspector verifies the journal with all files, the office takes the dossier, and a stranger's Python proves it.

    The lines of what the script said.
    """
    actor.become("inspector")
    actor.open("/desk/journal/verify/")
    actor.page.locator('main [name="files"]').check()
    actor.press(actor.page.get_by_role("button", name="开始核验"))
    assert actor.page.locator("#result").inner_text() == "日志完整，未被改动"
    actor.become("office")
    actor.open(f"/desk/cycles/{year}/files/")
    with actor.page.expect_download() as taken:
        actor.page.get_by_role("button", name="导出评审档案").click()
    archive = folder / "dossier.zip"
    taken.value.save_as(archive)
    with zipfile.ZipFile(archive) as files:
        files.extract("verify.py", folder)
    command = [sys.executable, "-I", str(folder / "verify.py"), str(archive)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[-1] == "结论：全部无误"
    return lines
