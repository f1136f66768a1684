"""A database that is away: 503 in Chinese with Retry-After, on every page, without a trace (X2). The real thing, in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.faces.public.data import ROOT

ASK = """
import json
from django.test import Client
client = Client(raise_request_exception=False)
answers = {}
for path in ["/", "/notices/", "/winners/", "/rules/", "/certificates/?number=1", "/entries/2026-Z-0001/", "/health", "/nothing"]:
    response = client.get(path, HTTP_HOST="127.0.0.1")
    answers[path] = [response.status_code, response.headers.get("Retry-After"), response.headers.get("Content-Security-Policy"), response.text]
print(json.dumps(answers))
"""


def ask(folder: Path, demo: str) -> dict[str, list[str]]:
    environment = {
        **os.environ,
        "ZHIHENG_VAR": str(folder),
        "ZHIHENG_DEBUG": "1",
        "ZHIHENG_DEMO": demo,
        "ZHIHENG_LOG_LEVEL": "CRITICAL",
        "ZHIHENG_DATABASE_URL": f"sqlite:///{folder}/away/zhiheng.sqlite3",
    }
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", ASK]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=120)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_outage_is_told_on_every_page(tmp_path: Path) -> None:
    for demo in ("0", "1"):
        answers = ask(tmp_path, demo)
        nothing = answers.pop("/nothing")
        assert nothing[0] == (503 if demo == "1" else 404)
        for path, (status, retry, policy, text) in answers.items():
            assert (status, retry) == (503, "2"), path
            assert "暂时无法读取数据" in text
            assert "sqlite" not in text.lower()
            assert "Traceback" not in text
            assert policy
