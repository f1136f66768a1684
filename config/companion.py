"""Beside the web server: ``python -m config.companion`` runs ``manage.py worker`` and starts it again when it dies.

It ends with the process that started it, however that ends, and its worker ends with it.
"""

import os
import signal
import subprocess
import sys
import threading

LOOK = 0.5  # seconds
PAUSE = 2.0  # before a worker that died is started again
PATIENCE = 10  # for a task in hand when told to stop
WORKER = (sys.executable, "-m", "django", "worker", "--with-parent")


def start() -> subprocess.Popen[bytes]:
    """Start the companion of this process."""
    return subprocess.Popen([sys.executable, "-m", "config.companion"])


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop a companion, in order if it can be."""
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()


def keep() -> None:
    """Keep one worker running until told to stop, or until who started us is gone."""
    parent, told = os.getppid(), threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: told.set())
    while not told.is_set() and os.getppid() == parent:
        worker = subprocess.Popen(WORKER)
        while worker.poll() is None and not told.wait(LOOK) and os.getppid() == parent:
            pass
        if worker.poll() is None:
            stop(worker)
            return
        told.wait(PAUSE)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    keep()
