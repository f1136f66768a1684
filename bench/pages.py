"""How quickly the working pages answer, over real HTTP, signed in: an expert's home, a review page, a submitted review, the list of 500.

Run by hand: .venv/bin/python bench/pages.py [--postgresql URL]. Beside ours, in the same run, stands a bare signed-in Django view. Medians
in milliseconds, with one client and with eight. Goals are the figures of the best open peer on this class of machine; the exit code is 1
when one is missed.
"""

import argparse
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
GOALS = {"home": (20.5, 60.0), "review page": (17.5, 48.0), "submit": (9.8, 37.0), "list of 500": (50.7, 155.0), "bare view": (None, None)}
TIMES = 120
CSRF = "c" * 32
LENGTH = re.compile(rb"(?i)content-length: (\d+)")
Request = Callable[["Line"], float]


class Line:
    """A kept connection that reads no more of an answer than it must: the clients sit on the cores of the server that is measured."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)

    def ask(self, method: str, path: str, session: str, body: str = "", want: int = 200) -> tuple[float, bytes]:
        """One request: seconds and the answer's body. Raises AssertionError on another status than wanted."""
        typed = "Content-Type: application/x-www-form-urlencoded\r\n" if body else ""
        cookies = f"Cookie: sessionid={session}; csrftoken={CSRF}\r\n"
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{cookies}{typed}Content-Length: {len(body)}\r\n\r\n"
        start = time.perf_counter()
        self.socket.sendall(f"{head}{body}".encode())
        known = b""
        while (end := known.find(b"\r\n\r\n")) < 0:
            known += self._more()
        length = int(LENGTH.search(known, 0, end)[1])  # type: ignore[index]
        parts, left = [known], end + 4 + length - len(known)
        while left > 0:
            parts.append(self._more())
            left -= len(parts[-1])
        seconds = time.perf_counter() - start
        content = b"".join(parts)
        assert int(content[9:12]) == want, (path, content[:500])
        return seconds, content[end + 4 :]

    def _more(self) -> bytes:
        found = self.socket.recv(1 << 17)
        assert found, "the server hung up"
        return found


def measure(port: int, requests: list[Request], clients: int) -> float:
    """The median of the requests in milliseconds, shared out among so many clients."""

    def one(mine: list[Request]) -> list[float]:
        line = Line(port)
        return [request(line) for request in mine]

    with ThreadPoolExecutor(clients) as pool:
        found = [seconds for times in pool.map(one, [requests[n::clients] for n in range(clients)]) for seconds in times]
    return statistics.median(found) * 1000


def plans(port: int, world: dict[str, Any]) -> dict[str, Callable[[int], list[Request]]]:
    """Page → the requests of a run. Each submission is another sheet, so none is sent twice."""
    experts = list(world["experts"].values())
    left = [(expert["session"], code) for place in range(15) for expert in experts for code in expert["codes"][place : place + 1]]

    def get(session: str, path: str) -> Request:
        return lambda line: line.ask("GET", path, session)[0]

    def submit(session: str, code: str) -> Request:
        body = urlencode(sheet(port, session, code))
        return lambda line: line.ask("POST", f"/desk/review/{code}/", session, body, 303)[0]

    def submissions(times: int) -> list[Request]:
        return [submit(*left.pop()) for _ in range(times)]

    return {
        "bare view": lambda n: [get(experts[i % 50]["session"], "/bare/") for i in range(n)],
        "home": lambda n: [get(experts[i % 50]["session"], "/desk/") for i in range(n)],
        "review page": lambda n: [get(e["session"], f"/desk/review/{e['codes'][i % 7]}/") for i in range(n) for e in [experts[i % 50]]],
        "submit": submissions,
        "list of 500": lambda n: [get(world["office"], "/desk/entries/?page_size=500") for _ in range(n)],
    }


def sheet(port: int, session: str, code: str) -> dict[str, str]:
    """A whole sheet for an entry, as its page asks for it."""
    page = Line(port).ask("GET", f"/desk/review/{code}/", session)[1].decode()
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    fields |= dict.fromkeys(re.findall(r'<select[^>]* name="([^"]+)"', page), "60")
    return {**fields, "csrfmiddlewaretoken": CSRF, "step": "confirm"}


@contextmanager
def serving(environment: dict[str, str], port: int) -> Iterator[None]:
    """The server as `make run` starts it."""
    code = "from config import server; server.serve()"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment)
    try:
        for _ in range(600):
            try:
                line = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
                line.request("GET", "/health")
                if line.getresponse().status == 200:
                    break
            except OSError:
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(30)


def run(name: str, database: str) -> bool:
    """One table; whether every goal was met."""
    with tempfile.TemporaryDirectory() as scratch, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environment = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "bench.pages_site.settings",
            "ZHIHENG_DATABASE_URL": database or f"sqlite:///{scratch}/db.sqlite3",
            "ZHIHENG_VAR": scratch, "ZHIHENG_DEMO": "0", "ZHIHENG_WORKER": "0",
            "ZHIHENG_PORT": str(port), "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
        }  # fmt: skip
        manage = [sys.executable, "manage.py"]
        subprocess.run([*manage, "migrate", "--noinput", "-v0"], cwd=ROOT, env=environment, check=True)
        subprocess.run([*manage, "collectstatic", "--noinput", "-v0"], cwd=ROOT, env=environment, check=True)
        code = "import json; from bench.pages_site.world import build; print(json.dumps(build()))"
        made = subprocess.run([*manage, "shell", "-v0", "-c", code], cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
        world = json.loads(made.stdout.strip().splitlines()[-1])
        with serving(environment, port):
            return table(name, port, world)


def table(name: str, port: int, world: dict[str, Any]) -> bool:
    """Measures and prints."""
    good = True
    print(f"{name:<14}{'1 client':>10}{'goal':>8}{'8 clients':>12}{'goal':>8}")
    for page, plan in plans(port, world).items():
        measure(port, plan(24), 4)  # both processes have their templates and packs read
        one, eight = measure(port, plan(TIMES), 1), measure(port, plan(TIMES), 8)
        first, second = GOALS[page]
        good &= (first is None or one <= first) and (second is None or eight <= second)
        print(f"{page:<14}{one:>10.1f}{first or '':>8}{eight:>12.1f}{second or '':>8}", flush=True)
    return good


def main() -> int:
    """SQLite, then PostgreSQL where its address is given. The database named there is emptied."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgresql", default="", help="postgresql://… : an empty database")
    asked = parser.parse_args()
    good = run("SQLite", "")
    if asked.postgresql:
        print()
        good &= run("PostgreSQL", asked.postgresql)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
